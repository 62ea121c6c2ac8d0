"""Check that every response is right and in time under many readers, while the newsdesk works.

    tests/with_postgres.sh python -m bench.storm            60 seconds, 200 connections
    SECONDS=10 CONNECTIONS=50 … python -m bench.storm       less of both

nginx with its cache, two gunicorn processes, PostgreSQL. Readers request pages, lists, feeds,
sitemaps and searches as fast as possible, also at URLs that do not exist yet; the newsdesk
publishes, schedules, corrects and withdraws. Every text has its own mark, and a ledger records when
it was public (bench/ledger.py). Every response is compared with the ledger; exits with 1 if one was
wrong.
"""

import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import readers, serving
from bench.ledger import Ledger, format_table, judge_answers

SECONDS = int(os.environ.get("SECONDS", "60"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "200"))
INITIAL_STATEMENTS = 40
"""Statements that exist before the storm."""
PAUSE_SECONDS = 0.4
"""Between two decisions of the newsdesk."""


def main() -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Run it on a server of its own: tests/with_postgres.sh python -m bench.storm")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.introspection.table_names():
        sys.exit("That database is not empty: a storm fills one that it may throw away.")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    newsdesk = StormNewsdesk()
    for _ in range(INITIAL_STATEMENTS):
        newsdesk.release_now()
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        folder.chmod(0o755)
        site, front = serving.find_free_port(), serving.find_free_port()
        (folder / "nginx.conf").write_text(serving.make_nginx_configuration(folder, front, site))
        nginx = [
            serving.NGINX,
            "-p",
            str(folder),
            "-c",
            f"{folder}/nginx.conf",
            "-e",
            f"{folder}/errors",
        ]
        environment = {"SITE_URL": f"http://127.0.0.1:{front}"}
        with (
            (folder / "log").open("w") as log,
            serving.run_server(
                serving.make_gunicorn_command("config.wsgi", site), site, log=log, **environment
            ),
            serving.run_server(nginx, front),
        ):
            answers = run_storm(newsdesk, front)
        errors = (folder / "log").read_text().split(" ERROR ")[1:]
    report, wrong_count = judge_answers(answers, newsdesk.ledger)
    print(format_table(answers), report, *errors[:3], sep="\n\n")
    return 1 if wrong_count else 0


def run_storm(newsdesk: "StormNewsdesk", port: int) -> list[readers.ReaderAnswer]:
    max_number = INITIAL_STATEMENTS + int(SECONDS / PAUSE_SECONDS)
    readers_process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "bench.readers",
            *map(str, (port, CONNECTIONS, SECONDS, max_number)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    is_over = threading.Event()
    decisions = threading.Thread(target=newsdesk.make_decisions, args=[is_over])
    decisions.start()
    for second in range(SECONDS):
        time.sleep(1)
        sys.stderr.write(f"\r{second + 1} of {SECONDS} seconds, {newsdesk.decisions} decisions ")
    is_over.set()
    decisions.join()
    output, _ = readers_process.communicate()
    sys.stderr.write("\n")
    return [readers.ReaderAnswer(*row) for row in json.loads(output)]


class StormNewsdesk:
    """An author and an editor who decide something all the time and record it."""

    def __init__(self) -> None:
        from statements.models import Theme
        from tests.cast import make_user

        self.ann, self.ed = make_user("ann", "Author"), make_user("ed", "Editor")
        self.theme = Theme.objects.create(name="Weather", slug="weather")
        self.ledger, self.decisions = Ledger(), 0
        self.public_editions: list = []  # the oldest first
        self.rng = random.Random(26)

    def make_decisions(self, is_over: threading.Event) -> None:
        from django.db import connection

        actions = [self.release_now, self.schedule, self.correct, self.correct_later]
        actions += [self.withdraw_gone, self.withdraw_with_notice, self.hold]
        while not is_over.wait(PAUSE_SECONDS):
            self.rng.choice(actions)()
            self.decisions += 1
        connection.close()

    def release_now(self) -> None:
        edition, at = self._submit_new(), _now()
        self._release(edition, at=at, release_at=at)

    def schedule(self) -> None:
        self._release(self._submit_new(), at=(at := _soon()), release_at=at)

    def hold(self) -> None:
        """Approve an edition and put it on hold: it must never be public."""
        from tests.cast import approve_edition

        approve_edition(self._submit_new(), by=self.ed, at=_now(), release_at=None)

    def correct(self) -> None:
        if edition := self._pop_oldest():
            at = _now()
            self._release(
                self._submit_correction(edition, at), at=at, release_at=at, instead_of=edition
            )

    def correct_later(self) -> None:
        if edition := self._pop_oldest():
            at = _soon()
            later = self._submit_correction(edition, _now())
            self._release(later, at=at, release_at=at, instead_of=edition)

    def withdraw_gone(self) -> None:
        self._withdraw("gone")

    def withdraw_with_notice(self) -> None:
        self._withdraw("notice")

    def _withdraw(self, kind: str) -> None:
        from statements import workflow
        from tests.cast import refetch_edition

        if edition := self._pop_oldest():
            at, notice = _now(), "The wind took it."
            workflow.withdraw(refetch_edition(edition), by=self.ed, at=at, kind=kind, notice=notice)
            self.ledger.record_end(_find_mark(edition), at, known=_now(), how=kind)

    def _pop_oldest(self):
        """Return the oldest edition that has been public for a second or more."""
        for position, edition in enumerate(self.public_editions):
            if edition.is_released(_now() - dt.timedelta(seconds=1)):
                return self.public_editions.pop(position)
        return None

    def _submit_new(self):
        from tests.cast import make_statement, submit_statement

        number = len(self.ledger.statements)
        mark = self.ledger.add_mark(number)
        text = f"We welcome the storm. {mark}"
        statement = make_statement(
            self.ann, f"Storm {number} {mark}", words=text, slug=readers.make_slug(number)
        )
        statement.themes.add(self.theme)
        return submit_statement(statement, by=self.ann, at=_now())

    def _submit_correction(self, edition, at: dt.datetime):
        from tests.cast import rewrite_passage, submit_statement

        mark = self.ledger.add_mark(readers.parse_number(edition.slug))
        statement = rewrite_passage(edition.statement, f"We welcome the calm. {mark}", by=self.ann)
        headline = re.sub(r"storm\d+x\d+", mark, edition.headline)
        type(statement).objects.filter(pk=statement.pk).update(headline=headline)
        change = {"amendment": "correction", "public_note": "It was calm."}
        return submit_statement(statement, by=self.ann, at=at, **change)

    def _release(self, edition, *, at: dt.datetime, release_at: dt.datetime, instead_of=None):
        from tests.cast import approve_edition

        edition = approve_edition(edition, by=self.ed, at=at, release_at=release_at)
        known = _now()
        self.ledger.record_release(_find_mark(edition), release_at, known=known)
        if instead_of:
            self.ledger.record_end(_find_mark(instead_of), release_at, known=known, how="corrected")
        self.public_editions.append(edition)


def _find_mark(edition) -> str:
    return re.findall(r"storm\d+x\d+", edition.headline)[0]


def _now() -> dt.datetime:
    from statements import clock

    return clock.now()


def _soon() -> dt.datetime:
    """Return a whole second, three to four seconds from now."""
    return _now().replace(microsecond=0) + dt.timedelta(seconds=4)


if __name__ == "__main__":
    sys.exit(main())
