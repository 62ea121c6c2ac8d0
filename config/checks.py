"""Checks that are added to Django's own; most only by `manage.py check --deploy`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from statements.integrity.keys import find_key_problem

NON_DELIVERING_BACKENDS = (
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
)


@checks.register(checks.Tags.security)
def check_signing_key(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse to start without keys: every command runs this, and so does the worker."""
    problem = find_key_problem()
    return [checks.Error(problem, id="onrecord.E001")] if problem else []


@checks.register(checks.Tags.security, deploy=True)
def check_secret_key_is_given(**kwargs: Any) -> list[checks.CheckMessage]:
    if not settings.SECRET_KEY_IS_GENERATED:
        return []
    return [
        checks.Warning(
            f"SECRET_KEY is not set; the key in {settings.VAR_DIR / 'secret_key'} is in use.",
            hint="Set SECRET_KEY, so that sign-ins and preview links survive a change of machine.",
            id="onrecord.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_site_is_https(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.HTTPS:
        return []
    return [
        checks.Warning(
            f"SITE_URL is {settings.SITE_URL}, so passwords travel unencrypted.",
            hint="Set SITE_URL to the public address, such as https://statements.example.org",
            id="onrecord.W002",
        )
    ]


@checks.register(deploy=True)
def check_mail_leaves(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.EMAIL_BACKEND not in NON_DELIVERING_BACKENDS:
        return []
    return [
        checks.Warning(
            "EMAIL_URL sends no mail, so nobody hears of an urgent publication.",
            hint="Set EMAIL_URL to the mail server, such as submission://USER:PASSWORD@HOST",
            id="onrecord.W003",
        )
    ]


@checks.register(deploy=True)
def check_timestamp_authority(**kwargs: Any) -> list[checks.CheckMessage]:
    path = settings.TIMESTAMP_CA_FILE
    if not settings.TIMESTAMP_URL or Path(path).is_file():
        return []
    return [
        checks.Warning(
            f"There is no {path}, so no seal gets a timestamp.",
            hint="Save the certificates of the authority there, or correct TIMESTAMP_CA_FILE.",
            id="onrecord.W004",
        )
    ]
