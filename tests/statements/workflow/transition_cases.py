"""Every transition, ready to run: what was there before, and the act itself.

A case sets the stage and returns the act, which takes the time and may run again after a failure.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from django.contrib.auth.models import User

from statements import workflow
from statements.models import Edition, ReleaseGroup, Remark, Statement, Theme
from statements.models.autosave import Autosave
from statements.roles import AUTHOR, EDITOR, MANAGER
from statements.workflow import groups, merging
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_speaker,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import attach_file

LATER = NOON + HOUR
"""When the acts run, where a test says nothing else."""

Act = Callable[[dt.datetime], object]


class People(NamedTuple):
    """Two of each kind."""

    ann: User
    ed: User
    eve: User
    max: User
    mia: User


def make_people() -> People:
    names = {"ann": AUTHOR, "ed": EDITOR, "eve": EDITOR, "max": MANAGER, "mia": MANAGER}
    return People(*(make_user(name, group) for name, group in names.items()))


# --- The stage ------------------------------------------------------------------------------------


def _make_statement(people: People) -> Statement:
    statement = make_statement(people.ann, "Dam holds", summary="So far.")
    attach_file(statement, people.ann, name="minutes.txt", data=b"They met at the dam.")
    theme = Theme.objects.get_or_create(name="Water", slug="water")[0]
    statement.themes.add(theme)
    return statement


def _submit(people: People) -> Edition:
    return submit_statement(_make_statement(people), by=people.ann)


def _publish(people: People) -> Edition:
    return approve_edition(_submit(people), by=people.ed)


def _correct(edition: Edition, people: People, words: str = "It holds firmly.") -> Edition:
    rewrite_passage(edition.statement, words, by=people.ann)
    return submit_statement(
        edition.statement, by=people.ann, amendment="correction", public_note="It was too short."
    )


def _whole_minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0) + MINUTE


# --- The acts -------------------------------------------------------------------------------------


def submit(people: People) -> Act:
    statement = _submit(people).statement
    rewrite_passage(statement, "It holds, we think.", by=people.ann)
    return lambda at: submit_statement(statement, by=people.ann, at=at)


def send_back(people: People) -> Act:
    edition = _submit(people)
    return lambda at: workflow.send_back(
        edition, by=people.ed, at=at, seen_digest=edition.digest, note="Who says so?"
    )


def request_countersignature(people: People) -> Act:
    edition = _submit(people)
    return lambda at: workflow.request_countersignature(
        edition, by=people.ann, at=at, seen_digest=edition.digest, person=people.eve
    )


def countersign(people: People) -> Act:
    edition = _submit(people)
    return lambda at: workflow.countersign(
        edition, by=people.eve, at=at, seen_digest=edition.digest
    )


def approve(people: People) -> Act:
    """A correction for the next minute, which overtakes one that is scheduled for tomorrow."""
    public = _publish(people)
    approve_edition(_correct(public, people), by=people.ed, release_at=NOON + DAY)
    edition = _correct(public, people, "It holds more firmly still.")
    return lambda at: workflow.approve(
        edition,
        by=people.ed,
        at=at,
        seen_digest=edition.digest,
        release_at=_whole_minute(at),
    )


def approve_group(people: People) -> Act:
    """Two in review, of which one has newer words than those that were approved."""
    statement, other = _make_statement(people), make_statement(people.ann, "The other dam")
    group = workflow.publish_together(statement, other, by=people.ann, at=NOON)
    for row in (statement, other):
        submit_statement(row, by=people.ann)
    workflow.approve_group(group, by=people.ed, at=NOON, seen=_look(group), release_at=NOON + DAY)
    rewrite_passage(statement, "It holds more firmly.", by=people.ann)
    submit_statement(statement, by=people.ann)
    seen = _look(group)
    return lambda at: workflow.approve_group(
        group, by=people.ed, at=at, seen=seen, release_at=_whole_minute(at)
    )


def _look(group: ReleaseGroup) -> dict[int, workflow.SeenEdition]:
    return {
        member.edition.pk: workflow.SeenEdition(member.edition.digest, member.statement.version)
        for member in groups.list_members(group)
        if member.edition
    }


def hold_group(people: People) -> Act:
    statement, other = _make_statement(people), make_statement(people.ann, "The other dam")
    group = workflow.publish_together(statement, other, by=people.ann, at=NOON)
    edition = submit_statement(statement, by=people.ann)
    submit_statement(other, by=people.ann)
    workflow.approve_group(group, by=people.ed, at=NOON, seen=_look(group), release_at=NOON + DAY)
    return lambda at: workflow.hold(edition, by=people.ann, at=at, note="Wait.")


def publish_together(people: People) -> Act:
    statement, other = _make_statement(people), make_statement(people.ann, "The other dam")
    return lambda at: workflow.publish_together(statement, other, by=people.ann, at=at)


def take_out(people: People) -> Act:
    statement, other = _make_statement(people), make_statement(people.ann, "The other dam")
    workflow.publish_together(statement, other, by=people.ann, at=NOON)
    return lambda at: workflow.take_out(other, by=people.ann, at=at)


def publish_urgently(people: People) -> Act:
    edition = _submit(people)
    return lambda at: workflow.publish_urgently(
        edition,
        by=people.ed,
        at=at,
        seen_digest=edition.digest,
        reason="The dam.",
        password=PASSWORD,
    )


def publish_approved_urgently(people: People) -> Act:
    edition = approve_edition(_submit(people), by=people.ed, release_at=None)
    return lambda at: workflow.publish_urgently(
        edition,
        by=people.ed,
        at=at,
        seen_digest=edition.digest,
        reason="The dam.",
        password=PASSWORD,
    )


def take_second_look(people: People) -> Act:
    edition = _submit(people)
    workflow.publish_urgently(
        edition,
        by=people.ed,
        at=NOON,
        seen_digest=edition.digest,
        reason="The dam.",
        password=PASSWORD,
    )
    return lambda at: workflow.take_second_look(
        edition, by=people.eve, at=at, seen_digest=edition.digest
    )


def publish_now(people: People) -> Act:
    edition = approve_edition(_submit(people), by=people.ed, release_at=None)
    return lambda at: workflow.publish_now(edition, by=people.ed, at=at, seen_digest=edition.digest)


def reschedule(people: People) -> Act:
    edition = approve_edition(_submit(people), by=people.ed, release_at=NOON + DAY)
    return lambda at: workflow.reschedule(
        edition,
        by=people.ed,
        at=at,
        seen_digest=edition.digest,
        release_at=_whole_minute(at),
    )


def hold(people: People) -> Act:
    edition = approve_edition(_submit(people), by=people.ed, release_at=NOON + DAY)
    return lambda at: workflow.hold(edition, by=people.ann, at=at, note="Wait.")


def cancel(people: People) -> Act:
    edition = approve_edition(_submit(people), by=people.ed, release_at=NOON + DAY)
    return lambda at: workflow.cancel(edition, by=people.ann, at=at)


def withdraw(people: People) -> Act:
    """What is public, while a correction is scheduled."""
    public = _publish(people)
    approve_edition(_correct(public, people), by=people.ed, release_at=NOON + DAY)
    return lambda at: workflow.withdraw(
        public, by=people.ed, at=at, kind="notice", notice="We were wrong."
    )


def withdraw_again(people: People) -> Act:
    """What stands under a notice goes altogether."""
    public = _publish(people)
    workflow.withdraw(public, by=people.ed, at=NOON + MINUTE, kind="notice", notice="Sorry.")
    return lambda at: workflow.withdraw(
        public, by=people.ed, at=at, kind="gone", notice="We were wrong."
    )


def restore(people: People) -> Act:
    public = _publish(people)
    workflow.withdraw(public, by=people.ed, at=NOON + MINUTE, kind="notice", notice="Sorry.")
    return lambda at: workflow.restore(public, by=people.ed, at=at)


def _make_earlier(people: People) -> Edition:
    public = _publish(people)
    statement = public.statement
    Remark.objects.create(
        statement=statement, edition=public, by=people.ed, at=NOON, text="The dam, again."
    )
    statement.attachments.all().delete()
    correction = _correct(public, people)
    approve_edition(correction, by=people.ed, at=NOON + MINUTE, release_at=NOON + MINUTE)
    Autosave.objects.create(
        user=people.ann, key="k" * 12, statement=statement, data="{}", saved_at=NOON
    )
    return refetch_edition(public)


def suppress(people: People) -> Act:
    edition = _make_earlier(people)
    return lambda at: workflow.suppress(edition, by=people.max, at=at, reason="An order.")


def request_erasure(people: People) -> Act:
    edition = _make_earlier(people)
    return lambda at: workflow.request_erasure(edition, by=people.max, at=at, reason="Order 1.")


def erase(people: People) -> Act:
    edition = _make_earlier(people)
    workflow.request_erasure(edition, by=people.max, at=NOON + MINUTE, reason="Order 12/44")
    return lambda at: workflow.erase(
        edition, by=people.mia, at=at, seen_digest=edition.digest, password=PASSWORD
    )


def import_edition(people: People) -> Act:
    statement = _make_statement(people)
    return lambda at: workflow.import_edition(
        statement, by=people.max, at=at, released_at=NOON - 1000 * DAY, source="old.csv:17"
    )


def download_file(people: People) -> Act:
    statement = _publish(people).statement
    return lambda at: workflow.download_file(statement, by=people.ed, at=at, password=PASSWORD)


def discard(people: People) -> Act:
    statement = _make_statement(people)
    return lambda at: workflow.discard(
        statement, by=people.ann, at=at, seen_version=statement.version
    )


def take_back(people: People) -> Act:
    statement = _make_statement(people)
    workflow.discard(statement, by=people.ann, at=NOON, seen_version=statement.version)
    return lambda at: workflow.take_back(statement, by=people.ann)


def erase_old_drafts(people: People) -> Act:
    statement = _make_statement(people)
    workflow.discard(statement, by=people.ann, at=NOON - 31 * DAY, seen_version=statement.version)
    return lambda at: workflow.erase_old_drafts(at=at)


def update_metadata(people: People) -> Act:
    statement = _publish(people).statement
    theme = Theme.objects.create(name="Dams", slug="dams")

    def change() -> dict[str, list[str]]:
        statement.themes.add(theme)
        return {"themes": ["Dams"]}

    return lambda at: workflow.update_metadata(statement, by=people.ed, at=at, change=change)


def merge_speakers(people: People) -> Act:
    _publish(people)
    source, target = make_speaker("Dave Hill"), make_speaker("David Hill", role="Chair")
    return lambda at: merging.merge_speakers(source, target, by=people.max, at=at)


def merge_themes(people: People) -> Act:
    _publish(people)
    source, target = Theme.objects.get(slug="water"), Theme.objects.create(name="Wet", slug="wet")
    return lambda at: merging.merge_themes(source, target, by=people.max, at=at)


CASES: dict[str, Callable[[People], Act]] = {
    case.__name__: case
    for case in (
        *(submit, send_back, request_countersignature, countersign, approve, publish_urgently),
        *(take_second_look, publish_now, reschedule, hold, cancel, withdraw, restore, suppress),
        *(request_erasure, erase, import_edition, update_metadata, merge_speakers, merge_themes),
        *(approve_group, hold_group, publish_together, take_out),
        *(publish_approved_urgently, withdraw_again, download_file),
        *(discard, take_back, erase_old_drafts),
    )
}
