"""Publishing is deliberate: one screen repeats what matters, and one more press decides."""

import html
import re

import pytest
from django.urls import reverse

from organisations.models import Contact
from statements import workflow
from statements.models import Action, Event, SensitivePeriod
from statements.signoff import actions
from statements.workflow import Refused
from tests.cast import (
    DAY,
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
from tests.make_files import attach_file

pytestmark = pytest.mark.django_db

MIDNIGHT = NOON.replace(day=2, hour=0, minute=1)


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def submit(ann, **fields):
    return submit_statement(make_statement(ann, "We welcome it", **fields), by=ann)


def decide_url(edition, key: str) -> str:
    return reverse("admin:statements_edition_decide", args=[edition.pk, key])


def load(client, edition, key: str, **asked) -> str:
    answer = client.get(decide_url(edition, key), asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def read_hidden_fields(page: str) -> dict[str, str]:
    """Return what the form of the page sends back without a person doing anything."""
    form = page[page.index('id="decide"') :]
    fields = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', form))
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def object_to(edition, *, by, at=NOON, name: str = "Hannah Sorley", text: str = "Not before 9."):
    return actions.record_phone_reply(
        edition, by=by, at=at, seen_digest=edition.digest, name=name, agrees=False, text=text
    )


def read_last_event(edition, action: Action) -> Event:
    return Event.objects.filter(edition=edition, action=action).latest("number")


# --- What it repeats ------------------------------------------------------------------------------


def test_it_repeats_headline_time_zone_publisher_contact_and_words(client, ann, ed):
    edition = submit(ann, requested_release_at=MIDNIGHT)
    client.force_login(ed)
    page = load(client, edition, "approve-and-schedule", read_at=NOON.isoformat())
    for said in (
        "You have not approved anything yet.",
        "We welcome it",
        "Wednesday 2 March 2044 at 00:01",
        "One minute past midnight tonight, in 12 hours, 1 minute. UK time (GMT).",
        "No embargo in the document",
        "Association of Directors",
        "No press contact",
        "1 not asked yet",
        "Edition 1, exactly as you read it at 12:00.",
        "Approve for 00:01, Wednesday 2 March",
        "You can put it on hold until 00:01. After that you can correct or withdraw it.",
    ):
        assert said in page, said


def test_one_more_press_and_no_more(client, ann, ed):
    edition = submit(ann, requested_release_at=MIDNIGHT)
    client.force_login(ed)
    fields = read_hidden_fields(load(client, edition, "approve-and-schedule"))
    answer = client.post(decide_url(edition, "approve-and-schedule"), fields, follow=True)
    assert refetch_edition(edition).release_at == MIDNIGHT
    hub = reverse("admin:statements_statement_hub", args=[edition.statement_id])
    assert answer.redirect_chain == [(hub, 302)]
    assert (
        "Approved. Edition 1 goes public on Wednesday 2 March 2044 at 00:01. "
        "You do not need to do anything else."
    ) in answer.content.decode()


@pytest.mark.parametrize("typed", [{"release_at": "2044-03-09T09:00"}, {}])
def test_another_time_is_chosen_on_it_before_anything_is_approved(client, ann, ed, typed):
    edition = submit(ann)
    client.force_login(ed)
    page = load(client, edition, "approve-and-schedule", **typed)
    if not typed:
        assert "When should it go public?" in page
        assert "No time chosen yet" in page
        assert 'id="decide"' not in page  # nothing to press before there is a time
        return
    assert "Wednesday 9 March 2044 at 09:00" in page
    client.post(decide_url(edition, "approve-and-schedule"), read_hidden_fields(page))
    assert refetch_edition(edition).release_at == NOON.replace(day=9, hour=9)


def test_a_time_that_is_none_gets_a_sentence_and_no_button(client, ann, ed):
    client.force_login(ed)
    page = load(client, submit(ann), "approve-and-schedule", release_at="soon")
    assert "“soon” is not a date and time." in page
    assert 'id="decide"' not in page


def test_the_contact_is_named_and_its_absence_is_a_finding(client, ann, ed):
    edition = submit(ann)
    contact = Contact.objects.create(
        organisation=edition.organisation, name="Press desk", out_of_hours_phone="020 7946 0341"
    )
    edition.statement.contact = contact
    edition.statement.save()
    client.force_login(ed)
    page = load(client, edition, "approve-now")
    assert "Press desk. Out of hours 020 7946 0341" in page
    assert "No press contact" not in page


def test_a_sensitive_period_shows_its_guidance_and_asks_why(client, ann, ed):
    SensitivePeriod.objects.create(
        name="County by-election",
        starts_on=NOON.date(),
        ends_on=NOON.date(),
        guidance="Public safety is allowed.",
    )
    edition = submit(ann)
    client.force_login(ed)
    page = load(client, edition, "approve-now")
    assert "Until Tuesday 1 March 2044: County by-election" in page
    assert "Public safety is allowed." in page
    assert "Why may it go out then?" in page
    fields = read_hidden_fields(page)
    assert client.post(decide_url(edition, "approve-now"), fields).status_code == 422
    fields["release_reason"] = "The water is not safe."
    assert client.post(decide_url(edition, "approve-now"), fields).status_code == 302
    assert read_last_event(edition, Action.APPROVED).note == "The water is not safe."


def test_a_role_outside_its_dates_is_said(client, ann, ed):
    edition = submit(ann)
    edition.statement.passages.get().speaker.appointments.update(ends_on=NOON.date() - DAY)
    client.force_login(ed)
    page = load(client, edition, "approve-now")
    assert "Dave Hill does not hold the role “President” on 1 March 2044" in page


def test_a_role_outside_its_dates_is_said_before_a_time_is_chosen(client, ann, ed):
    edition = submit(ann)
    edition.statement.passages.get().speaker.appointments.update(ends_on=NOON.date() - DAY)
    client.force_login(ed)
    said = "Dave Hill does not hold the role “President” today, 1 March 2044. Check the"
    for url in (
        reverse("admin:statements_edition_review", args=[edition.pk]),
        decide_url(edition, "approve-and-schedule"),
    ):
        page = html.unescape(client.get(url).content.decode())
        assert said in page.replace('<span class="quiet">', "")


def test_a_role_is_judged_by_the_requested_release(client, ann, ed):
    edition = submit(ann, requested_release_at=NOON + 3 * DAY)
    edition.statement.passages.get().speaker.appointments.update(ends_on=NOON.date() + DAY)
    client.force_login(ed)
    page = load(client, edition, "approve-and-schedule")
    assert "does not hold the role “President” on 4 March 2044, the day of release." in page


def test_the_editor_reads_what_the_checklist_told_the_author(client, ann, ed):
    statement = make_statement(ann, summary="S.")
    statement.passages.get().speaker.appointments.all().delete()
    attach_file(statement, ann, credit="J. Smith")
    edition = submit_statement(statement, by=ann)
    client.force_login(ann)
    form = client.get(reverse("admin:statements_statement_change", args=[statement.pk]))
    told = {str(finding) for finding, _anchor in form.context["findings"]}
    assert any("speaks without a role" in text for text in told)
    client.force_login(ed)
    shown = client.get(decide_url(edition, "approve-now")).context["facts"].findings
    assert {str(finding) for finding in shown} == {*told, "Give the file “photo.jpg” a title."}


def test_publishing_later_than_the_embargo_shows_the_red_line_and_asks_nothing(client, ann, ed):
    edition = submit(ann, embargo_line="Embargoed until 00:01", embargo_until=MIDNIGHT)
    client.force_login(ed)
    page = load(client, edition, "approve-and-schedule", release_at="2044-03-09T09:00")
    assert "You would publish later than the embargo says, Wednesday 2 March 2044 at 00:01" in page
    assert 'class="flag late"' in page
    assert 'name="embargo_read"' not in page
    client.post(decide_url(edition, "approve-and-schedule"), read_hidden_fields(page))
    assert refetch_edition(edition).approved_by == ed


def test_no_ten_seconds_of_undo_are_promised_and_withdraw_comes_first(client, ann, ed):
    edition = approve_edition(submit(ann), by=ed, release_at=None)
    client.force_login(ed)
    page = load(client, edition, "publish-now")
    assert "Straight away" in page
    assert "You cannot undo this, not even for ten seconds" in page
    answer = client.post(decide_url(edition, "publish-now"), read_hidden_fields(page), follow=True)
    hub = answer.content.decode()
    assert "Edition 1 is on the site now." in hub
    assert hub.index("Withdraw…") < hub.index("Start a correction")


def test_hold_acts_at_once(client, ann, ed):
    edition = approve_edition(submit(ann), by=ed, release_at=MIDNIGHT)
    client.force_login(ann)
    client.post(decide_url(edition, "hold"), {"seen_digest": edition.digest})
    assert refetch_edition(edition).is_on_hold


# --- Objections -----------------------------------------------------------------------------------


def test_an_objection_is_ticked_as_read_and_the_event_keeps_it(client, ann, ed):
    edition = submit(ann, requested_release_at=MIDNIGHT)
    objection = object_to(edition, by=ann)
    client.force_login(ed)
    page = load(client, edition, "approve-and-schedule")
    assert "Hannah Sorley objects" in page
    assert "Not before 9." in page
    url, fields = decide_url(edition, "approve-and-schedule"), read_hidden_fields(page)
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert "Read the objection of Hannah Sorley, then tick it." in refused.content.decode()
    assert refetch_edition(edition).approved_by is None

    ticked = fields | {"objections_read": objection.pk, "release_reason": "We rang her."}
    assert client.post(url, ticked).status_code == 302
    event = read_last_event(edition, Action.APPROVED)
    assert f'"objections_read":[{objection.pk}]' in event.detail.replace(" ", "")
    assert event.note == "We rang her."
    hub = client.get(reverse("admin:statements_statement_hub", args=[edition.statement_id]))
    assert "1 objection was read before." in hub.content.decode()


@pytest.mark.parametrize("transition", ["approve", "publish_now", "reschedule", "urgently"])
def test_no_transition_that_publishes_passes_over_an_unread_objection(ann, ed, transition):
    edition = submit(ann)
    objection = object_to(edition, by=ann)
    about = {"by": ed, "at": NOON, "seen_digest": edition.digest}
    if transition in ("publish_now", "reschedule"):
        workflow.approve(edition, **about, release_at=None, objections_read=[objection.pk])

    def decide(**read):
        if transition == "approve":
            workflow.approve(edition, **about, release_at=MIDNIGHT, **read)
        elif transition == "reschedule":
            workflow.reschedule(edition, **about, release_at=MIDNIGHT, **read)
        elif transition == "publish_now":
            workflow.publish_now(edition, **about, **read)
        else:
            workflow.publish_urgently(edition, **about, reason="Fire.", password=PASSWORD, **read)

    with pytest.raises(Refused, match="Read the objection of Hannah Sorley"):
        decide()
    with pytest.raises(Refused, match="Read the objection of Hannah Sorley"):
        decide(objections_read=[objection.pk + 1])
    decide(objections_read=[objection.pk])


# --- What moved since -----------------------------------------------------------------------------


def test_it_comes_back_if_somebody_answered_since(client, ann, ed):
    edition = submit(ann, requested_release_at=MIDNIGHT)
    client.force_login(ed)
    url = decide_url(edition, "approve-and-schedule")
    fields = read_hidden_fields(load(client, edition, "approve-and-schedule"))
    object_to(edition, by=ann)
    moved = client.post(url, fields)
    assert moved.status_code == 409
    page = html.unescape(moved.content.decode())
    assert "Something changed while you were deciding" in page
    assert "Hannah Sorley has answered since you opened this page: objects." in page
    assert refetch_edition(edition).approved_by is None
    assert read_hidden_fields(page) != fields  # the page now shows the answer


def test_it_comes_back_if_somebody_set_another_time_since(client, ann, ed, max):
    edition = approve_edition(submit(ann), by=ed, release_at=MIDNIGHT)
    client.force_login(max)
    page = load(client, edition, "reschedule", release_at="2044-03-09T09:00")
    workflow.reschedule(edition, by=ed, at=NOON, seen_digest=edition.digest, release_at=NOON + DAY)
    moved = client.post(decide_url(edition, "reschedule"), read_hidden_fields(page))
    assert moved.status_code == 409
    assert (
        "Someone changed the time since you opened this page: it goes public on "
        "Wednesday 2 March 2044 at 12:00."
    ) in html.unescape(moved.content.decode())


def test_it_comes_back_if_the_words_moved_since(client, ann, ed):
    edition = submit(ann, requested_release_at=MIDNIGHT)
    client.force_login(ed)
    fields = read_hidden_fields(load(client, edition, "approve-and-schedule"))
    rewrite_passage(edition.statement, "We regret it.", by=ann)
    moved = client.post(decide_url(edition, "approve-and-schedule"), fields)
    assert moved.status_code == 409
    assert "What the draft says instead" in moved.content.decode()
    assert "regret" in moved.content.decode()


def test_it_comes_back_if_the_time_passed_since(client, ann, ed, frozen):
    edition = submit(ann, requested_release_at=NOON + MINUTE)
    client.force_login(ed)
    fields = read_hidden_fields(load(client, edition, "approve-and-schedule"))
    frozen(NOON + HOUR)
    passed = client.post(decide_url(edition, "approve-and-schedule"), fields)
    assert passed.status_code == 422
    page = html.unescape(passed.content.decode())
    assert "1 March 2044, 12:01 has passed. Choose a later time, or publish now." in page
    assert "When should it go public?" in page


def test_once_somebody_else_decided_it_says_so_and_leads_on(client, ann, ed, max):
    edition = submit(ann)
    client.force_login(max)
    approve_edition(edition, by=ed)
    page = load(client, edition, "approve-now")
    assert "Edition 1 is no longer in review: it was approved by ed." in page
    assert "Go to the statement" in page


# --- Urgently -------------------------------------------------------------------------------------


def test_publishing_urgently_names_who_else_could_and_what_follows(client, ed, max):
    edition = submit_statement(make_statement(ed), by=ed)
    client.force_login(ed)
    page = load(client, edition, "publish-urgently")
    for said in (
        "No second person will have read these words before the public does.",
        "1 other editor can approve this: Max. Asking them is the usual way.",
        "Why can this not wait?",
        "I have checked this: every word, name and number",
        "A second look is needed.",
        "You cannot undo this, not even for ten seconds",
    ):
        assert said in page, said
    url, fields = decide_url(edition, "publish-urgently"), read_hidden_fields(page)
    typed = fields | {"reason": "Boil the water.", "password": PASSWORD}
    assert client.post(url, typed).status_code == 422  # not ticked
    assert client.post(url, typed | {"checked": "on"}).status_code == 302
    assert refetch_edition(edition).rule == "urgent"
