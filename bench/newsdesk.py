"""How long the newsdesk takes at whatever size the database has: python -m bench.newsdesk

Through the whole of Django, signed in as an editor who is made for it and closed afterwards; p50
and p95 in milliseconds. What is saved is a draft of its own.
"""

import logging
import os
import statistics
import sys
import time

REQUESTS = 30
LIST_PATH = "/admin/statements/statement/"
PAGES = {
    "front page": "/admin/",
    "list": LIST_PATH,
    "list, second page": LIST_PATH + "?p=2",
    "list of a kind": LIST_PATH + "?kind__exact=speech",
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
    settings.STORAGES["staticfiles"] = {"BACKEND": plain}  # so that nothing need be collected
    django.setup()
    logging.disable(logging.INFO)  # of signing in
    from django.test import Client

    desk = Client(SERVER_NAME="localhost")
    editor = _make_editor()
    desk.force_login(editor)
    try:
        names, form = _create_draft(desk)
        print("| page | p50 ms | p95 ms |\n|---|---|---|")
        for what, address in PAGES.items():
            url = address.format(**names)
            print(
                f"| {what} | {_measure_requests(lambda u=url: desk.get(u, follow=True), 200)} |",
                flush=True,
            )
        print(
            f"| draft, saved | {_measure_requests(lambda: _save_draft(desk, names['draft'], form), 302)} |"
        )
    finally:
        editor.is_active = False
        editor.save(update_fields=["is_active"])


def _measure_requests(ask, status: int) -> str:
    took = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        answer = ask()
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == status, (answer.status_code, answer.content[:2000])
    return f"{statistics.median(took):.0f} | {statistics.quantiles(took, n=20)[-1]:.0f}"


def _save_draft(desk, address: str, form: dict):
    """Another summary each time, as somebody who writes on sends it."""
    form["summary"] += "."
    answer = desk.post(address, form)
    form["seen_version"] += 1
    return answer


def _make_editor():
    from django.contrib.auth.models import Group, User

    from statements.roles import EDITOR

    user, _ = User.objects.get_or_create(username="bench-editor")
    user.is_active = user.is_staff = True
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=EDITOR))
    return user


def _create_draft(desk) -> tuple[dict[str, str], dict]:
    """The addresses to ask for, and a draft's form as a browser would send it."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    from organisations.models import Organisation, Speaker
    from statements import clock
    from statements.models import Theme
    from statements.published.editions import NEWEST_FIRST, public_editions
    from tests.statements.newsdesk.form_data import ADD, read_form

    setup_test_environment()  # so that a response tells what form it shows
    try:
        form = read_form(desk.get(ADD)) | {
            "headline": "What the newsdesk is measured with",
            "organisation": str(Organisation.objects.filter(publishes=True)[0].pk),
            "summary": "A draft that never leaves the desk.",
        }
        answer = desk.post(ADD, form | {"_continue": "1"})
        assert answer.status_code == 302, answer.context["errors"]
        form = read_form(desk.get(answer.headers["Location"]))
    finally:
        teardown_test_environment()
    newest = public_editions(at=clock.now()).order_by(*NEWEST_FIRST)
    names = {
        "draft": answer.headers["Location"],
        "published": str(newest.values_list("statement_id", flat=True)[500]),
        "speaker": str(Speaker.objects.order_by("pk")[7].pk),
        "theme": str(Theme.objects.order_by("pk")[3].pk),
    }
    return names, form


if __name__ == "__main__":
    sys.exit(main())
