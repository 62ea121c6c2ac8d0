"""Test the whole way in a browser: a text, two people, a release time, and no worker."""

import datetime as dt
import re
from pathlib import Path

from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from statements.models import Edition, State
from statements.roles import EDITOR
from tests.cast import MINUTE, make_organisation, make_speaker

DOCUMENT = (Path(__file__).parent.parent / "fixtures" / "adcs-comment.txt").read_text("utf-8")
HEADLINE = "CSE and Missing Children Thematic Report - ADCS Comment"


def next_whole_minute() -> dt.datetime:
    """Return the first that leaves time to press the button before it."""
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
    return soon.replace(second=0, microsecond=0) + MINUTE


def test_a_text_is_drafted_approved_by_another_and_public_at_its_minute(
    page: Page, signed_in, ann, ed, frozen
):
    ann.groups.add(Group.objects.get(name=EDITOR))  # so that only having written it stops her
    make_organisation("Association of Directors of Children’s Services", slug="adcs")

    writer = signed_in(ann)
    writer.get_by_role("link", name="Start from a document").click()
    writer.locator("textarea[name=text]").fill(DOCUMENT)
    writer.get_by_role("button", name="Make a draft").click()
    expect(writer.locator("[name=headline]")).to_have_value(HEADLINE)
    writer.get_by_role("button", name="Submit for review").click()
    expect(writer.get_by_text("is with the editors")).to_be_visible()
    edition = Edition.objects.get()
    assert edition.state == State.IN_REVIEW

    # She may not approve her own text, neither with a button nor by a request of her own.
    review = f"/admin/statements/edition/{edition.pk}/review/"
    writer.goto(review)
    expect(writer.get_by_role("button", name="Approve", exact=False)).to_have_count(0)
    token = next(c["value"] for c in writer.context.cookies() if c["name"] == "csrftoken")
    refused = writer.request.post(
        review.replace("review/", "decide/approve-now/"),
        form={"csrfmiddlewaretoken": token, "seen_digest": edition.digest},
        headers={"Referer": writer.url},
    )
    assert refused.status == 422
    assert "had a hand in these words" in refused.text()

    editor = signed_in(ed)
    editor.get_by_role("link", name=HEADLINE).first.click()
    expect(editor.get_by_role("heading", name=HEADLINE, level=1)).to_be_visible()
    release = next_whole_minute()
    editor.get_by_role("link", name="Approve…").first.click()
    editor.get_by_label("Release time").fill(f"{timezone.localtime(release):%Y-%m-%dT%H:%M}")
    editor.get_by_role("button", name="Use this time").click()
    editor.get_by_role("button", name="Approve for").click()
    expect(editor.get_by_text("Approved.").first).to_be_visible()
    edition.refresh_from_db()
    assert (edition.approved_by, edition.release_at) == (ed, release)

    # Nothing but the clock changes between these two seconds.
    url = f"/statements/{edition.slug}/"
    frozen(release - dt.timedelta(seconds=1))
    before = page.goto(url)
    assert before
    assert before.status == 404
    assert HEADLINE not in page.content()
    page.goto("/")
    assert HEADLINE not in page.content()

    frozen(release)
    after = page.goto(url)
    assert after
    assert after.status == 200
    expect(page.get_by_role("heading", name=HEADLINE, level=1)).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page).to_have_url(re.compile(re.escape(url)))

    text = page.request.get(f"/statements/{edition.slug}.txt").text()
    words = DOCUMENT.rsplit("Related Articles", 1)[0].strip()
    assert text.split("\n\n* * *\n\n")[0] == re.sub(r"\n{2,}", "\n\n", words)


def test_the_simple_case_takes_two_people_and_at_most_ten_actions(page: Page, signed_in, ann, ed):
    make_speaker()  # with the only organisation that publishes
    writer, editor = signed_in(ann), signed_in(ed)
    actions = [
        lambda: writer.get_by_role("link", name="New statement", exact=True).click(),
        lambda: writer.get_by_label("Headline").fill("We welcome the report"),
        lambda: writer.locator("#passages-0 [data-voice-open]").click(),
        lambda: writer.locator(".voices .found button", has_text="Dave Hill").click(),
        lambda: writer.locator("#passages-0 .ProseMirror").first.fill("It is a good report."),
        lambda: (
            writer.get_by_role("button", name="Submit for review").click(),
            expect(writer.get_by_text("is with the editors")).to_be_visible(),
        ),
        lambda: (
            editor.reload(),  # the dashboard
            editor.get_by_role("link", name="We welcome the report").first.click(),
        ),
        lambda: editor.get_by_role("link", name="Approve…").first.click(),
        lambda: editor.get_by_role("link", name="Publish now…").click(),
        lambda: editor.get_by_role("button", name="Approve and publish now").click(),  # confirms
    ]
    for action in actions:
        action()
    expect(editor.get_by_text("is on the site now").first).to_be_visible()
    answer = page.goto("/statements/we-welcome-the-report/")
    assert answer
    assert answer.status == 200
    expect(page.get_by_text("It is a good report.")).to_be_visible()
    assert len(actions) <= 10
