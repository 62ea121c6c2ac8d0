"""Test the environment variables, security headers, sessions and sign-in limits."""

import os
import runpy
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from environs import EnvError

from config import environment, security, sessions

KEY = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6"
PRODUCTION = {
    "SITE_URL": "https://statements.example.org",
    "ALLOWED_HOSTS": "statements.example.org",
    "DATABASE_URL": "postgres://onrecord:password@localhost/onrecord",
    "EMAIL_URL": "submission://onrecord:password@localhost",
    "SECRET_KEY": KEY,
    "SIGNING_KEY_FILE": settings.SIGNING_KEY_FILE,
}


@pytest.fixture
def settings_from(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Return a function that reads the settings with only these variables set."""

    def read(**variables: str) -> dict[str, Any]:
        for name in PRODUCTION:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"SECRET_KEY": KEY, **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "config/settings.py"))

    return read


@pytest.fixture
def olga(db: None) -> User:
    return User.objects.create_user("olga", password="The right one", is_staff=True)


@pytest.fixture
def signed_in(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def manage(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


# --- The environment ------------------------------------------------------------------------------


def test_it_runs_with_nothing_set(settings_from):
    values = settings_from()
    assert values["DEBUG"] is False
    assert values["ALLOWED_HOSTS"] == ["localhost", "localhost", "127.0.0.1", "[::1]"]
    assert values["DATABASES"]["default"]["NAME"] == settings.BASE_DIR / "var/onrecord.sqlite3"
    assert values["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert values["TIME_ZONE"] == "Europe/London"
    assert values["DEFAULT_FROM_EMAIL"] == "On the Record <no-reply@localhost>"


def test_a_silent_postgresql_is_given_up_after_seconds(settings_from):
    """Otherwise a page would wait for a quarter of an hour for a server that vanished."""
    address = "postgres://onrecord:password@localhost/onrecord"
    assert settings_from(DATABASE_URL=address)["DATABASE"]["OPTIONS"] == {
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    }
    own = settings_from(DATABASE_URL=f"{address}?connect_timeout=9&sslmode=require")
    options = own["DATABASE"]["OPTIONS"]
    assert (options["connect_timeout"], options["sslmode"]) == (9, "require")


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MAX_UPLOAD_MB", "0", "it is “0”; write a whole number from 1 to 500."),
        ("MAX_UPLOAD_MB", "25 MB", "it is “25 MB”; write a whole number from 1 to 500."),
        (
            "MAX_UPLOAD_MB",
            "9" * 5000,
            f"it is “{'9' * 5000}”; write a whole number from 1 to 500.",
        ),
        ("MAX_IMAGE_MEGAPIXELS", "", "it is “”; write a whole number from 1 to 150."),
        (
            "FILES_INTERNAL_LOCATION",
            "files",
            "it is “files”; write a path from slash to slash, such as /files-inside/",
        ),
    ],
)
def test_limits_and_paths_of_files_are_checked_at_start(settings_from, variable, value, sentence):
    with pytest.raises(EnvError) as refusal:
        settings_from(**{variable: value})
    assert str(refusal.value) == f'Environment variable "{variable}" invalid: {sentence}'


def test_limits_of_files_have_safe_defaults(settings_from):
    values = settings_from()
    assert (values["MAX_UPLOAD_BYTES"], values["MAX_IMAGE_PIXELS"]) == (25_000_000, 50_000_000)
    assert values["FILES_INTERNAL_LOCATION"] == ""
    values = settings_from(FILES_INTERNAL_LOCATION="/files-inside/", MAX_UPLOAD_MB="40")
    assert (values["MAX_UPLOAD_BYTES"], values["FILES_INTERNAL_LOCATION"]) == (
        40_000_000,
        "/files-inside/",
    )


def test_every_style_sheet_can_be_collected_for_production(settings, tmp_path):
    """A style sheet that names a missing file, even in a comment, stops collectstatic."""
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()


def test_check_deploy_is_clean_in_the_documented_production_environment():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.stderr == ""
    assert done.stdout == "System check identified no issues (2 silenced).\n"


def test_timestamps_need_the_certificates_of_their_authority(settings_from, tmp_path: Path):
    url = {"TIMESTAMP_URL": "https://tsa.example.org/tsr"}
    with pytest.raises(EnvError) as refusal:
        settings_from(**url)
    assert str(refusal.value) == (
        'Environment variable "TIMESTAMP_CA_FILE" not set, while TIMESTAMP_URL is: no timestamp '
        "can be verified without the certificates of the authority; write the full path of their "
        "PEM file."
    )
    path = tmp_path / "authority.pem"
    production = PRODUCTION | url | {"TIMESTAMP_CA_FILE": str(path)}
    done = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert f"(onrecord.W004) There is no {path}, so no seal gets a timestamp." in done.stderr
    path.touch()
    assert manage("check", "--deploy", "--fail-level", "WARNING", **production).returncode == 0


def test_check_deploy_says_what_a_public_site_still_lacks():
    keys = {"SIGNING_KEY_FILE": settings.SIGNING_KEY_FILE}
    done = manage("check", "--deploy", "--fail-level", "WARNING", **keys)
    assert done.returncode == 1
    for check in ("onrecord.W001", "onrecord.W002", "onrecord.W003"):
        assert check in done.stderr


def test_a_wrong_value_stops_the_start_with_one_sentence():
    done = manage("migrate", TIME_ZONE="London")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        'Environment variable "TIME_ZONE" invalid: “London” is not a time zone; '
        "write a name such as Europe/London or Europe/Dublin.\n"
    )


def test_a_wrong_value_stops_the_web_server_with_the_same_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DEBUG": "perhaps"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode != 0
    assert done.stderr == (
        'Environment variable "DEBUG" invalid: it is “perhaps”, which is neither true nor false; '
        "write true or false.\n"
    )


@pytest.mark.parametrize("command", ["check", "db_worker"])
def test_no_command_starts_without_a_signing_key(command, tmp_path: Path):
    path = tmp_path / "signing_key.pem"
    done = manage(command, **PRODUCTION | {"SIGNING_KEY_FILE": str(path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "SystemCheckError: System check identified some issues:\n\nERRORS:\n"
        f"?: (onrecord.E001) {describe_missing(path)}\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_web_server_does_not_start_without_a_signing_key(tmp_path: Path):
    path = tmp_path / "signing_key.pem"
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION, "SIGNING_KEY_FILE": str(path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (4, f"{describe_missing(path)}\n")


def describe_missing(path: Path) -> str:
    return (
        f"There is no {path}, so nothing can be signed. On a new installation, run: "
        "manage.py create_signing_key; otherwise restore the keys from their backup."
    )


@pytest.mark.parametrize(
    ("parse", "value", "sentence"),
    [
        (
            environment.boolean,
            "2",
            "it is “2”, which is neither true nor false; write true or false.",
        ),
        (
            environment.text,
            "two\nlines",
            "it must be one line of text; write a name, or remove the variable.",
        ),
        (
            environment.file_path,
            "keys/signing_key.pem",
            "it is “keys/signing_key.pem”; write the full path of a file, from the first slash on.",
        ),
        (
            environment.file_path,
            "",
            "it is “”; write the full path of a file, from the first slash on.",
        ),
        (
            environment.web_address,
            "tsa.example.org",
            "it is “tsa.example.org”; write an address such as https://tsa.example.org/tsr",
        ),
        (
            environment.hosts,
            "*",
            "“*” is not the name of a host; write names alone, without scheme, port or *, "
            "separated by commas, such as statements.example.org,www.example.org",
        ),
        (
            environment.hosts,
            " , ",
            "it names no host; write one or more, such as statements.example.org",
        ),
        (
            environment.mailbox,
            "press",
            "“press” is not an e-mail address; write one such as press@example.org or "
            "Press Office <press@example.org>",
        ),
        (
            environment.contact,
            "http://example.org/security",
            "it is “http://example.org/security”; write an e-mail address such as "
            "security@example.org, or the https address of a page.",
        ),
        (
            environment.mail_server,
            "mailto:press@example.org",
            "its scheme is not one of smtp, submission, smtps, console, file; write smtp://, "
            "submission:// or smtps://USER:PASSWORD@HOST, or console:.",
        ),
        (
            environment.mail_server,
            "smtp://",
            "it names no host; write smtp://, submission:// or smtps://USER:PASSWORD@HOST, "
            "or console:.",
        ),
    ],
)
def test_a_wrong_value_gets_a_sentence(parse, value, sentence):
    with pytest.raises(EnvError) as refusal:
        parse(value)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "value",
    [
        "example.org",
        "ftp://example.org",
        "https://example.org/press",
        "https://a@b",
        "https://[::1",
    ],
)
def test_the_address_of_the_site_is_a_scheme_and_a_host(value):
    with pytest.raises(EnvError, match=r"such as https://statements\.example\.org"):
        environment.site_url(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "mysql://anna:topsecret@localhost/onrecord",
        "postgres://anna:topsecret@localhost",
        "postgres://anna:topsecret@localhost:many/onrecord",
        "postgres://anna:top#secret@localhost/onrecord",
        "sqlite://",
        "sqlite://:memory:",
        "sqlite://topsecret/file",
    ],
)
def test_a_wrong_database_is_refused_and_its_password_not_repeated(value):
    with pytest.raises(EnvError, match="write postgres://USER:PASSWORD@HOST:5432/NAME") as refusal:
        environment.database(value)
    assert "secret" not in str(refusal.value)


def test_the_contact_of_security_txt_is_an_address_that_machines_follow():
    for given in ("security@example.org", "mailto:security@example.org"):
        assert environment.contact(given) == "mailto:security@example.org"
    assert environment.contact("https://example.org/security") == "https://example.org/security"
    assert environment.contact("") == ""


@pytest.mark.parametrize("value", ["", "short", "ab" * 40])
def test_a_guessable_secret_key_is_refused_and_not_repeated(value):
    with pytest.raises(EnvError, match="at least 50 random characters") as refusal:
        environment.secret_key(value)
    assert "abab" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, False, False),
        ("submission://u:p%40@mail.example.org", "mail.example.org", 587, True, False),
        ("smtps://mail.example.org:4650", "mail.example.org", 4650, False, True),
    ],
)
def test_mail_servers(settings_from, value, host, port, tls, ssl):
    values = settings_from(EMAIL_URL=value)
    assert (
        values["EMAIL_HOST"],
        values["EMAIL_PORT"],
        values["EMAIL_USE_TLS"],
        values["EMAIL_USE_SSL"],
    ) == (host, port, tls, ssl)
    assert values["EMAIL_HOST_PASSWORD"] == ("p@" if "u:p" in value else "")


def test_an_https_site_protects_its_cookies_and_pages(settings_from):
    values = settings_from(**PRODUCTION)
    assert values["ALLOWED_HOSTS"] == ["statements.example.org"]
    assert values["CSRF_TRUSTED_ORIGINS"] == ["https://statements.example.org"]
    assert values["SESSION_COOKIE_SECURE"] is values["CSRF_COOKIE_SECURE"] is True
    assert values["SECURE_SSL_REDIRECT"] is True
    assert values["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "SECURE_PROXY_SSL_HEADER" not in values
    behind = settings_from(**PRODUCTION, BEHIND_PROXY="true")
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_an_https_site_refuses_debug(settings_from):
    with pytest.raises(EnvError) as refusal:
        settings_from(**PRODUCTION, DEBUG="true")
    assert str(refusal.value) == (
        'Environment variable "DEBUG" invalid: it is true while SITE_URL is https, and would show '
        "this site’s settings to its readers; write DEBUG=false, or an http SITE_URL to develop."
    )


def test_the_site_must_be_among_its_own_hosts(settings_from):
    with pytest.raises(EnvError) as refusal:
        settings_from(**PRODUCTION | {"ALLOWED_HOSTS": "www.example.org"})
    assert str(refusal.value) == (
        'Environment variable "ALLOWED_HOSTS" invalid: SITE_URL’s host statements.example.org is '
        "missing; write ALLOWED_HOSTS=statements.example.org,www.example.org"
    )
    assert settings_from(**PRODUCTION | {"ALLOWED_HOSTS": ".example.org"})


def test_a_secret_key_is_made_once_and_nobody_else_can_read_it(tmp_path: Path):
    path = tmp_path / "var" / "secret_key"
    key = environment.load_secret_key(path)
    assert environment.secret_key(key) == key
    assert environment.load_secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path):
    path = tmp_path / "secret_key"
    with ThreadPoolExecutor(2) as pool:
        keys = list(pool.map(environment.load_secret_key, [path] * 2))
    assert set(keys) == {path.read_text().strip()}


def test_a_key_that_cannot_be_kept_is_asked_for(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(EnvError, match="set SECRET_KEY, or make that folder writable"):
        environment.load_secret_key(tmp_path / "file" / "secret_key")


# --- Security headers -----------------------------------------------------------------------------


def directives(response: Any) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


PUBLIC_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


def test_a_public_answer_allows_the_browser_nothing_foreign_and_sets_no_cookie(client: Client, db):
    response = client.get("/no-such-page/")
    assert directives(response) == PUBLIC_POLICY
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Permissions-Policy"] == (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    )
    assert not response.cookies


def test_a_staff_page_may_frame_its_own_site_and_no_more(client: Client, db):
    response = client.get(reverse("admin:login"))
    assert directives(response) == PUBLIC_POLICY | {
        "frame-src": "'self'",
        "frame-ancestors": "'self'",
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_staff_page_that_asks_for_a_nonce_gets_its_own(rf: RequestFactory):
    middleware = security.ContentSecurityPolicyMiddleware(
        lambda request: HttpResponse(request.csp_nonce)
    )
    first, second = (middleware(rf.get("/admin/")) for _ in range(2))
    assert directives(first)["script-src"] == f"'self' 'nonce-{first.text}'"
    assert first.text != second.text


def test_cookies_stay_with_the_staff(client: Client, olga: User):
    client.get(reverse("admin:login"))
    sign_in(client, "The right one")
    assert {name: cookie["path"] for name, cookie in client.cookies.items()} == {
        "csrftoken": "/admin/",
        "sessionid": "/admin/",
    }
    assert all(cookie["httponly"] for cookie in client.cookies.values())
    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Lax"}


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, None, "127.0.0.1"),
        (False, "192.0.2.1", "127.0.0.1"),  # anybody can write this header
        (True, "192.0.2.1", "192.0.2.1"),
        (True, "192.0.2.66, 192.0.2.1", "192.0.2.1"),  # the first is what the client claimed
        (True, None, "127.0.0.1"),
        (True, "unknown", None),
    ],
)
def test_the_address_of_the_client(rf: RequestFactory, settings, behind_proxy, forwarded, address):
    settings.BEHIND_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert security.client_ip(rf.get("/", headers=headers)) == address


# --- Sessions and signing in ----------------------------------------------------------------------


def test_a_session_ends_an_hour_after_the_last_request(signed_in: Client):
    for _ in range(2):  # every request, not only the first, restarts the hour
        cookie = signed_in.get(reverse("admin:index")).cookies["sessionid"]
        assert cookie["max-age"] == 3600
    session = signed_in.session
    session.set_expiry(-1)
    session.save()
    assert signed_in.get(reverse("admin:index")).status_code == 302


def run_during_request(client: Client, change: Callable[[], object]) -> None:
    """Change the session while a request that has read it is running."""

    def answer(request: HttpRequest) -> HttpResponse:
        assert request.session["_auth_user_id"]
        change()
        return HttpResponse()

    cookie = client.cookies.output(header="", attrs=[])
    request = RequestFactory().get("/admin/", headers={"cookie": cookie})
    sessions.AdminSessionMiddleware(answer)(request)


def test_a_message_added_while_another_request_runs_is_not_lost(signed_in: Client):
    """A message that one request adds survives another that read the session before."""

    def add_message() -> None:
        session = signed_in.session
        session["message"] = "It was saved."
        session.save()
        Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))

    run_during_request(signed_in, add_message)
    assert signed_in.session["message"] == "It was saved."
    left = Session.objects.get().expire_date - timezone.now()
    assert left > timedelta(minutes=55)  # and it is extended as well


def test_a_session_that_ended_while_a_request_ran_is_not_begun_again(signed_in: Client):
    with pytest.raises(SessionInterrupted):
        run_during_request(signed_in, Session.objects.all().delete)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("hours", "status"), [(timedelta(hours=11, minutes=59), 200), (timedelta(hours=12), 302)]
)
def test_a_session_ends_after_twelve_hours_however_busy(signed_in: Client, hours, status):
    signed_in.get(reverse("admin:index"))
    session = signed_in.session
    session[sessions.STARTED_AT_KEY] = (timezone.now() - hours).isoformat()
    session.save()
    assert signed_in.get(reverse("admin:index")).status_code == status


def sign_in(client: Client, password: str, address: str = "192.0.2.1") -> Any:
    return client.post(
        reverse("admin:login"),
        {"username": "olga", "password": password, "next": reverse("admin:index")},
        REMOTE_ADDR=address,
    )


def test_guessing_a_password_is_stopped_for_a_quarter_of_an_hour(client: Client, olga: User):
    assert [sign_in(client, f"guess {n}").status_code for n in range(5)] == [200] * 4 + [429]
    refused = sign_in(client, "The right one")
    assert refused.status_code == 429
    assert "The password for “olga” was wrong 5 times. Wait 15 minutes, then" in refused.text
    assert "sessionid" not in client.cookies

    elsewhere = sign_in(Client(), "The right one", address="192.0.2.2")
    assert elsewhere.status_code == 302

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(client, "The right one").status_code == 302


def test_a_new_attempt_does_not_extend_the_wait(client: Client, olga: User):
    for n in range(5):
        sign_in(client, f"guess {n}")
    last = AccessAttempt.objects.get().attempt_time
    sign_in(client, "guess again")
    assert AccessAttempt.objects.get().attempt_time == last
