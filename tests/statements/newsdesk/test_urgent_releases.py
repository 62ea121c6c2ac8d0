"""Urgent publications are counted, and a repeated reason is pointed out once."""

import html

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from statements import workflow
from statements.newsdesk.repeated_reason import is_repeated
from statements.newsdesk.urgent_releases import compute_share
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    refetch_edition,
    submit_statement,
)


def publish_urgently(by, headline: str, reason: str, *, at=NOON):
    edition = submit_statement(make_statement(by, headline), by=by, at=at)
    workflow.publish_urgently(
        edition, by=by, at=at, seen_digest=edition.digest, reason=reason, password=PASSWORD
    )
    return edition


@pytest.mark.django_db
def test_a_site_without_urgent_publications_has_an_empty_report(client, frozen, max):
    frozen(NOON)
    client.force_login(max)
    page = client.get(reverse("admin:urgent_publications"))
    assert (page.status_code, page.context["share"].urgent) == (200, [])


@pytest.mark.django_db
def test_managers_see_the_share_of_urgent_publications(client, frozen, ann, ed, max):
    publish_urgently(ed, "Long ago", "Flood.", at=NOON - 91 * DAY)
    first = publish_urgently(ed, "First", "The river rises.", at=NOON)
    workflow.take_second_look(first, by=max, at=NOON + 3 * HOUR, seen_digest=first.digest)
    publish_urgently(max, "Second", "the river  rises!", at=NOON + HOUR)
    for number in range(2):
        approve_edition(submit_statement(make_statement(ann, f"Plain {number}"), by=ann), by=ed)
    share = compute_share(at=NOON + 4 * HOUR)
    assert (len(share.urgent), share.releases, share.percent) == (2, 4, 50)
    assert (
        share.median_hours,
        [publication.edition.headline for publication in share.awaiting_second_look],
    ) == (
        3.0,
        ["Second"],
    )
    assert sorted(share.counts_by_person) == [("Ed", 1), ("Max", 1)]
    assert [publication.is_repeated for publication in share.urgent] == [True, False]
    frozen(NOON + 4 * HOUR)
    client.force_login(max)
    page = client.get(reverse("admin:urgent_publications")).content.decode()
    assert "2 of 4 releases in the last 90 days, 50 %, were published by one person alone." in page
    client.force_login(ed)
    assert client.get(reverse("admin:urgent_publications")).status_code == 403


@pytest.mark.django_db
def test_a_repeated_reason_comes_back_once_with_a_box_to_confirm(client, frozen, ed, max):
    publish_urgently(max, "The flood", "The minister speaks at six.")
    edition = submit_statement(make_statement(ed, "Now this"), by=ed)
    frozen(NOON + HOUR)
    client.force_login(ed)
    address = reverse("admin:statements_edition_decide", args=[edition.pk, "publish-urgently"])
    typed = {
        "seen_digest": edition.digest,
        "seen_version": refetch_edition(edition).statement.version,
        "reason": "the minister speaks, at six",
        "checked": "on",
        "password": PASSWORD,
    }
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert (
        "This is the reason that max gave last time, on 1 March 2044, for “The flood”. Is it still "
        "true? Confirm it below, or give another reason."
    ) in html.unescape(answer.content.decode())
    assert b'name="still_true"' in answer.content
    assert refetch_edition(edition).release_at is None
    client.post(address, typed | {"still_true": "on"})
    assert refetch_edition(edition).release_at == NOON + HOUR


@given(st.text(alphabet="abc xyz.,", min_size=1))
def test_case_punctuation_and_spaces_do_not_change_a_reason(reason):
    words = reason.replace(".", " ").replace(",", " ").split()
    assert is_repeated(reason, "  " + " ".join(words).upper() + " !") == bool(words)


def test_a_different_reason_is_not_repeated():
    assert not is_repeated("The minister speaks at six.", "A child is missing since noon.")
