"""The dashboard: what waits for whom."""

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


def list_sections(user) -> dict[str, list[str]]:
    """Return the headlines of each section that is not empty."""
    context = dashboard.build_context(user)
    sections = [*context["columns"][0], *context["columns"][1], context["urgent"]]
    return {s.key: [row.headline for row in s.visible_rows] for s in sections if s.rows}


def test_each_person_sees_what_waits_for_them(ann, ed, max):
    make_statement(ann, "A draft")
    waiting = submit_statement(make_statement(ann, "Waiting"), by=ann)
    back = submit_statement(make_statement(ann, "Sent back"), by=ann)
    workflow.send_back(back, by=ed, at=NOON, seen_digest=back.digest, note="Who?")
    approve_edition(submit_statement(make_statement(ann, "Held"), by=ann), by=ed, release_at=None)
    approve_edition(
        submit_statement(make_statement(ann, "Tomorrow"), by=ann), by=ed, release_at=NOON + DAY
    )
    approve_edition(submit_statement(make_statement(ann, "Public"), by=ann), by=ed)
    everybody = {"scheduled": ["Tomorrow"], "on-hold": ["Held"], "recent": ["Public"]}
    own = {"sent-back": ["Sent back"], "drafts": ["A draft"]}
    assert list_sections(ann) == everybody | own | {"waiting": ["Waiting"]}
    assert list_sections(ed) == everybody | {"yours": ["Waiting"]}
    assert refetch_edition(waiting).approved_by is None


def find_next_step(user) -> str:
    yours, others = dashboard.build_review_sections(user, NOON, is_editor=True)
    (row,) = [*yours.visible_rows, *others.visible_rows]
    return row.next_step


def test_an_editor_sees_which_editions_they_can_approve(ann, ed, max):
    statement = make_statement(ann)
    rewrite_passage(statement, "With ed's comma.", by=ed)
    edition = submit_statement(statement, by=ann)
    assert find_next_step(max) == "Yours to approve"
    assert find_next_step(ed).startswith("You contributed")
    workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    assert find_next_step(ed) == "Countersigned: yours to approve"


def test_an_urgent_publication_is_listed_until_its_second_look(ann, ed, max):
    edition = submit_statement(make_statement(ed, "Flood"), by=ed)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Flood", password=PASSWORD
    )
    for user in (ann, ed, max):
        assert list_sections(user)["urgent"] == ["Flood"]
    workflow.take_second_look(refetch_edition(edition), by=max, at=NOON, seen_digest=edition.digest)
    assert "urgent" not in list_sections(ann)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_dashboard_costs_the_same_for_any_number(
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


def test_a_stranger_has_to_sign_in(client, sam):
    client.force_login(sam)
    assert client.get(reverse("admin:index")).status_code == 302


# --- Unsaved text ---------------------------------------------------------------------------------


def typed(by, key: str, *, statement=None, headline: str = "A headline") -> None:
    autosave.save({"headline": [headline]}, key=key, statement=statement, by=by, at=NOON)


def unsaved(user) -> list[tuple[str, str]]:
    (section,) = dashboard.build_unsaved_sections(user, NOON + HOUR) or [
        dashboard.DashboardSection("", "", "")
    ]
    return [(offer.title, offer.when) for offer in section.visible_rows]


def test_only_the_person_who_typed_unsaved_text_sees_it(client, ann, ed):
    typed(ann, "of-a-new-one", headline="Not yet a statement")
    typed(ann, "of-one-there-is", statement=make_statement(ed, "Saved headline"))
    assert unsaved(ed) == []
    assert unsaved(ann) == [
        ("Saved headline", "today, 12:00"),
        ("Not yet a statement", "today, 12:00"),
    ]
    client.force_login(ed)
    assert "Your unsaved text" not in client.get(reverse("admin:index")).content.decode()
    client.force_login(ann)
    assert "Your unsaved text" in (client.get(reverse("admin:index")).content.decode())


def test_text_is_restored_or_discarded_from_the_dashboard(client, ann):
    typed(ann, "of-a-new-one", headline="Not yet a statement")
    client.force_login(ann)
    row = Autosave.objects.get()
    restore = {"from": "dashboard", "_restore": row.pk}
    form = client.post(reverse("admin:statements_statement_add"), restore)
    assert form.status_code == 200
    assert 'value="Not yet a statement"' in form.content.decode()
    discard = reverse("admin:statements_autosave_discard", args=[row.pk])
    answer = client.post(discard, {"from": "dashboard"}, follow=True)
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
    statements = {}
    for section in [s for column in dashboard.build_context(ann)["columns"] for s in column]:
        if section.rows and section.list_query:
            listed = client.get(
                f"{reverse('admin:statements_statement_changelist')}?{section.list_query}"
            )
            statements[section.key] = sorted(
                str(statement) for statement in listed.context["cl"].result_list
            )
    assert statements == {
        "sent-back": ["Sent back"],
        "drafts": ["A draft"],
        "waiting": ["Public"],
        "scheduled": ["To come"],
        "on-hold": ["Held"],
        "in-progress": ["Public"],
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
    assert list_sections(ed)["yours"] == ["First", "Wanted in two days", "Long ago", "Since noon"]


def test_a_countersign_request_is_listed_until_it_is_done(ann, ed, max):
    edition = submit_statement(make_statement(ed, "Agreed?"), by=ed)
    assert "yours" not in list_sections(ann)
    workflow.request_countersignature(
        edition, by=ed, at=NOON, seen_digest=edition.digest, person=ann
    )
    assert list_sections(ann)["yours"] == ["Agreed?"]
    workflow.countersign(refetch_edition(edition), by=ann, at=NOON, seen_digest=edition.digest)
    assert "yours" not in list_sections(ann)
    assert list_sections(ed)["yours"] == ["Agreed?"]


# --- Counts ---------------------------------------------------------------------------------------


def test_a_count_is_right_beyond_the_shown_rows_up_to_its_limit(ann, ed, monkeypatch):
    for number in range(dashboard.MAX_SECTION_ROWS + 2):
        submit_statement(make_statement(ann, f"Waiting {number}"), by=ann)
    yours, others = dashboard.build_review_sections(ed, NOON, is_editor=True)
    assert (yours.count, len(yours.visible_rows), others.count) == ("14", 12, "0")
    monkeypatch.setattr(dashboard, "MAX_COUNTED_ROWS", 13)
    assert dashboard.build_review_sections(ed, NOON, is_editor=True)[0].count == "more than 13"


# --- Public, with a change in progress ------------------------------------------------------------


def test_a_change_to_a_public_statement_is_in_progress_until_it_is_public(ann, ed):
    def list_in_progress() -> list[tuple[str, str]]:
        return [
            (s.headline, s.last_state)
            for s in dashboard.build_in_progress_section(NOON + HOUR).visible_rows
        ]

    edition = approve_edition(submit_statement(make_statement(ann, "Public"), by=ann), by=ed)
    edition.statement.__class__.objects.update(changed_at=NOON)
    submit_statement(make_statement(ann, "Never public"), by=ann)
    assert list_in_progress() == []
    rewrite_passage(edition.statement, "Corrected.", by=ann)
    edition.statement.__class__.objects.filter(headline="Public").update(changed_at=NOON + HOUR)
    assert list_in_progress() == [("Public", "approved")]
    second = submit_statement(edition.statement, by=ann, amendment="typo", at=NOON + HOUR)
    assert list_in_progress() == [("Public", "in_review")]
    workflow.send_back(second, by=ed, at=NOON + HOUR, seen_digest=second.digest, note="Shorter.")
    assert list_in_progress() == [("Public", "sent_back")]
    rewrite_passage(edition.statement, "Short.", by=ann)
    third = submit_statement(edition.statement, by=ann, amendment="typo", at=NOON + HOUR)
    edition.statement.__class__.objects.update(changed_at=NOON)
    approve_edition(third, by=ed, at=NOON + HOUR, release_at=NOON + 2 * HOUR)
    assert list_in_progress() == [("Public", "approved")]
    assert dashboard.build_in_progress_section(NOON + 2 * HOUR).visible_rows == []


# --- Hold -----------------------------------------------------------------------------------------


def test_anybody_holds_from_the_dashboard_and_returns_there(client, ann, ed):
    edition = approve_edition(
        submit_statement(make_statement(ann, "Tomorrow"), by=ann), by=ed, release_at=NOON + DAY
    )
    rewrite_passage(edition.statement, "Newer.", by=ann)
    submit_statement(edition.statement, by=ann)
    client.force_login(ann)
    page = client.get(reverse("admin:index")).content.decode()
    assert (
        "The EARLIER wording goes out at 12:00 unless it is put on hold: a newer edition is in review."
        in page
    )
    hold = reverse("admin:statements_edition_decide", args=[edition.pk, "hold"])
    assert f'action="{hold}"' in page
    answer = client.post(hold, {"seen_digest": edition.digest, "back": "dashboard"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Edition 1 is on hold: nothing is public until somebody publishes it." in (
        answer.content.decode()
    )
    assert refetch_edition(edition).is_on_hold
