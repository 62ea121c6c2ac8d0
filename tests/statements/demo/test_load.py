"""Test the demo: ten years of a press office, made by transitions alone."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from organisations.models import Appointment
from statements import clock
from statements.audit import verification
from statements.models import (
    Attachment,
    Edition,
    Remark,
    SensitivePeriod,
    SignOff,
    State,
    Statement,
    StyleRule,
    Withdrawal,
)
from statements.published.editions import public_editions
from statements.workflow.sensitive_periods import WARNING_PERIOD
from tests.cast import make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(monkeypatch, capsys) -> str:
    monkeypatch.setenv("DEMO_PASSWORD", "a password for showing")
    call_command("load_demo")
    return capsys.readouterr().out


def test_it_shows_each_thing_that_a_press_office_does(loaded):
    at = clock.now()
    public = public_editions(at=at)
    approved = Edition.objects.approved()
    assert public.filter(slug="cse-and-missing-children-thematic-report-adcs-comment").exists()
    assert Statement.objects.count() >= 13
    assert {"en", "cy"} <= set(public.values_list("language", flat=True))
    assert len({e.release_at.year for e in public}) >= 5
    assert approved.filter(release_at__gt=at).count() == 1
    assert approved.filter(release_at=None).count() == 1
    assert Edition.objects.filter(state=State.SENT_BACK).count() == 1
    assert Edition.objects.filter(state=State.IN_REVIEW).exists()
    amendments = public.exclude(amendment="").values_list("amendment", flat=True)
    assert set(amendments) == {"typo", "clarification", "correction", "retraction"}
    assert {w.kind for w in Withdrawal.objects.all()} == {"gone", "notice"}
    assert any(e.voices.filter(speaker__isnull=False).count() == 2 for e in public)
    roles = Appointment.objects.values_list("speaker", "role")
    assert any(
        (speaker, "Vice President") in roles and role == "President" for speaker, role in roles
    )
    assert list(verification.verify()) == []


def test_it_shows_what_the_newsdesk_offers(loaded):
    today = timezone.localdate(clock.now())
    assert set(StyleRule.objects.values_list("avoid", "use")) == {
        ("PHSE", "PSHE"),
        ("utilise", "use"),
        ("stakeholders", ""),
    }
    period = SensitivePeriod.objects.get()
    assert today < period.starts_on <= today + WARNING_PERIOD
    in_review = Edition.objects.get(previews__isnull=False)
    assert in_review.state == State.IN_REVIEW
    assert [(answer.display_name, answer.agrees) for answer in in_review.answers.all()] == [
        ("Gwilym Tudor (Aberwen County Council)", True)
    ]
    assert [remark.by_name for remark in in_review.remarks.all()] == ["editor", "author"]
    group = in_review.statement.release_group
    assert sorted(group.members.values_list("language", flat=True)) == ["cy", "en"]


def test_a_public_statement_carries_a_picture_with_what_readers_need(loaded, client):
    (chart,) = Attachment.objects.all()
    assert all((chart.alt, chart.credit, chart.terms, chart.file.is_picture))
    edition = public_editions(at=clock.now()).get(statement=chart.statement)
    page = client.get(f"/statements/{edition.slug}/").content.decode()
    assert chart.alt in page


def test_loading_mails_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as afterwards:
        call_command("load_demo")
    assert Remark.objects.exists()
    assert SignOff.objects.exists()
    assert afterwards == []


def test_the_scheduled_one_waits_for_a_whole_minute(loaded):
    (scheduled,) = Edition.objects.approved().filter(release_at__gt=clock.now())
    assert (scheduled.release_at.second, scheduled.release_at.microsecond) == (0, 0)


def test_the_accounts_are_printed_and_take_the_password_that_was_given(loaded):
    assert "author, editor, manager" in loaded
    for user in get_user_model().objects.filter(username__in=["author", "editor", "manager"]):
        assert user.check_password("a password for showing")


def test_loading_again_changes_nothing(loaded, capsys):
    before = list(Edition.objects.values_list())
    call_command("load_demo")
    assert "is loaded already" in capsys.readouterr().out
    assert list(Edition.objects.values_list()) == before


def test_it_keeps_out_of_a_record_that_is_somebody_elses(ann):
    make_statement(ann)
    with pytest.raises(CommandError, match="statements that are not the demo"):
        call_command("load_demo")
    assert Statement.objects.count() == 1


def test_it_keeps_out_of_a_public_installation(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="public installation"):
        call_command("load_demo")
