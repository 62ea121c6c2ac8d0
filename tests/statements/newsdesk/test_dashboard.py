"""What is waiting, for whom."""

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import Autosave
from statements.newsdesk import autosave, dashboard
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON + HOUR)


def shown(user) -> dict[str, list[str]]:
    """Section → headlines, as this person finds them; what is empty is left out."""
    context = dashboard.build_context(user)
    sections = [*context["columns"][0], *context["columns"][1], context["urgent"]]
    return {s.key: [row.headline for row in s.visible_rows] for s in sections if s.rows}


def test_each_finds_what_waits_for_them(ann, ed, max):
    make_statement(ann, "A draft")
    waiting = submit_statement(make_statement(ann, "Waiting"), by=ann)
    back = submit_statement(make_statement(ann, "Sent back"), by=ann)
    workflow.send_back(back, by=ed, at=NOON, seen_digest=back.digest, note="Who?")
    approve_edition(submit_statement(make_statement(ann, "Held"), by=ann), by=ed, release_at=None)
    approve_edition(
        submit_statement(make_statement(ann, "Tomorrow"), by=ann), by=ed, release_at=NOON + DAY
    )
    approve_edition(submit_statement(make_statement(ann, "Public"), by=ann), by=ed)
    everybody = {"scheduled": ["Tomorrow"], "held": ["Held"], "recent": ["Public"]}
    own = {"sent-back": ["Sent back"], "drafts": ["A draft"]}
    assert shown(ann) == everybody | own | {"waiting": ["Waiting"]}
    assert shown(ed) == everybody | {"yours": ["Waiting"]}
    assert refetch_edition(waiting).approved_by is None


def what_now(user) -> str:
    yours, others = dashboard.build_review_sections(user, NOON, editor=True)
    (row,) = [*yours.visible_rows, *others.visible_rows]
    return row.what_now


def test_an_editor_is_told_which_words_are_theirs_to_approve(ann, ed, max):
    statement = make_statement(ann)
    rewrite_passage(statement, "With ed's comma.", by=ed)
    edition = submit_statement(statement, by=ann)
    assert what_now(max) == "Yours to approve"
    assert what_now(ed).startswith("You had a hand in it")
    workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    assert what_now(ed) == "Countersigned: yours to approve"


def test_an_urgent_release_stays_until_a_second_person_has_looked(ann, ed, max):
    edition = submit_statement(make_statement(ed, "Flood"), by=ed)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Flood", password=PASSWORD
    )
    for user in (ann, ed, max):
        assert shown(user)["urgent"] == ["Flood"]
    workflow.take_second_look(refetch_edition(edition), by=max, at=NOON, seen_digest=edition.digest)
    assert "urgent" not in shown(ann)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_costs_the_same_for_any_number(
    client, ann, ed, rows, django_assert_num_queries
):
    for number in range(rows):
        submit_statement(make_statement(ann, f"Waiting {number}"), by=ann)
        approve_edition(
            submit_statement(make_statement(ann, f"Held {number}"), by=ann), by=ed, release_at=None
        )
        make_statement(ed, f"Draft {number}")
        typed(ed, f"form-of-{number}-and-more", statement=make_statement(ann, f"Open {number}"))
    client.force_login(ed)
    client.get(reverse("admin:index"))
    with django_assert_num_queries(24):
        client.get(reverse("admin:index"))


def test_a_stranger_gets_no_further_than_the_door(client, sam):
    client.force_login(sam)
    assert client.get(reverse("admin:index")).status_code == 302


# --- Never saved ----------------------------------------------------------------------------------


def typed(by, key: str, *, statement=None, headline: str = "A headline") -> None:
    autosave.save({"headline": [headline]}, key=key, statement=statement, by=by, at=NOON)


def unsaved(user) -> list[tuple[str, str]]:
    (section,) = dashboard.build_unsaved_sections(user, NOON + HOUR) or [
        dashboard.DashboardSection("", "", "")
    ]
    return [(offer.title, offer.when) for offer in section.visible_rows]


def test_text_that_was_never_saved_is_offered_to_its_typist_alone(client, ann, ed):
    typed(ann, "of-a-new-one", headline="Not yet a statement")
    typed(ann, "of-one-there-is", statement=make_statement(ed, "Saved headline"))
    assert unsaved(ed) == []
    assert unsaved(ann) == [
        ("Saved headline", "today, 12:00"),
        ("Not yet a statement", "today, 12:00"),
    ]
    client.force_login(ed)
    assert "never saved" not in client.get(reverse("admin:index")).content.decode()
    client.force_login(ann)
    assert "Text of yours that was never saved" in (
        client.get(reverse("admin:index")).content.decode()
    )


def test_text_is_taken_back_or_discarded_from_the_front_page(client, ann):
    typed(ann, "of-a-new-one", headline="Not yet a statement")
    client.force_login(ann)
    row = Autosave.objects.get()
    restore = {"from": "front-page", "_restore": row.pk}
    form = client.post(reverse("admin:statements_statement_add"), restore)
    assert form.status_code == 200
    assert 'value="Not yet a statement"' in form.content.decode()
    discard = reverse("admin:statements_autosave_discard", args=[row.pk])
    answer = client.post(discard, {"from": "front-page"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "That text is discarded." in answer.content.decode()
    assert unsaved(ann) == []


# --- See all --------------------------------------------------------------------------------------


def test_see_all_leads_to_the_same_statements(client, ann, ed):
    make_statement(ed, "Of another")
    make_statement(ann, "A draft")
    back = submit_statement(make_statement(ann, "Sent back"), by=ann)
    workflow.send_back(back, by=ed, at=NOON, seen_digest=back.digest, note="Who?")
    public = approve_edition(submit_statement(make_statement(ann, "Public"), by=ann), by=ed)
    rewrite_passage(public.statement, "Corrected.", by=ann)
    submit_statement(public.statement, by=ann, amendment="typo")
    approve_edition(submit_statement(make_statement(ann, "Held"), by=ann), by=ed, release_at=None)
    approve_edition(
        submit_statement(make_statement(ann, "To come"), by=ann), by=ed, release_at=NOON + DAY
    )
    client.force_login(ann)
    led = {}
    for section in [s for column in dashboard.build_context(ann)["columns"] for s in column]:
        if section.rows and section.list_query:
            listed = client.get(
                f"{reverse('admin:statements_statement_changelist')}?{section.list_query}"
            )
            led[section.key] = sorted(str(one) for one in listed.context["cl"].result_list)
    assert led == {
        "sent-back": ["Sent back"],
        "drafts": ["A draft"],
        "waiting": ["Public"],
        "scheduled": ["To come"],
        "held": ["Held"],
        "pending": ["Public"],
    }


# --- Waiting for you ------------------------------------------------------------------------------


def test_the_soonest_release_comes_first_and_then_the_longest_waiting(ann, ed):
    submit_statement(make_statement(ann, "Long ago"), by=ann, at=NOON - DAY)
    submit_statement(make_statement(ann, "Since noon"), by=ann)
    submit_statement(
        make_statement(ann, "Wanted in two days", requested_release_at=NOON + 2 * DAY), by=ann
    )
    agreed = approve_edition(
        submit_statement(make_statement(ann, "First"), by=ann), by=ed, release_at=NOON + DAY
    )
    rewrite_passage(agreed.statement, "Newer words.", by=ann)
    submit_statement(agreed.statement, by=ann)
    assert shown(ed)["yours"] == ["First", "Wanted in two days", "Long ago", "Since noon"]


def test_who_is_asked_to_countersign_finds_it_until_they_have(ann, ed, max):
    edition = submit_statement(make_statement(ed, "Agreed?"), by=ed)
    assert "yours" not in shown(ann)
    workflow.request_countersignature(
        edition, by=ed, at=NOON, seen_digest=edition.digest, person=ann
    )
    assert shown(ann)["yours"] == ["Agreed?"]
    workflow.countersign(refetch_edition(edition), by=ann, at=NOON, seen_digest=edition.digest)
    assert "yours" not in shown(ann)
    assert shown(ed)["yours"] == ["Agreed?"]


# --- Counts ---------------------------------------------------------------------------------------


def test_a_number_is_right_beyond_what_is_shown_and_says_when_it_stops(ann, ed, monkeypatch):
    for number in range(dashboard.MAX_SECTION_ROWS + 2):
        submit_statement(make_statement(ann, f"Waiting {number}"), by=ann)
    yours, others = dashboard.build_review_sections(ed, NOON, editor=True)
    assert (yours.count, len(yours.visible_rows), others.count) == ("14", 12, "0")
    monkeypatch.setattr(dashboard, "MAX_COUNTED_ROWS", 13)
    assert dashboard.build_review_sections(ed, NOON, editor=True)[0].count == "more than 13"


# --- Public, with a change under way --------------------------------------------------------------


def test_a_change_to_what_is_public_is_pending_until_it_is_out(ann, ed):
    def pending() -> list[tuple[str, str]]:
        return [
            (s.headline, s.last_state)
            for s in dashboard.build_in_progress_section(NOON + HOUR).visible_rows
        ]

    edition = approve_edition(submit_statement(make_statement(ann, "Public"), by=ann), by=ed)
    edition.statement.__class__.objects.update(changed_at=NOON)
    submit_statement(make_statement(ann, "Never public"), by=ann)
    assert pending() == []
    rewrite_passage(edition.statement, "Corrected.", by=ann)
    edition.statement.__class__.objects.filter(headline="Public").update(changed_at=NOON + HOUR)
    assert pending() == [("Public", "approved")]
    second = submit_statement(edition.statement, by=ann, amendment="typo", at=NOON + HOUR)
    assert pending() == [("Public", "in_review")]
    workflow.send_back(second, by=ed, at=NOON + HOUR, seen_digest=second.digest, note="Shorter.")
    assert pending() == [("Public", "sent_back")]
    rewrite_passage(edition.statement, "Short.", by=ann)
    third = submit_statement(edition.statement, by=ann, amendment="typo", at=NOON + HOUR)
    edition.statement.__class__.objects.update(changed_at=NOON)
    approve_edition(third, by=ed, at=NOON + HOUR, release_at=NOON + 2 * HOUR)
    assert pending() == [("Public", "approved")]
    assert dashboard.build_in_progress_section(NOON + 2 * HOUR).visible_rows == []


# --- Hold, right there ----------------------------------------------------------------------------


def test_anybody_holds_from_the_front_page_and_is_back_there(client, ann, ed):
    edition = approve_edition(
        submit_statement(make_statement(ann, "Tomorrow"), by=ann), by=ed, release_at=NOON + DAY
    )
    rewrite_passage(edition.statement, "Newer.", by=ann)
    submit_statement(edition.statement, by=ann)
    client.force_login(ann)
    page = client.get(reverse("admin:index")).content.decode()
    assert "The EARLIER wording goes out at 12:00 unless held: newer words are in review." in page
    hold = reverse("admin:statements_edition_decide", args=[edition.pk, "hold"])
    assert f'action="{hold}"' in page
    answer = client.post(hold, {"seen_digest": edition.digest, "back": "front"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Edition 1 is held: nothing is public until somebody releases it." in (
        answer.content.decode()
    )
    assert refetch_edition(edition).is_on_hold
