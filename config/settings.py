"""Read the settings from the environment. Every variable has a safe default.

config/environment.py checks each value at start. An https SITE_URL makes an installation public:
it turns on secure cookies, HSTS and the redirect to https, and refuses DEBUG.
"""

from datetime import timedelta
from email.utils import formataddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from environs import EnvError

from config.environment import env, load_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # all files that the product writes on this machine
VAR_DIR.mkdir(exist_ok=True)

# --- The site -------------------------------------------------------------------------------------

SITE_NAME: str = env.text("SITE_NAME", "On the Record")
SITE_URL: str = env.site_url("SITE_URL", "http://localhost:8000")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
HTTPS = SITE_URL.startswith("https://")

DEBUG: bool = env.boolean("DEBUG", default=False)
if DEBUG and HTTPS:
    raise EnvError(
        'Environment variable "DEBUG" invalid: it is true while SITE_URL is https, and would show '
        "this site’s settings to its readers; write DEBUG=false, or an http SITE_URL to develop."
    )

ALLOWED_HOSTS: list[str] = env.hosts(
    "ALLOWED_HOSTS", SITE_HOST if HTTPS else f"{SITE_HOST},localhost,127.0.0.1,[::1]"
)
if SITE_HOST not in ALLOWED_HOSTS and not SITE_HOST.endswith(
    tuple(name for name in ALLOWED_HOSTS if name.startswith("."))
):
    raise EnvError(
        f'Environment variable "ALLOWED_HOSTS" invalid: SITE_URL’s host {SITE_HOST} is missing; '
        f"write ALLOWED_HOSTS={','.join([SITE_HOST, *ALLOWED_HOSTS])}"
    )

SECRET_KEY_IS_GENERATED = not (given_key := env.secret_key("SECRET_KEY", None))
SECRET_KEY: str = given_key or load_secret_key(VAR_DIR / "secret_key")

# The private key that signs the record. Its folder also has the secret of keyed hashes and the
# list of public keys; see statements/integrity/keys.py.
SIGNING_KEY_FILE: str = env.file_path("SIGNING_KEY_FILE", str(VAR_DIR / "keys/signing_key.pem"))

# --- Apps, middleware and templates ---------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "organisations",
    "statements",
    "archive",
    "statements.newsdesk.apps.NewsdeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "taggit",
]
MIDDLEWARE = [
    "statements.caching.page_cache.PublicResponseMiddleware",  # first: it needs the whole response
    # Before SecurityMiddleware, so that a redirect to https and a refused host have them too.
    "config.security.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.sessions.AdminSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.sessions.AbsoluteSessionTimeout",
    "django.contrib.messages.middleware.MessageMiddleware",
    "archive.redirects.LegacyRedirectMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it replaces the response of a failed sign-in
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {"environment": "statements.public.jinja2.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"list_cells": "statements.newsdesk.list_cells"},
        },
    },
]

# --- Database -------------------------------------------------------------------------------------

DATABASE: dict[str, Any] = env.database("DATABASE_URL", f"sqlite:///{VAR_DIR}/onrecord.sqlite3")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["NAME"] = BASE_DIR / DATABASE["NAME"]  # a relative path means: within the project
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # takes the lock at BEGIN; a later upgrade cannot wait
        "timeout": 20,  # seconds that a writer waits for another writer
        # Readers go on while one connection writes. `synchronous` stays FULL: a release survives a
        # power failure. What is deleted is overwritten with zeros.
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON",
    }
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The size of the cache of rendered public pages, in bytes for each process; 0 turns it off.
PAGE_CACHE_BYTES: int = env.integer("PAGE_CACHE_MB", "32", minimum=0, maximum=4096) * 1_000_000

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE: str = env.time_zone("TIME_ZONE", "Europe/London")
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]  # what Django says, in the words of the newsdesk

# --- E-mail ---------------------------------------------------------------------------------------

EMAIL_SETTINGS: dict[str, Any] = env.mail_server("EMAIL_URL", "console:")
EMAIL_BACKEND = EMAIL_SETTINGS["EMAIL_BACKEND"]
EMAIL_FILE_PATH = EMAIL_SETTINGS.get("EMAIL_FILE_PATH")
EMAIL_HOST = EMAIL_SETTINGS.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_SETTINGS.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_SETTINGS.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_SETTINGS.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_SETTINGS.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_SETTINGS.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = EMAIL_SETTINGS["EMAIL_TIMEOUT"]
DEFAULT_FROM_EMAIL: str = env.mailbox("DEFAULT_FROM_EMAIL", "") or formataddr(
    (SITE_NAME, f"no-reply@{SITE_HOST}")
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ANCHOR_EMAIL: str = env.mailbox("ANCHOR_EMAIL", "")  # receives the daily seal; empty: nobody

# The time-stamping authority that dates each seal (RFC 3161), and its certificates in PEM.
TIMESTAMP_URL: str = env.web_address("TIMESTAMP_URL", "")
TIMESTAMP_CA_FILE: str = env.file_path("TIMESTAMP_CA_FILE", "", may_be_empty=True)
if TIMESTAMP_URL and not TIMESTAMP_CA_FILE:
    raise EnvError(
        'Environment variable "TIMESTAMP_CA_FILE" not set, while TIMESTAMP_URL is: '
        "no timestamp can be verified without the certificates of the authority; "
        "write the full path of their PEM file."
    )

# The contact in security.txt for reports of vulnerabilities; empty: there is no such file.
SECURITY_CONTACT: str = env.contact("SECURITY_CONTACT", "")

# --- Links in statements --------------------------------------------------------------------------

# If true, the worker checks the links of each submitted statement; if false, only on request.
CHECK_LINKS_ON_SUBMIT: bool = env.boolean("CHECK_LINKS_ON_SUBMIT", default=True)

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_files.ForgivingManifestStorage"
    },
}
# Attachments are in the default storage, which no web server serves directly.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a statement form has ten for each of up to 200 passages
MAX_UPLOAD_BYTES: int = env.integer("MAX_UPLOAD_MB", "25", minimum=1, maximum=500) * 1_000_000
MAX_IMAGE_PIXELS: int = (
    env.integer("MAX_IMAGE_MEGAPIXELS", "50", minimum=1, maximum=150) * 1_000_000
)
# Files to import are outside that storage, so that no address leads to them.
IMPORTS_DIR = VAR_DIR / "imports"
MAX_IMPORT_BYTES: int = env.integer("MAX_IMPORT_MB", "500", minimum=1, maximum=20_000) * 1_000_000
# The internal location of nginx for the storage; empty: this process sends the bytes.
FILES_INTERNAL_LOCATION: str = env.nginx_path("FILES_INTERNAL_LOCATION", "")
FILE_UPLOAD_HANDLERS = [
    "config.upload_handlers.MaxSizeUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # other sites do not need our static files

# How long backups, archived write-ahead logs and the files of replicas are kept, as the people who
# keep them say. The page of an erasure names the date by which they lapse.
BACKUP_DAYS: int = env.integer("BACKUP_DAYS", "30", minimum=1, maximum=3650)

# --- Signing in -----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses locked-out users
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# Cookies stay under /admin/: public pages set and receive none.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Not Strict: a person who follows a link in an e-mail would appear signed out.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 60 * 60  # seconds without a request
SESSION_SAVE_EVERY_REQUEST = True  # the hour counts from the last request
SESSION_ABSOLUTE_AGE = timedelta(hours=12)  # see config/sessions.py
CSRF_FAILURE_VIEW = "statements.newsdesk.lost_input.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Not in a cookie, which would be sent to every page.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # both: nobody can lock out somebody else
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a new attempt does not extend the wait
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "config.security.client_ip"
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True  # its table would keep IP addresses for ever
AXES_ENABLE_ADMIN = False  # not needed: a lock ends by itself
AXES_VERBOSE = False  # keep names and IP addresses out of the log

# --- Security headers -----------------------------------------------------------------------------

# If true, one proxy in front sets X-Forwarded-Proto and adds to X-Forwarded-For.
BEHIND_PROXY: bool = env.boolean("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# No includeSubDomains and preload: they bind other hosts, so the owner of the domain decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
STAFF_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "script-src": [SELF, NONCE],  # the editor’s import map is an inline script
    "frame-src": [SELF],  # the review page frames the public page
    "frame-ancestors": [SELF],
}

# --- Tasks and logging ----------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "preview_tokens": {"()": "config.security.RedactPreviewTokens"},
        "outages": {"()": "config.log_filters.ShortenOutages"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["outages", "preview_tokens"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # No handlers of its own: the root's logs each line once, also without DEBUG.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # It warns about the body of each HEAD response, which the server drops as it should.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
