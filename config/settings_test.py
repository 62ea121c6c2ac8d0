"""The settings of the test suite."""

import atexit
import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path

# The developer's own environment decides only the database.
for name in (
    "ALLOWED_HOSTS",
    "ANCHOR_EMAIL",
    "BACKUP_DAYS",
    "BEHIND_PROXY",
    "CHECK_LINKS_ON_SUBMIT",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "FILES_INTERNAL_LOCATION",
    "PAGE_CACHE_MB",
    "MAX_UPLOAD_MB",
    "MAX_IMPORT_MB",
    "MAX_IMAGE_MEGAPIXELS",
    "SECURITY_CONTACT",
    "SIGNING_KEY_FILE",
    "SITE_NAME",
    "SITE_URL",
    "TIMESTAMP_CA_FILE",
    "TIMESTAMP_URL",
    "TIME_ZONE",
):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only for tests, where there is nothing to keep secret"

from config.settings import *  # noqa: E402, F403  (usual in a settings file)
from statements.integrity.key_rotation import create_keys  # noqa: E402  (needs no settings)

_keys_folder = tempfile.mkdtemp(prefix="onrecord-keys-")
atexit.register(shutil.rmtree, _keys_folder, ignore_errors=True)
SIGNING_KEY_FILE = f"{_keys_folder}/signing_key.pem"
create_keys(Path(SIGNING_KEY_FILE), at=dt.datetime.now(dt.UTC))

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; no real passwords
STORAGES["staticfiles"] = {  # noqa: F405  (from the star) needs no collectstatic
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
STORAGES["default"] = {  # noqa: F405  (from the star) no test leaves a file
    "BACKEND": "django.core.files.storage.InMemoryStorage"
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # serve from the source folders
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # no worker
PAGE_CACHE_BYTES = (
    0  # only tests with the fixture `kept_pages` cache pages; others see the full cost of each
)
CHECK_LINKS_ON_SUBMIT = False  # no test uses the network
DATABASE["CONN_MAX_AGE"] = 0  # noqa: F405  a thread of the live server keeps no connection for later
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # In a file: a browser asks on while its test works, and one in memory has one connection for
    # both. What survives a crash does not matter here, and waiting for the disk does.
    DATABASE["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}  # noqa: F405
    DATABASE["OPTIONS"]["init_command"] += "; PRAGMA synchronous = OFF"  # noqa: F405
