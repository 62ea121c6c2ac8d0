# The commands of the project; `make help` lists them. Needs Python 3.11 or later, and make.

PORT ?= 8000
PYTHON := $(or $(PYTHON),$(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done))
PY := .venv/bin/python
PYTEST_ARGS ?=
VNU := 26.9.27

# The production environment of the README, for `check --deploy`.
PRODUCTION := SITE_URL=https://statements.example.org ALLOWED_HOSTS=statements.example.org \
	DATABASE_URL=postgres://onrecord:password@localhost/onrecord EMAIL_URL=submission://onrecord:password@localhost \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')
# A key for the checks alone; the site's own is made by `make run`, or by its operator.
CHECK_KEY := SIGNING_KEY_FILE=$(CURDIR)/var/check/signing_key.pem

DJADE = git ls-files 'templates/admin/*.html' | xargs .venv/bin/djade --target-version 5.2
DJHTML = git ls-files 'templates/admin/*.html' 'templates/registration/*.html' | xargs .venv/bin/djhtml --tabwidth 2

.DEFAULT_GOAL := help
.PHONY: help run test test-postgres test-browser test-nightly coverage html-checker check format bench clean
.PHONY: python port key database demo

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: port .venv/installed database var/static-collected demo ## the site with sample data or your own, on PORT (8000)
	@SITE_URL=$${SITE_URL:-http://127.0.0.1:$(PORT)} $(PY) config/serve.py $(PORT)

test: .venv/installed-dev ## the tests, on SQLite
	@$(PY) -X dev -m pytest -n auto -m 'not browser' $(PYTEST_ARGS)

test-postgres: .venv/installed-dev ## the same tests, on a PostgreSQL cluster of their own
	@tests/with_postgres.sh $(PY) -m pytest -n auto -m 'not browser' $(PYTEST_ARGS)

test-browser: .venv/installed-dev ## the tests in a browser; without Chromium they fail
	@REQUIRE_BROWSER=1 $(PY) -m pytest -n auto -m browser $(PYTEST_ARGS)

test-nightly: .venv/installed-dev ## the tests with long searches for counterexamples (an hour or more)
	@HYPOTHESIS_PROFILE=nightly $(PY) -X dev -m pytest -n auto -m 'not browser' --timeout 7200 $(PYTEST_ARGS)

coverage: .venv/installed-dev ## the tests with their coverage; workflow and audit must be covered whole
	@$(PY) -m pytest -n auto -m 'not browser' -q --cov --cov-report=term:skip-covered $(PYTEST_ARGS)
	@$(PY) -m coverage report --include='statements/workflow/*,statements/audit/*' --fail-under=100

html-checker: var/node_modules/vnu-jar ## install the Nu HTML checker for the tests; needs npm and java

check: .venv/installed-dev ## style, templates, types, imports, migrations, production settings
	@echo 'Style: ruff check'
	@$(PY) -m ruff check . || { echo 'Correct the lines above; “make format” corrects what it can.'; exit 1; }
	@echo 'Format: ruff format'
	@$(PY) -m ruff format --check . || { echo 'Run “make format”.'; exit 1; }
	@echo 'Templates: djade, djhtml'
	@$(DJADE) --check && $(DJHTML) --check || { echo 'Run “make format”.'; exit 1; }
	@echo 'Types: mypy'
	@$(PY) -m mypy
	@echo 'Imports: import-linter'
	@.venv/bin/lint-imports
	@echo 'Migrations: makemigrations --check'
	@$(CHECK_KEY) $(PY) manage.py create_signing_key --if-missing
	@$(CHECK_KEY) $(PY) manage.py makemigrations --check --dry-run || { echo 'Run “$(PY) manage.py makemigrations” and keep what it wrote.'; exit 1; }
	@echo 'Production settings: check --deploy'
	@$(CHECK_KEY) $(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

format: .venv/installed-dev ## put Python files and templates in shape
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@$(DJADE) || true
	@$(DJHTML) || true

bench: .venv/installed-dev key ## measure the budgets of the design
	@$(PY) -m bench

clean: ## delete the virtual environment and the collected files; the database stays
	rm -rf .venv var/static var/static-collected

# --- Steps ----------------------------------------------------------------------------------------

python:
	@test -n '$(PYTHON)' || { echo 'No Python 3.11 or later was found: install one, or say where one is: make run PYTHON=/path/to/python3'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(PYTHON) is not Python 3.11 or later: make run PYTHON=/path/to/a/newer/python3'; exit 1; }

port: python
	@$(PYTHON) config/serve.py --check $(PORT)

.venv/bin/python: | python
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv'; exit 1; }
	@echo 'Making a virtual environment in .venv'
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo 'Installing what the product needs'
	@$(PY) -m pip install --disable-pip-version-check -r requirements.txt || { echo 'The packages could not be installed: is a package index reachable? Then run this again.'; exit 1; }
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed | .venv/bin/python
	@echo 'Installing what the tests and checks need'
	@$(PY) -m pip install --disable-pip-version-check -r requirements-dev.txt || { echo 'The packages could not be installed: is a package index reachable? Then run this again.'; exit 1; }
	@touch $@

key: .venv/installed
	@$(PY) manage.py create_signing_key --if-missing

database: key
	@echo 'Preparing the database'
	@$(PY) manage.py migrate || { echo 'The database could not be prepared, for the reason above.'; exit 1; }

demo: database
	@SITE_URL=$${SITE_URL:-http://127.0.0.1:$(PORT)} $(PY) manage.py start_newsdesk || { echo 'The newsdesk could not be prepared, for the reason above.'; exit 1; }

var/node_modules/vnu-jar:
	@echo 'Installing the Nu HTML checker'
	@mkdir -p var
	@npm install --prefix var --no-save --no-audit --no-fund --loglevel=error vnu-jar@$(VNU)

var/static-collected: $(shell find static -type f 2>/dev/null) .venv/installed
	@echo 'Collecting style sheets and scripts'
	@$(PY) manage.py collectstatic --noinput
	@touch $@
