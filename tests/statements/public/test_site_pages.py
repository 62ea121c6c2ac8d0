"""Accessibility and privacy: never empty, changed by managers alone, with history."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from statements import site_pages
from statements.audit import verification
from statements.content import html
from statements.models import Event, SitePage, StaleVersion
from statements.public.views.site_pages import render_body
from tests.assertions import read_detail
from tests.cast import HOUR, NOON, make_user

pytestmark = pytest.mark.django_db
PAGES = ("accessibility", "privacy")


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


def the(name: str) -> SitePage:
    return SitePage.objects.get(name=name)


def change(name: str) -> str:
    return reverse("admin:statements_sitepage_change", args=[the(name).pk])


def test_without_words_of_its_own_a_page_says_what_the_product_does(
    client, django_assert_num_queries
):
    for name, words in (("accessibility", "level AA"), ("privacy", "set no cookie")):
        with django_assert_num_queries(1):
            answer = client.get(f"/about/{name}/")
        assert (answer.status_code, words in answer.content.decode()) == (200, True)
        assert answer.content.decode().count("<h1") == 1
        assert "Last changed" not in answer.content.decode()
        assert not answer.cookies
    SitePage.objects.all().delete()
    assert client.get("/about/privacy/").status_code == 200


def test_the_words_that_come_with_the_product_are_as_an_editor_would_send_them():
    for text in map(site_pages.read_default_html, SitePage.Name.values):
        blocks = html.clean_blocks(text)
        assert all(html.is_clean_block(block) for block in blocks)
        assert html.clean_blocks("".join(blocks)) == blocks
        assert "\n" not in "".join(blocks)


def test_a_manager_changes_a_page_and_the_record_keeps_every_text(client, max):
    client.force_login(max)
    form = client.get(change("privacy")).content.decode()
    assert "set no cookie" in form  # the words to begin with
    words = "<p><strong>Cookies</strong></p><p>None &amp; never.</p><script>alert(1)</script>"
    answer = client.post(change("privacy"), {"body": words, "seen_at": ""})
    assert answer.status_code == 302
    page = client.get("/about/privacy/").content.decode()
    assert "<h2>Cookies</h2>\n<p>None &amp; never.</p>\n</div>" in page
    assert "1 March 2044" in page
    event = Event.objects.get(action="page_changed")
    assert (event.by, event.note) == (max, "The page on privacy.")
    assert read_detail(event) == {"page": "privacy"}
    assert event.texts.get(key="page:privacy.body").text == the("privacy").body
    site_pages.update_page(the("privacy"), "", by=max, at=NOON, seen_at=the("privacy").changed_at)
    assert "set no cookie" in client.get("/about/privacy/").content.decode()
    assert list(verification.verify()) == []


def test_nobody_else_changes_or_opens_a_page(client, ann, ed, sam):
    root = make_user("root")
    root.is_staff = root.is_superuser = True
    root.save()
    for user in (ann, ed, sam, root):
        with pytest.raises(PermissionDenied, match="you need to be a Manager"):
            site_pages.update_page(the("privacy"), "<p>Mine.</p>", by=user, at=NOON, seen_at=None)
        client.force_login(user)
        listed = reverse("admin:statements_sitepage_changelist")
        for address in (listed, change("privacy"), reverse("admin:statements_sitepage_csv")):
            for answer in (client.get(address), client.post(address, {"body": "<p>Mine.</p>"})):
                assert answer.status_code in (302, 403), (user, address)
    assert the("privacy").body == ""


def test_nobody_overwrites_what_another_wrote_meanwhile(client, max):
    opened = the("privacy").changed_at
    site_pages.update_page(the("privacy"), "<p>Theirs.</p>", by=max, at=NOON, seen_at=opened)
    with pytest.raises(StaleVersion):
        site_pages.update_page(the("privacy"), "<p>Mine.</p>", by=max, at=NOON, seen_at=opened)
    client.force_login(max)
    answer = client.post(change("privacy"), {"body": "<p>My words.</p>", "seen_at": ""})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Somebody changed this page after you opened it." in page
    assert "My words." in page
    assert the("privacy").body == "<p>Theirs.</p>"


def test_there_are_no_other_pages_and_each_says_who_changed_it(client, max):
    client.force_login(max)
    assert client.get(reverse("admin:statements_sitepage_add")).status_code == 403
    for wrong in ({"name": "cookies"}, {"name": "privacy", "body": "<p>Nobody’s.</p>"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SitePage.objects.filter(name="privacy").update(**wrong)


def test_a_line_in_bold_by_itself_is_a_heading_and_nothing_else_is():
    assert render_body("<p><strong>One</strong></p><p><strong>Two</strong> words</p>") == (
        "<h2>One</h2>\n<p><strong>Two</strong> words</p>"
    )
    assert "<script" not in render_body("<p><strong>a<script>b</script></strong></p>")
