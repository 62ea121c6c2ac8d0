"""Parsers that check the value of each environment variable.

An EnvError names the variable and says what is wrong and what to write. It never repeats a value
that can hold a password (DATABASE_URL, EMAIL_URL, SECRET_KEY).
"""

import os
import re
import secrets
import zoneinfo
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from environs import Env, EnvError

SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAIL_SCHEMES: dict[str, dict[str, Any]] = {
    "smtp": {"EMAIL_BACKEND": SMTP, "EMAIL_PORT": 25},
    "submission": {"EMAIL_BACKEND": SMTP, "EMAIL_PORT": 587, "EMAIL_USE_TLS": True},
    "smtps": {"EMAIL_BACKEND": SMTP, "EMAIL_PORT": 465, "EMAIL_USE_SSL": True},
    "console": {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    "file": {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"},
}
# A leading dot, as in .example.org, means every host below it.
HOST_PATTERN = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")

env = Env()


# environs has parsers called bool, int and str; their messages do not say what to write.
@env.parser_for("boolean")
def boolean(value: str | bool) -> bool:
    match str(value).strip().lower():
        case "true" | "yes" | "on" | "1":
            return True
        case "false" | "no" | "off" | "0":
            return False
    raise EnvError(f"it is “{value}”, which is neither true nor false; write true or false.")


@env.parser_for("text")
def text(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise EnvError("it must be one line of text; write a name, or remove the variable.")
    return value.strip()


@env.parser_for("integer")
def integer(value: str, *, minimum: int, maximum: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
        raise EnvError(f"it is “{value}”; write a whole number from {minimum} to {maximum}.")
    return int(value)


@env.parser_for("nginx_path")
def nginx_path(value: str) -> str:
    """Return a path that starts and ends with a slash, or ""."""
    if value and not re.fullmatch(r"/([a-z0-9_-]+/)+", value, re.IGNORECASE):
        raise EnvError(f"it is “{value}”; write a path from slash to slash, such as /files-inside/")
    return value


@env.parser_for("file_path")
def file_path(value: str, *, may_be_empty: bool = False) -> str:
    """Return the full path of a file, which need not exist."""
    is_path = value.startswith("/") and not value.endswith("/") and value.isprintable()
    if not is_path and (value or not may_be_empty):
        raise EnvError(f"it is “{value}”; write the full path of a file, from the first slash on.")
    return value


@env.parser_for("secret_key")
def secret_key(value: str | None) -> str | None:
    """Return the key, or None if the variable is not set; refuse one that is easy to guess."""
    if value is not None and (len(value) < 50 or len(set(value)) < 10):
        raise EnvError(
            "it is too short or too regular to be a secret; write at least 50 random characters, "
            "such as this prints: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return value


def load_secret_key(path: Path) -> str:
    """Return the key in the file; make it first if there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_secret_key(secrets.token_urlsafe(50), path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise EnvError(
            f'Environment variable "SECRET_KEY" not set, and none could be kept in {path} '
            f"({error.strerror}); set SECRET_KEY, or make that folder writable."
        ) from error


def _write_secret_key(key: str, path: Path) -> None:
    """Write a temporary file and link it, so that no process reads half a key or replaces one."""
    with NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:  # mode 600
        file.write(key + "\n")
        file.flush()
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(file.name, path)


@env.parser_for("site_url")
def site_url(value: str) -> str:
    """Return scheme, host and port (if any) in lower case, without a slash at the end."""
    parts = _split_url(value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise EnvError(
            f"it is “{value}”, which is not the address of a whole site; "
            "write its scheme and host, such as https://statements.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}".lower()


@env.parser_for("web_address")
def web_address(value: str) -> str:
    """Return an http or https address, or ""."""
    if value and not re.fullmatch(r"https?://[^\s/?#]+[^\s#]*", value):
        raise EnvError(f"it is “{value}”; write an address such as https://tsa.example.org/tsr")
    return value


@env.parser_for("hosts")
def hosts(value: str) -> list[str]:
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    if not names:
        raise EnvError("it names no host; write one or more, such as statements.example.org")
    for name in names:
        if not HOST_PATTERN.fullmatch(name):
            raise EnvError(
                f"“{name}” is not the name of a host; write names alone, without scheme, port or "
                "*, separated by commas, such as statements.example.org,www.example.org"
            )
    return names


MAX_SILENCE_OF_POSTGRESQL = {
    "connect_timeout": 5,  # seconds
    # A server that vanished, or a network that swallows everything, ends a query after ten seconds
    # and not after a quarter of an hour.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}


@env.parser_for("database")
def database(value: str) -> dict[str, Any]:
    """Return Django's settings of the database; a relative SQLite path stays relative."""
    hint = (
        "write postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////full/path/to/file "
        "(a character of a password that is special in an address as its % code)"
    )
    parts = _split_url(value, hint)
    if parts.scheme not in ("sqlite", "postgres", "postgresql"):
        raise EnvError(f"its scheme is neither postgres nor sqlite; {hint}.")
    settings: dict[str, Any] = dict(
        dj_database_url.parse(value, conn_max_age=60, conn_health_checks=True)
    )
    if settings["NAME"] in ("", ":memory:") or (parts.scheme == "sqlite" and parts.netloc):
        raise EnvError(f"it names no database that is kept; {hint}.")
    if parts.scheme != "sqlite":
        settings["OPTIONS"] = MAX_SILENCE_OF_POSTGRESQL | settings.get("OPTIONS", {})
    return settings


@env.parser_for("mail_server")
def mail_server(value: str) -> dict[str, Any]:
    """Return Django's EMAIL_ settings for console:, file:, smtp:, submission: or smtps:."""
    hint = "write smtp://, submission:// or smtps://USER:PASSWORD@HOST, or console:"
    parts = _split_url(value, hint)
    if parts.scheme not in MAIL_SCHEMES:
        raise EnvError(f"its scheme is not one of {', '.join(MAIL_SCHEMES)}; {hint}.")
    settings = {"EMAIL_TIMEOUT": 10, **MAIL_SCHEMES[parts.scheme]}
    if parts.scheme == "file":
        settings["EMAIL_FILE_PATH"] = unquote(parts.path)
    if settings["EMAIL_BACKEND"] == SMTP:
        if not parts.hostname:
            raise EnvError(f"it names no host; {hint}.")
        settings["EMAIL_HOST"] = parts.hostname
        settings["EMAIL_PORT"] = parts.port or settings["EMAIL_PORT"]
        settings["EMAIL_HOST_USER"] = unquote(parts.username or "")
        settings["EMAIL_HOST_PASSWORD"] = unquote(parts.password or "")
    return settings


@env.parser_for("mailbox")
def mailbox(value: str) -> str:
    """Return name@host, Name <name@host>, or ""."""
    if value:
        try:
            validate_email(parseaddr(value)[1])
        except ValidationError as error:
            raise EnvError(
                f"“{value}” is not an e-mail address; write one such as "
                "press@example.org or Press Office <press@example.org>"
            ) from error
    return value


@env.parser_for("contact")
def contact(value: str) -> str:
    """Return a mailto: or https: address, or ""."""
    if not value or re.fullmatch(r"https://[^\s/?#]+\.[^\s]+", value):
        return value
    try:
        validate_email(value.removeprefix("mailto:"))
    except ValidationError as error:
        raise EnvError(
            f"it is “{value}”; write an e-mail address such as security@example.org, "
            "or the https address of a page."
        ) from error
    return "mailto:" + value.removeprefix("mailto:")


@env.parser_for("time_zone")
def time_zone(value: str) -> str:
    if value not in zoneinfo.available_timezones():
        raise EnvError(
            f"“{value}” is not a time zone; write a name such as Europe/London or Europe/Dublin."
        )
    return value


def _split_url(
    value: str, hint: str = "write one such as https://statements.example.org"
) -> SplitResult:
    try:
        parts = urlsplit(value.strip())
        _ = parts.port  # raises ValueError if the port is not a number
    except ValueError as error:
        raise EnvError(f"it cannot be read as an address; {hint}.") from error
    return parts
