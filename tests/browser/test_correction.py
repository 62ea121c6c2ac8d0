"""Test a correction in a browser: preview the note while typing, change the text, submit."""

from playwright.sync_api import Page, expect

from statements import clock
from statements.models import Edition
from tests.cast import PASSWORD, approve_edition, make_statement, submit_statement


def test_a_note_is_previewed_while_it_is_typed(page: Page, ann, ed):
    at = clock.now()
    public = approve_edition(
        submit_statement(make_statement(ann, "We welcome it"), by=ann, at=at),
        by=ed,
        at=at,
        release_at=at,
    )
    errors: list[str] = []
    page.goto("/admin/")
    page.get_by_label("Username").fill(ann.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"/admin/statements/edition/{public.pk}/review/")
    page.get_by_role("link", name="Start a correction").click()
    page.get_by_label("Correction: something was wrong.").check()
    page.get_by_label("What should readers know?").fill("We said five. It is seven.")
    preview = page.frame_locator("#live-preview iframe")
    notice = preview.get_by_role("region", name="Correction")
    expect(notice).to_contain_text("We said five. It is seven.")
    expect(page.get_by_label("What should readers know?")).to_be_focused()
    page.get_by_role("button", name="Continue to the text").click()
    page.locator("#passages-0 .ProseMirror").first.fill("We welcome the seven reports.")
    page.get_by_role("button", name="Save and submit for review").click()
    newer = Edition.objects.get(statement=public.statement, sequence=2)
    assert (newer.amendment, newer.public_note) == ("correction", "We said five. It is seven.")
    assert errors == []
