"""Deciding takes few actions, on a phone as well, and nothing goes out by a slip."""

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from statements.models import Edition
from tests.cast import (
    DAY,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

PHONE = {"width": 390, "height": 844}


def an_hour_ago() -> dt.datetime:
    return timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=1)


def publish(ann, ed, headline: str) -> Edition:
    at = an_hour_ago()
    edition = submit_statement(make_statement(ann, headline), by=ann, at=at)
    return approve_edition(edition, by=ed, at=at, release_at=at)


def test_an_editor_approves_with_two_actions_and_a_confirmation(signed_in, ann, ed):
    requested = an_hour_ago() + DAY
    edition = submit_statement(
        make_statement(ann, "We welcome it", requested_release_at=requested),
        by=ann,
        at=an_hour_ago(),
    )
    editor = signed_in(ed)
    editor.reload()
    editor.get_by_role("link", name="We welcome it").first.click()
    editor.get_by_role("link", name="Approve…").first.click()
    assert refetch_edition(edition).approved_by is None
    editor.get_by_role("button", name="Approve for").click()
    expect(editor.get_by_text("You do not need to do anything else.").first).to_be_visible()
    assert refetch_edition(edition).release_at == requested


def test_a_correction_takes_two_people_seven_actions_and_a_confirmation(signed_in, ann, ed):
    publish(ann, ed, "We welcome it")
    author, editor = signed_in(ann), signed_in(ed)
    author.reload()
    actions = [
        lambda: author.get_by_role("link", name="Start a correction").first.click(),
        lambda: author.locator("#passages-0 .ProseMirror").first.fill("It is a great report."),
        lambda: author.locator(".kinds").get_by_text("Correction", exact=True).click(),
        lambda: author.get_by_label("Correction note").fill("The report is great, not good."),
        lambda: (
            author.get_by_role("button", name="Submit correction").click(),
            expect(author.get_by_text("is with the editors")).to_be_visible(),
        ),
        lambda: (
            editor.reload(),
            editor.get_by_role("link", name="We welcome it").first.click(),
        ),
        lambda: editor.get_by_role("link", name="Approve and publish now…").first.click(),
        lambda: editor.get_by_role("button", name="Approve and publish now").click(),  # confirms
    ]
    for action in actions:
        action()
    expect(editor.get_by_text("is on the site now").first).to_be_visible()
    assert Edition.objects.get(sequence=2).is_public(timezone.now())
    assert len(actions) <= 7 + 1


def test_the_decision_is_fixed_at_the_foot_of_a_phone(signed_in, ann, ed):
    submit_statement(make_statement(ann, "We welcome it"), by=ann, at=an_hour_ago())
    editor = signed_in(ed)
    editor.set_viewport_size(PHONE)
    editor.reload()
    editor.get_by_role("link", name="We welcome it").first.click()
    bar = editor.locator(".foot.on-phones")
    for place in ("top", "bottom"):
        editor.evaluate(f"scrollTo(0, {0 if place == 'top' else 'document.body.scrollHeight'})")
        expect(bar.get_by_role("link", name="Approve…")).to_be_in_viewport()
        expect(bar.get_by_role("link", name="Send back…")).to_be_in_viewport()


def test_withdrawing_on_a_phone_takes_four_actions(signed_in, ann, ed):
    edition = publish(ann, ed, "We welcome it")
    editor = signed_in(ed)
    editor.set_viewport_size(PHONE)
    editor.reload()
    actions = [
        lambda: editor.get_by_role("link", name="We welcome it", exact=True).first.click(),
        lambda: editor.get_by_role("link", name="Withdraw…").click(),
        lambda: editor.get_by_label("Tell readers why").fill("It answered the wrong report."),
        lambda: editor.get_by_role("button", name="Withdraw now").click(),
    ]
    for action in actions:
        action()
    expect(editor.get_by_text("Withdrawn. The words stay under your notice.")).to_be_visible()
    assert refetch_edition(edition).withdrawals.get().kind == "notice"


def test_the_link_beside_the_time_opens_the_chooser(signed_in, ann, ed):
    requested = an_hour_ago() + DAY
    edition = submit_statement(
        make_statement(ann, "We welcome it", requested_release_at=requested),
        by=ann,
        at=an_hour_ago(),
    )
    editor = signed_in(ed)
    editor.goto(f"/admin/statements/edition/{edition.pk}/decide/approve-and-schedule/")
    field = editor.get_by_label("Release time", exact=True)
    expect(field).to_be_hidden()
    editor.get_by_role("link", name="Change the release time").click()
    expect(field).to_be_focused()


def test_what_moved_meanwhile_comes_back_before_anything_is_approved(signed_in, ann, ed):
    edition = submit_statement(
        make_statement(ann, "We welcome it", requested_release_at=an_hour_ago() + DAY),
        by=ann,
        at=an_hour_ago(),
    )
    editor = signed_in(ed)
    editor.goto(f"/admin/statements/edition/{edition.pk}/decide/approve-and-schedule/")
    rewrite_passage(edition.statement, "We regret it.", by=ann)
    editor.get_by_role("button", name="Approve for").click()
    expect(
        editor.get_by_role("heading", name="Something changed while you were deciding")
    ).to_be_visible()
    assert refetch_edition(edition).approved_by is None
