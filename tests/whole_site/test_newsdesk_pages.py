"""Every page of the newsdesk, by HTTP: it speaks no stock Django and is valid HTML."""

import re
import shutil

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.browser.newsdesk_pages import find_pages
from tests.whole_site.test_html import CHECKER, findings

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
            assert answer.status_code in (200, 403), (
                f"{name} {address}"
            )  # some not even for managers
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


@pytest.mark.html_checker
@pytest.mark.sqlite  # as above
def test_every_page_of_the_newsdesk_is_valid_html(staff_pages, tmp_path):
    if not shutil.which("java"):
        pytest.skip("no java; on Debian: apt-get install default-jre-headless")
    if not CHECKER.exists():
        pytest.skip(f"no checker at {CHECKER}; make html-checker installs it")
    for address, html in staff_pages.items():
        (tmp_path / f"{re.sub('[^a-z0-9]+', '-', address)}.html").write_text(html, "utf-8")
    assert findings(tmp_path) == []
