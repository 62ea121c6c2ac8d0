"""The page of a grave decision states the consequences and keeps what was typed."""

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

GRAVE = ["withdraw", "restore", "suppress", "request-erasure", "erase", "cancel"]


@pytest.fixture
def public(ann, ed, frozen):
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "We welcome it"), by=ann), by=ed)


def decide_url(edition, key: str) -> str:
    return reverse("admin:statements_edition_decide", args=[edition.pk, key])


def read_preview(answer) -> str:
    """Return the page in the frame, as readers would get it."""
    frame = re.search(r'srcdoc="(.*?)" title', answer.content.decode(), re.DOTALL)
    return html.unescape(frame[1]) if frame else ""


def list_items(answer, heading: str) -> list[str]:
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
def test_each_person_sees_only_the_forms_they_may_use(client, request, public, person, may):
    client.force_login(request.getfixturevalue(person))
    answers = {key: client.get(decide_url(public, key)) for key in GRAVE}
    shown = [key for key, answer in answers.items() if b'name="seen_digest"' in answer.content]
    assert shown == may
    assert {answer.status_code for answer in answers.values()} <= {200, 403}
    if person == "ann":
        refused = answers["withdraw"].content.decode()
        assert "To withdraw a statement you need to be an Editor or a Manager." in refused


def test_the_page_lists_the_consequences_for_this_edition(client, public, ann, ed):
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
    follows = list_items(client.get(decide_url(public, "withdraw")), "follows")
    assert follows[3:] == [
        "Edition 2, which was to go out on Wednesday 2 March 2044, 12:00 GMT, is put on hold.",
        "“Croeso”, the same in another language, stays public: withdraw it separately if "
        "it has to go as well.",
        "1 statement names it as a related article. It is no longer shown there.",
    ]


@pytest.mark.parametrize("kind", ["notice", "gone"])
def test_the_preview_is_what_readers_get(client, frozen, public, ed, kind):
    client.force_login(ed)
    typed = {"kind": kind, "notice": "Our figures & <sums> were wrong."}
    preview = client.post(decide_url(public, "withdraw"), typed | {"_preview": "1"})
    assert not Withdrawal.objects.exists()
    assert "Our figures &amp; &lt;sums&gt; were wrong." in preview.content.decode()
    client.post(decide_url(public, "withdraw"), typed)
    client.logout()
    readers = client.get(f"/statements/{public.slug}/").content.decode()
    main = re.compile(r"<(article|h1).*?(</article>|</p>)", re.DOTALL)
    ours, theirs = main.search(read_preview(preview)), main.search(readers)
    assert ours
    assert theirs
    assert ours[0] == theirs[0]


def test_a_redirect_says_where_readers_are_sent(client, public, ed):
    client.force_login(ed)
    typed = {"kind": "gone", "notice": "See there.", "target": "/", "_preview": "1"}
    answer = client.post(decide_url(public, "withdraw"), typed)
    assert "Readers who open its URL are sent on to /." in answer.content.decode()
    assert read_preview(answer) == ""


def test_a_refusal_comes_back_on_the_same_page_with_what_was_typed(client, public, ed):
    client.force_login(ed)
    own = f"/statements/{public.slug}/"
    typed = {"kind": "gone", "notice": "Our figures were wrong.", "target": own}
    answer = client.post(decide_url(public, "withdraw"), typed)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert f"“{own}” is this statement’s own address: readers would go in a circle." in page
    assert "Our figures were wrong.</textarea>" in page


def test_a_decision_that_comes_too_late_keeps_the_typed_text(client, public, ed, max):
    workflow.withdraw(public, by=max, at=NOON + MINUTE, kind="gone", notice="Wrong.")
    client.force_login(ed)
    answer = client.post(
        decide_url(public, "withdraw"), {"kind": "gone", "notice": "My long notice."}
    )
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


def test_a_manager_previews_the_page_of_a_removed_wording(client, earlier, max):
    client.force_login(max)
    answer = client.get(decide_url(earlier, "suppress"))
    assert "Earlier wording removed" in read_preview(answer)
    client.post(decide_url(earlier, "suppress"), {"reason": "A child's name."})
    assert refetch_edition(earlier).suppressed_at == NOON + HOUR


def test_an_erasure_asks_the_second_manager_for_a_password(client, earlier, ed, max):
    workflow.request_erasure(earlier, by=max, at=NOON + MINUTE, reason="Order 12.")
    second = ed
    second.groups.set(max.groups.all())
    client.force_login(second)
    page = client.get(decide_url(earlier, "erase"))
    assert "Nobody can bring the words back, not even with a command." in list_items(
        page, "for-good"
    )
    assert "Earlier wording removed" in read_preview(page)
    typed = {"seen_digest": earlier.digest, "password": "not this"}
    answer = client.post(decide_url(earlier, "erase"), typed)
    assert answer.status_code == 422
    assert "not this" not in answer.content.decode()
    client.post(decide_url(earlier, "erase"), typed | {"password": PASSWORD})
    assert refetch_edition(earlier).erased_by == second


def test_the_statement_leads_to_the_page_and_holds_no_grave_form(client, public, ed):
    client.force_login(ed)
    hub = client.get(reverse("admin:statements_statement_hub", args=[public.statement_id]))
    page = hub.content.decode()
    assert f'href="{decide_url(public, "withdraw")}"' in page
    assert f'action="{decide_url(public, "withdraw")}"' not in page
