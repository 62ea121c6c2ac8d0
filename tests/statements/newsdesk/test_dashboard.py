"""The dashboard: what needs whom, what goes out next, and what else is under way."""

import datetime as dt

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import Autosave, Edition
from statements.newsdesk import autosave, dashboard, dashboard_needs, dashboard_section
from statements.newsdesk.dashboard_needs import build_review_sections
from statements.newsdesk.next_days import load_next_days
from statements.signoff.actions import record_phone_reply
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
    sections = [context["needs"], *context["sections"], context["on_hold"]]
    listed = {s.key: [row.headline for row in s.visible_rows] for s in sections}
    days = [row.headline for day in context["next_days"].days for row in day.releases]
    return {key: rows for key, rows in (listed | {"next": days}).items() if rows}


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
    everybody = {"next": ["Tomorrow"], "on-hold": ["Held"], "recent": ["Public"]}
    own = {"sent-back": ["Sent back"], "drafts": ["A draft"]}
    assert list_sections(ann) == everybody | own | {"waiting": ["Waiting"]}
    assert list_sections(ed) == everybody | {"needs": ["Waiting"]}
    assert refetch_edition(waiting).approved_by is None


def test_a_corrected_statement_was_published_once(ann, ed):
    statement = make_statement(ann, "Public")
    approve_edition(submit_statement(statement, by=ann), by=ed)
    rewrite_passage(statement, "Better words.", by=ann)
    note = {"amendment": "correction", "public_note": "It was too short."}
    edition = submit_statement(statement, by=ann, **note)
    approve_edition(edition, by=ed, release_at=NOON + HOUR / 2)
    assert list_sections(ed)["recent"] == ["Public"]


def find_next_step(user) -> str:
    yours, others = build_review_sections(user, NOON, is_editor=True)
    (row,) = [*yours.visible_rows, *others.visible_rows]
    return row.next_step


def test_an_editor_sees_which_editions_they_can_approve(ann, ed, max):
    statement = make_statement(ann)
    rewrite_passage(statement, "With ed's comma.", by=ed)
    edition = submit_statement(statement, by=ann)
    assert find_next_step(max) == "Approve"
    assert find_next_step(ed).startswith("You helped write this. Ask a colleague")
    workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    assert find_next_step(ed) == "Approve"


def test_an_urgent_publication_is_listed_until_its_second_look(ann, ed, max):
    edition = submit_statement(make_statement(ed, "Flood"), by=ed)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Flood", password=PASSWORD
    )
    assert list_sections(ann)["urgent"] == ["Flood"]
    for user in (ed, max):
        assert list_sections(user)["needs"] == ["Flood"]
    workflow.take_second_look(refetch_edition(edition), by=max, at=NOON, seen_digest=edition.digest)
    assert "urgent" not in list_sections(ann)
    assert "needs" not in list_sections(max)


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
    with django_assert_num_queries(28):
        client.get(reverse("admin:index"))


def test_a_stranger_has_to_sign_in(client, sam):
    client.force_login(sam)
    assert client.get(reverse("admin:index")).status_code == 302


# --- Unsaved text ---------------------------------------------------------------------------------


def typed(by, key: str, *, statement=None, headline: str = "A headline") -> None:
    autosave.save({"headline": [headline]}, key=key, statement=statement, by=by, at=NOON)


def unsaved(user) -> list[tuple[str, str]]:
    (section,) = dashboard.build_unsaved_sections(user, NOON + HOUR) or [
        dashboard_section.DashboardSection("", "", "")
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
    assert "Your unsaved words" not in client.get(reverse("admin:index")).content.decode()
    client.force_login(ann)
    assert "Your unsaved words" in (client.get(reverse("admin:index")).content.decode())


def test_text_is_restored_or_discarded_from_the_dashboard(client, ann):
    typed(ann, "of-a-new-one", headline="Not yet a statement")
    client.force_login(ann)
    row = Autosave.objects.get()
    restore = {"from": "dashboard", "_restore": row.pk}
    form = client.post(reverse("admin:statements_statement_add"), restore)
    assert form.status_code == 200
    assert "Not yet a statement</textarea>" in form.content.decode()
    discard = reverse("admin:statements_autosave_discard", args=[row.pk])
    answer = client.post(discard, {"from": "dashboard"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Discarded. The saved words did not change." in answer.content.decode()
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
    context = dashboard.build_context(ann)
    for section in [*context["sections"], context["on_hold"]]:
        if section.rows and section.list_query and section.key != "recent":
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
        "on-hold": ["Held"],
        "in-progress": ["Public"],
    }


# --- Needs you now ------------------------------------------------------------------------------


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
    assert list_sections(ed)["needs"] == ["First", "Wanted in two days", "Long ago", "Since noon"]


def test_a_countersign_request_is_listed_until_it_is_done(ann, ed, max):
    edition = submit_statement(make_statement(ed, "Agreed?"), by=ed)
    assert "needs" not in list_sections(ann)
    workflow.request_countersignature(
        edition, by=ed, at=NOON, seen_digest=edition.digest, person=ann
    )
    assert list_sections(ann)["needs"] == ["Agreed?"]
    workflow.countersign(refetch_edition(edition), by=ann, at=NOON, seen_digest=edition.digest)
    assert "needs" not in list_sections(ann)
    assert list_sections(ed)["needs"] == ["Agreed?"]


# --- Counts ---------------------------------------------------------------------------------------


def test_a_count_is_right_beyond_the_shown_rows_up_to_its_limit(ann, ed, monkeypatch):
    for number in range(dashboard_section.MAX_SECTION_ROWS + 2):
        submit_statement(make_statement(ann, f"Waiting {number}"), by=ann)
    yours, others = build_review_sections(ed, NOON, is_editor=True)
    assert (yours.count, len(yours.visible_rows), others.count) == ("14", 12, "0")
    monkeypatch.setattr(dashboard_section, "MAX_COUNTED_ROWS", 13)
    monkeypatch.setattr(dashboard_needs, "MAX_COUNTED_ROWS", 13)
    assert build_review_sections(ed, NOON, is_editor=True)[0].count == "more than 13"


# --- Published, with a change on the way ------------------------------------------------------------


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


# --- Next 7 days ----------------------------------------------------------------------------------


def list_days(at: dt.datetime) -> list[tuple[str, list[str]]]:
    return [
        (f"{day.weekday} {day.first.day} {day.month}", [row.headline for row in day.releases])
        for day in load_next_days(at).days
    ]


def test_the_next_seven_days_show_what_is_agreed_and_what_is_requested(ann, ed):
    for headline, days in (("Later", 9), ("In two days", 2)):
        approve_edition(
            submit_statement(make_statement(ann, headline), by=ann),
            by=ed,
            release_at=NOON + days * DAY,
        )
    wanted = make_statement(ann, "Wanted", requested_release_at=NOON + DAY)
    submit_statement(wanted, by=ann)
    assert list_days(NOON + HOUR) == [
        ("Today 1 Mar", []),
        ("Wed 2 Mar", ["Wanted"]),
        ("Thu 3 Mar", ["In two days"]),
        ("Fri 4 – 7 Mar", []),
    ]
    assert load_next_days(NOON + HOUR).has_more, "what comes later is only linked to"


# --- Objections -----------------------------------------------------------------------------------


def object_to(edition: Edition, by, *, at: dt.datetime = NOON) -> None:
    record_phone_reply(
        edition,
        by=by,
        at=at,
        seen_digest=edition.digest,
        name="Hannah Sorley",
        agrees=False,
        text="Not yet.",
        given_at=at,
    )


def test_at_the_same_time_what_somebody_objects_to_comes_first_and_in_red(client, ann, ed):
    for headline in ("First sent", "Second sent"):
        wanted = make_statement(ann, headline, requested_release_at=NOON + DAY)
        edition = submit_statement(wanted, by=ann)
    sooner = make_statement(ann, "Sooner", requested_release_at=NOON + 2 * HOUR)
    submit_statement(sooner, by=ann)
    object_to(edition, ann)
    assert list_sections(ed)["needs"] == ["Sooner", "Second sent", "First sent"]
    client.force_login(ed)
    page = client.get(reverse("admin:index")).content.decode()
    assert page.count('class="flag objection"') == 2, "in what needs you and in the next 7 days"


def test_an_objection_after_the_approval_needs_each_editor(ann, ed, max):
    edition = approve_edition(
        submit_statement(make_statement(ann, "Agreed"), by=ann), by=ed, release_at=NOON + DAY
    )
    assert "needs" not in list_sections(max)
    object_to(refetch_edition(edition), ann, at=NOON + HOUR)
    assert list_sections(ed)["needs"] == list_sections(max)["needs"] == ["Agreed"]
    assert "needs" not in list_sections(ann)


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
        "The earlier words (edition 1) still go out at 12:00. A newer edition is in review." in page
    )
    hold = reverse("admin:statements_edition_decide", args=[edition.pk, "hold"])
    assert f'action="{hold}"' in page
    answer = client.post(hold, {"seen_digest": edition.digest, "back": "dashboard"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Edition 1 is on hold. Nothing is published until someone sets a time." in (
        answer.content.decode()
    )
    assert refetch_edition(edition).is_on_hold
