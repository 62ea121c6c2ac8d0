"""A screen offers what this person can do now, and warns no louder than the day needs."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from statements.models import SensitivePeriod
from tests.cast import NOON, approve_edition, make_statement, refetch_edition, submit_statement
from tests.statements.newsdesk.form_data import change_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


def load_review(client, edition) -> str:
    return client.get(reverse("admin:statements_edition_review", args=[edition.pk])).text


def list_buttons(page: str) -> list[str]:
    """Return the words of all buttons and of links that look like them."""
    found = re.findall(r'<(?:button|a class="button)[^>]*>(.*?)</(?:button|a)>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", words).split()) for words in found]


@pytest.mark.parametrize(("days", "is_folded"), [(9, True), (0, False)])
def test_a_period_that_has_not_begun_is_one_line(client, ed, edition, days, is_folded):
    start = NOON.date() + dt.timedelta(days=days)
    SensitivePeriod.objects.create(
        name="County by-election", starts_on=start, ends_on=start, guidance="Say nothing new."
    )
    client.force_login(ed)
    for page in (client.get("/admin/").text, load_review(client, edition)):
        assert ('<details class="fold period"' in page) == is_folded
        assert ('<aside class="alert care period"' in page) != is_folded


def test_nobody_is_asked_to_decide_what_was_decided(client, ann, ed, edition):
    client.force_login(ed)
    before = load_review(client, edition)
    assert {"Approve…", "Send back…"} <= set(list_buttons(before))
    approve_edition(edition, by=ed, release_at=NOON)
    after = load_review(client, refetch_edition(edition))
    assert [words for words in list_buttons(after) if words.startswith(("Approve", "Send"))] == []
    assert "Decide" not in re.sub(r"<[^>]+>", " ", after)


def test_who_wrote_alone_is_not_offered_to_countersign(client, ann, ed, edition):
    client.force_login(ann)
    assert "Countersign" not in list_buttons(load_review(client, edition))
    client.force_login(ed)
    assert "Countersign" in list_buttons(load_review(client, edition))


def test_dates_are_typed_as_people_write_them(client, ann, edition):
    """A native field shows 12/02/2026 in an American browser."""
    client.force_login(ann)
    page = client.get(change_url(edition.statement)).text
    assert re.findall(r'type="(?:date|datetime-local)"', page) == []
    assert 'name="dated_on"' in page
