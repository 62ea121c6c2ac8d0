"""Measure how long the newsdesk takes with the configured database: python -m bench.newsdesk.

Through all of Django, signed in as a temporary editor whose account is closed afterwards; p50 and
p95 in milliseconds. It saves a draft that it adds itself.
"""

import logging
import os
import statistics
import sys
import time
from functools import partial

REQUESTS = 30
LIST_PATH = "/admin/statements/statement/"
PAGES = {
    "dashboard": "/admin/",
    "list": LIST_PATH,
    "list, second page": LIST_PATH + "?p=2",
    "list of a kind": LIST_PATH + "?kind=speech",
    "list, published": LIST_PATH + "?status=published",
    "list, drafts": LIST_PATH + "?status=draft",
    "list, released in a month": LIST_PATH
    + "?released_from=1+March+2020&released_to=31+March+2020",
    "calendar": "/admin/calendar/",
    "calendar, a full month": "/admin/calendar/?month=2020-03",
    "search, a common word": LIST_PATH + "?q=families",
    "search, two words": LIST_PATH + "?q=libraries+settlement",
    "search, a rare word": LIST_PATH + "?q=alrosbar",
    "search, in none": LIST_PATH + "?q=xylophone",
    "speakers": "/admin/organisations/speaker/",
    "speakers, searched": "/admin/organisations/speaker/?q=davies",
    "speaker, opened": "/admin/organisations/speaker/{speaker}/change/",
    "theme, opened": "/admin/statements/theme/{theme}/change/",
    "statement, opened": "/admin/statements/statement/{published}/change/",
    "its history": "/admin/statements/statement/{published}/history/",
    "draft, opened": "{draft}",
}


def main() -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": plain}  # no collected files needed
    django.setup()
    logging.disable(logging.INFO)  # sign-ins are logged
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    editor = _make_editor()
    client.force_login(editor)
    try:
        names, form = _create_draft(client)
        print("| page | p50 ms | p95 ms |\n|---|---|---|")
        for page, path in PAGES.items():
            url = path.format(**names)
            times = _measure_requests(partial(client.get, url, follow=True), 200)
            print(f"| {page} | {times} |", flush=True)
        times = _measure_requests(partial(_save_draft, client, names["draft"], form), 302)
        print(f"| draft, saved | {times} |")
    finally:
        editor.is_active = False
        editor.save(update_fields=["is_active"])


def _measure_requests(send, status: int) -> str:
    durations = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        response = send()
        durations.append((time.perf_counter() - started) * 1000)
        assert response.status_code == status, (response.status_code, response.content[:2000])
    return f"{statistics.median(durations):.0f} | {statistics.quantiles(durations, n=20)[-1]:.0f}"


def _save_draft(client, url: str, form: dict):
    """Save the draft with another summary each time, as somebody who goes on writing does."""
    form["summary"] += "."
    response = client.post(url, form)
    form["seen_version"] += 1
    return response


def _make_editor():
    from django.contrib.auth.models import Group, User

    from statements.roles import EDITOR

    user, _ = User.objects.get_or_create(username="bench-editor")
    user.is_active = user.is_staff = True
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=EDITOR))
    return user


def _create_draft(client) -> tuple[dict[str, str], dict]:
    """Return the names to put in the paths, and a draft's form as a browser would send it."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    from organisations.models import Organisation, Speaker
    from statements import clock
    from statements.models import Theme
    from statements.published.editions import NEWEST_FIRST, public_editions
    from tests.statements.newsdesk.form_data import ADD, read_form

    setup_test_environment()  # responses then have a context
    try:
        form = read_form(client.get(ADD)) | {
            "headline": "What the newsdesk is measured with",
            "organisation": str(Organisation.objects.filter(publishes=True)[0].pk),
            "summary": "A draft that is never submitted.",
        }
        response = client.post(ADD, form | {"_continue": "1"})
        assert response.status_code == 302, response.context["errors"]
        form = read_form(client.get(response.headers["Location"]))
    finally:
        teardown_test_environment()
    newest = public_editions(at=clock.now()).order_by(*NEWEST_FIRST)
    names = {
        "draft": response.headers["Location"],
        "published": str(newest.values_list("statement_id", flat=True)[500]),
        "speaker": str(Speaker.objects.order_by("pk")[7].pk),
        "theme": str(Theme.objects.order_by("pk")[3].pk),
    }
    return names, form


if __name__ == "__main__":
    sys.exit(main())
