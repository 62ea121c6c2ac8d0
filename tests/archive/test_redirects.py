"""Links to the old site lead to the statement, once it is public, and to nothing before."""

import pytest
from django.db import IntegrityError, transaction

from archive.models import LegacyRedirect
from archive.redirect_paths import conflicts_with_site, to_local_path
from statements import workflow
from tests.cast import DAY, HOUR, NOON, approve_edition, make_statement, submit_statement

OLD = "/2012/05/waiting/"


@pytest.fixture
def scheduled(ann, ed, frozen):
    """Approved for an hour after noon, and the old site's address for it kept."""
    edition = submit_statement(make_statement(ann, slug="waiting"), by=ann)
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    LegacyRedirect.objects.create(path=OLD, statement=edition.statement)
    LegacyRedirect.objects.create(path="/news.php?id=12", statement=edition.statement)
    LegacyRedirect.objects.create(path="/?p=12", statement=edition.statement)
    frozen(NOON)
    return edition


def test_an_old_link_leads_on_from_the_second_of_release_and_tells_nothing_before(
    scheduled, client, frozen, ed
):
    never = client.get("/2012/05/nothing/")
    home = client.get("/?p=13").content
    assert client.get("/?p=12").content == home
    before = client.get(OLD)
    assert (before.status_code, before.content, before.headers.items()) == (
        404,
        never.content,
        never.headers.items(),
    )
    frozen(NOON + HOUR)
    for old in (OLD, OLD.rstrip("/"), f"{OLD}?utm_source=x", "/news.php?id=12", "/?p=12"):
        moved = client.get(old)
        assert (moved.status_code, moved.headers["Location"]) == (301, "/statements/waiting/")
    assert client.get("/news.php").status_code == client.get("/news.php?id=13").status_code == 404
    assert client.post(OLD).status_code == 405 or client.post(OLD).status_code == 404
    workflow.withdraw(scheduled, by=ed, at=NOON + 2 * HOUR, kind="gone", notice="Gone.")
    frozen(NOON + DAY)
    assert client.get(OLD, follow=True).status_code == 410


def test_a_404_costs_one_query(scheduled, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/2012/05/nothing/")


def test_only_paths_of_another_site_are_kept(db):
    assert to_local_path("https://old.example/caf%C3%A9/?p=1#top") == "/café/?p=1"
    assert to_local_path("/news/1.html") == "/news/1.html"
    assert to_local_path("https://old.example/?p=3") == "/?p=3"  # as WordPress calls a post first
    for none in (
        "https://old.example/",
        "https://old.example/?q=3",
        "//evil.example/x",
        "mailto:a@b.c",
        "a",
        "http://[",
        "https://o.example//evil.example/",
    ):
        assert to_local_path(none) is None
    for ours in (
        "/statements/anything/",
        "/statements/x",
        "/themes/",
        "/admin/x",
        "/feeds/statements.rss",
        "/health/live",
        "/static/a.css",
    ):
        assert conflicts_with_site(ours)
    assert not conflicts_with_site("/2012/05/waiting/")


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "news"])
def test_the_database_keeps_local_paths_alone(scheduled, path):
    with pytest.raises(IntegrityError, match="legacyredirect_path_check"), transaction.atomic():
        LegacyRedirect.objects.create(path=path, statement=scheduled.statement)
