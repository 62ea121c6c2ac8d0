"""No page of the newsdesk speaks stock Django, or of ways to sign in that there are not."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.browser.newsdesk_pages import find_pages

STOCK_WORDS = (
    "Authentication and Authorization",
    "LDAP",
    "single sign-on",
    "Single Sign-On",
    "Tasks Database Backend",
    "Tasks Database",
    "DBTask",
    "Django",
    "Site administration",
    "Log in",
    "Log out",
    "Designates whether",
    "Designates that",
    "was added successfully",
    "was changed successfully",
    "Please correct",
)


@pytest.fixture
def staff_pages(client, db) -> dict[str, str]:
    """Return the HTML of every page that a manager can open, and of some for others."""
    call_command("load_demo", verbosity=0)
    pages = {"/admin/login/": client.get("/admin/login/").text}
    manager = User.objects.get(username="manager")
    client.force_login(manager)
    for name, list_urls in sorted(find_pages().items()):
        for address in list_urls():
            answer = client.get(address, follow=True)
            # Some are not even for managers.
            assert answer.status_code in (200, 403), f"{name} {address}"
            pages[address] = answer.text
    pages["not found"] = client.get("/admin/statements/statement/999999/change/", follow=True).text
    pages["wrong form"] = client.post("/admin/statements/theme/add/", {"name": ""}).text
    User.objects.filter(pk=manager.pk).update(is_superuser=True)
    for address in ("/admin/auth/user/add/", f"/admin/auth/user/{manager.pk}/change/"):
        pages[f"superuser {address}"] = client.get(address).text
    return pages


def read_text(html: str) -> str:
    """Return what people read or hear: text, and the words in attributes."""
    heard = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', html)
    return " ".join(
        (re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL), *heard)
    )


@pytest.mark.sqlite  # once is enough: the pages are the same on either database
def test_no_page_speaks_of_the_framework_or_of_other_ways_to_sign_in(staff_pages):
    assert len(staff_pages) > 80
    assert [
        (address, words)
        for address, html in staff_pages.items()
        for words in STOCK_WORDS
        if words in read_text(html)
    ] == []


def test_what_is_heard_counts_and_what_is_code_does_not():
    assert "LDAP" in read_text('<a title="With LDAP">Sign in</a>')
    assert "LDAP" not in read_text('<p class="LDAP">Sign in</p><script>"LDAP"</script>')
