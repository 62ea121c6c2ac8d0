"""Each grave decision has a page that states what follows, and keeps what was typed."""

import html
import re

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import RelatedStatement, Withdrawal
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db

GRAVE = ["withdraw", "restore", "suppress", "ask-erasure", "erase", "cancel"]


@pytest.fixture
def public(ann, ed, frozen):
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "We welcome it"), by=ann), by=ed)


def address(edition, key: str) -> str:
    return reverse("admin:statements_edition_decide", args=[edition.pk, key])


def foreseen(answer) -> str:
    """The page in the frame, as its readers would get it."""
    frame = re.search(r'srcdoc="(.*?)" title', answer.content.decode(), re.DOTALL)
    return html.unescape(frame[1]) if frame else ""


def listed(answer, heading: str) -> list[str]:
    part = answer.content.decode().split(f'aria-labelledby="{heading}"')[1].split("</section>")[0]
    return [html.unescape(line) for line in re.findall(r"<li>(.*?)</li>", part)]


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("ann", []),
        ("ed", ["withdraw"]),
        ("max", ["withdraw"]),
    ],
)
def test_of_a_public_edition_each_sees_the_forms_that_are_theirs(
    client, request, public, person, may
):
    client.force_login(request.getfixturevalue(person))
    answers = {key: client.get(address(public, key)) for key in GRAVE}
    shown = [key for key, answer in answers.items() if b'name="seen_digest"' in answer.content]
    assert shown == may
    assert {answer.status_code for answer in answers.values()} <= {200, 403}
    if person == "ann":
        refused = answers["withdraw"].content.decode()
        assert "To withdraw a statement you need to be an Editor or a Manager." in refused


def test_the_page_says_what_follows_from_withdrawing_this_very_edition(client, public, ann, ed):
    other = make_statement(ann, "Names it")
    RelatedStatement.objects.create(statement=other, to=public.statement)
    rewrite_passage(public.statement, "We do not.", by=ann)
    next_one = submit_statement(
        public.statement, by=ann, amendment="correction", public_note="Not so."
    )
    approve_edition(next_one, by=ed, release_at=NOON + 24 * HOUR)
    welsh = make_statement(ann, "Croeso", translation_of=public.statement, language="cy")
    approve_edition(submit_statement(welsh, by=ann), by=ed)
    client.force_login(ed)
    follows = listed(client.get(address(public, "withdraw")), "follows")
    assert follows[3:] == [
        "Edition 2, which was to go out on Wednesday 2 March 2044, 12:00 GMT, is held.",
        "“Croeso”, the same in another language, stays public: take it back by itself if it has "
        "to go as well.",
        "1 statement names it as a related article. It is no longer shown there.",
    ]


@pytest.mark.parametrize("kind", ["notice", "gone"])
def test_what_is_foreseen_is_what_readers_get(client, frozen, public, ed, kind):
    client.force_login(ed)
    typed = {"kind": kind, "notice": "Our figures & <sums> were wrong."}
    seen = client.post(address(public, "withdraw"), typed | {"_preview": "1"})
    assert not Withdrawal.objects.exists()
    assert "Our figures &amp; &lt;sums&gt; were wrong." in seen.content.decode()
    client.post(address(public, "withdraw"), typed)
    client.logout()
    readers = client.get(f"/statements/{public.slug}/").content.decode()
    main = re.compile(r"<(article|h1).*?(</article>|</p>)", re.DOTALL)
    ours, theirs = main.search(foreseen(seen)), main.search(readers)
    assert ours
    assert theirs
    assert ours[0] == theirs[0]


def test_a_redirect_says_where_readers_are_sent(client, public, ed):
    client.force_login(ed)
    typed = {"kind": "gone", "notice": "See there.", "target": "/", "_preview": "1"}
    answer = client.post(address(public, "withdraw"), typed)
    assert "Readers who come to its address are sent on to /." in answer.content.decode()
    assert foreseen(answer) == ""


def test_a_refusal_comes_back_on_the_same_page_with_what_was_typed(client, public, ed):
    client.force_login(ed)
    own = f"/statements/{public.slug}/"
    typed = {"kind": "gone", "notice": "Our figures were wrong.", "target": own}
    answer = client.post(address(public, "withdraw"), typed)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert f"“{own}” is this statement’s own address: readers would go in a circle." in page
    assert "Our figures were wrong.</textarea>" in page


def test_who_is_too_late_still_reads_what_they_typed(client, public, ed, max):
    workflow.withdraw(public, by=max, at=NOON + MINUTE, kind="gone", notice="Wrong.")
    client.force_login(ed)
    answer = client.post(address(public, "withdraw"), {"kind": "gone", "notice": "My long notice."})
    assert answer.status_code == 422
    assert "My long notice." in answer.content.decode()
    assert b'name="seen_digest"' not in answer.content


@pytest.fixture
def earlier(public, ann, ed):
    rewrite_passage(public.statement, "We do not.", by=ann)
    later = submit_statement(
        public.statement, by=ann, amendment="correction", public_note="Not so."
    )
    approve_edition(later, by=ed, release_at=NOON + MINUTE)
    return refetch_edition(public)


def test_a_manager_foresees_the_place_of_a_removed_wording(client, earlier, max):
    client.force_login(max)
    answer = client.get(address(earlier, "suppress"))
    assert "Earlier wording removed" in foreseen(answer)
    client.post(address(earlier, "suppress"), {"reason": "A child's name."})
    assert refetch_edition(earlier).suppressed_at == NOON + HOUR


def test_an_erasure_asks_the_second_manager_for_a_password(client, earlier, ed, max):
    workflow.request_erasure(earlier, by=max, at=NOON + MINUTE, reason="Order 12.")
    second = ed
    second.groups.set(max.groups.all())
    client.force_login(second)
    page = client.get(address(earlier, "erase"))
    assert "Nobody can bring the words back, on no screen and by no command." in listed(
        page, "for-good"
    )
    assert "Earlier wording removed" in foreseen(page)
    typed = {"seen_digest": earlier.digest, "password": "not this"}
    answer = client.post(address(earlier, "erase"), typed)
    assert answer.status_code == 422
    assert "not this" not in answer.content.decode()
    client.post(address(earlier, "erase"), typed | {"password": PASSWORD})
    assert refetch_edition(earlier).erased_by == second


def test_the_review_page_leads_to_the_page_and_holds_no_grave_form(client, public, ed):
    client.force_login(ed)
    review = client.get(reverse("admin:statements_edition_review", args=[public.pk]))
    page = review.content.decode()
    assert f'href="{address(public, "withdraw")}"' in page
    assert f'action="{address(public, "withdraw")}"' not in page
