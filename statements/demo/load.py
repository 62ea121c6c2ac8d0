"""Read the documents of the demo, and replay its story through `workflow`, at its own times."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements import workflow
from statements.content import html
from statements.demo import cast, settings
from statements.demo.story import (
    STORIES,
    ApproveStep,
    Chart,
    HoldStep,
    PublishUrgentlyStep,
    RemarkStep,
    RequestSignoffStep,
    SendBackStep,
    SignOffStep,
    Step,
    Story,
    SubmitStep,
    TogetherStep,
    WithdrawStep,
)
from statements.models import Edition, Passage, RelatedStatement, Statement, Theme
from statements.notifications.newsdesk import muted
from statements.parsing.draft import DraftPassage
from statements.parsing.text import parse_text
from statements.related import tasks
from statements.signoff import actions, remarks

DOCUMENTS_DIR = Path(__file__).parent / "words"
DEMO_NAMESPACE = uuid.UUID("6f1d8a3e-2c70-5b7e-9d0a-41e3c25b9f10")
"""Each statement of the demo has a UUID made from this one and the name of its document."""

BARE_URL = re.compile(r"https://[^\s<]*[^\s<.,]")


def make_uuid(document: str) -> uuid.UUID:
    """Return the UUID of the statement made from a document."""
    return uuid.uuid5(DEMO_NAMESPACE, document)


def count_loaded() -> int:
    """Return how many statements of the demo this database has."""
    return Statement.objects.filter(uuid__in=[make_uuid(s.document) for s in STORIES]).count()


@transaction.atomic
def load_demo(*, password: str, at: dt.datetime, progress: Callable[[Statement], None]) -> None:
    """Create accounts, speakers and statements, all or nothing, and report each statement.

    `at` is now: relative moments of the story count from its day. Nobody gets mail.
    """
    newsdesk = cast.create_accounts(password)
    cast.create_people()
    settings.create_newsdesk_rules(timezone.localdate(at))
    with muted():
        for story in STORIES:
            progress(_StoryReplay(story, newsdesk=newsdesk, password=password, at=at).replay())
    for _ in tasks.rebuild_suggestions(at=at):
        pass


def parse_moment(text: str, *, at: dt.datetime) -> dt.datetime:
    """Return the time of "2016-09-28 10:00" or, from the day of `at`, of "-12 09:30"."""
    day, _, time = text.partition(" ")
    naive = dt.datetime.combine(_parse_day(day, at=at), dt.time.fromisoformat(time))
    return timezone.make_aware(naive)


def _parse_day(text: str, *, at: dt.datetime) -> dt.date:
    if text.startswith(("+", "-")):
        return timezone.localdate(at) + dt.timedelta(days=int(text))
    return dt.date.fromisoformat(text)


class _StoryReplay:
    """Replays the story of one document."""

    def __init__(
        self, story: Story, *, newsdesk: dict[str, User], password: str, at: dt.datetime
    ) -> None:
        self.story = story
        self.newsdesk = newsdesk
        self.author, self.editor = newsdesk["author"], newsdesk["editor"]
        self.password = password
        self.at = at
        self.text = (DOCUMENTS_DIR / f"{story.document}.txt").read_text(encoding="utf-8")
        self.summary = story.summary

    def replay(self) -> Statement:
        """Create the draft, perform each step, and return the statement."""
        self.statement = self._create_draft()
        if chart := self.story.picture:
            self._attach_chart(chart)
        self._set_metadata()
        for step in self.story.steps:
            self._perform(step, parse_moment(step.when, at=self.at))
        self._backdate()
        return self.statement

    # --- The draft ---

    def _create_draft(self) -> Statement:
        story = self.story
        title, url = story.responds_to
        statement = Statement.objects.create(
            uuid=make_uuid(story.document),
            kind=story.kind,
            organisation=Organisation.objects.get(slug=story.publisher),
            language=story.language,
            dated_on=_parse_day(story.dated, at=self.at) if story.dated else None,
            responds_to_title=title,
            responds_to_url=url,
            slug=story.slug,
            translation_of=_get_statement(story.translation_of) if story.translation_of else None,
        )
        self._write_text(statement)
        return statement

    def _write_text(self, statement: Statement) -> None:
        draft = parse_text(self.text)
        statement.headline, statement.summary = draft.headline, self.summary
        statement.notes_to_editors = "".join(map(_link_bare_urls, draft.notes_to_editors))
        statement.save(update_fields=["headline", "summary", "notes_to_editors", "changed_at"])
        statement.passages.all().delete()
        for position, passage in enumerate(draft.passages):
            self._write_passage(statement, position, passage)
        statement.record_save(by=self.author, seen_version=statement.version)

    def _write_passage(self, statement: Statement, position: int, draft: DraftPassage) -> None:
        passage = Passage(
            statement=statement,
            position=position,
            heading=draft.heading,
            body="".join(draft.blocks),
        )
        if draft.is_quoted:
            passage.speaker = self._find_speaker(draft)
            passage.appointment = self._find_appointment(passage.speaker, statement)
        if draft.attribution != passage.content().get("attribution", ""):
            passage.attribution = draft.attribution
        passage.save()

    def _find_speaker(self, draft: DraftPassage) -> Speaker:
        if self.story.speaker:
            return Speaker.objects.get(slug=self.story.speaker)
        return Speaker.objects.get(name=draft.speaker_name)

    def _find_appointment(self, speaker: Speaker, statement: Statement) -> Appointment | None:
        day = statement.dated_on or timezone.localdate(self.at)
        return speaker.appointments_in_force_on(day).first()

    def _attach_chart(self, chart: Chart) -> None:
        settings.attach_chart(self.statement, chart, by=self.author, at=self._started_at())
        self.statement.record_save(by=self.author, seen_version=self.statement.version)

    def _set_metadata(self) -> None:
        statement = self.statement
        statement.contact = Contact.objects.filter(organisation=statement.organisation).first()
        statement.save(update_fields=["contact", "changed_at"])
        statement.themes.add(*Theme.objects.filter(name__in=self.story.themes))
        RelatedStatement.objects.bulk_create(
            RelatedStatement(statement=statement, to=_get_statement(document), position=position)
            for position, document in enumerate(self.story.related)
        )

    # --- The steps ---

    def _perform(self, step: Step, at: dt.datetime) -> None:
        match step:
            case SubmitStep():
                self._submit(step, at)
            case ApproveStep():
                self._approve(step, at)
            case HoldStep() | TogetherStep():
                self._organise(step, at)
            case SendBackStep():
                self._send_back(step, at)
            case PublishUrgentlyStep():
                self._publish_urgently(step, at)
            case WithdrawStep():
                self._withdraw(step, at)
            case RemarkStep():
                self._remark(step, at)
            case RequestSignoffStep():
                self._request_signoff(step, at)
            case SignOffStep():
                self._sign_off(step, at)

    def _submit(self, step: SubmitStep, at: dt.datetime) -> None:
        if step.replacements:
            self._rewrite(step.replacements)
        if step.amendment:
            self._set_amendment(step)
        workflow.submit(
            self.statement,
            by=self.author,
            at=at,
            seen_version=self.statement.version,
        )
        self.statement.refresh_from_db()

    def _set_amendment(self, step: SubmitStep) -> None:
        self.statement.amendment, self.statement.public_note = step.amendment, step.note
        self.statement.save(update_fields=["amendment", "public_note", "changed_at"])
        self.statement.record_save(by=self.author, seen_version=self.statement.version)

    def _approve(self, step: ApproveStep, at: dt.datetime) -> None:
        edition = self._latest_edition()
        workflow.approve(
            edition,
            by=self.editor,
            at=at,
            seen_digest=edition.digest,
            release_at=parse_moment(step.release_at, at=self.at),
        )
        self.statement.refresh_from_db()

    def _organise(self, step: HoldStep | TogetherStep, at: dt.datetime) -> None:
        if isinstance(step, HoldStep):
            workflow.hold(self._latest_edition(), by=self.author, at=at, note=step.note)
            return
        partner = _get_statement(step.document)
        workflow.publish_together(self.statement, partner, by=self.author, at=at)

    def _send_back(self, step: SendBackStep, at: dt.datetime) -> None:
        edition = self._latest_edition()
        workflow.send_back(
            edition, by=self.editor, at=at, seen_digest=edition.digest, note=step.note
        )

    def _publish_urgently(self, step: PublishUrgentlyStep, at: dt.datetime) -> None:
        edition = self._latest_edition()
        workflow.publish_urgently(
            edition,
            by=self.editor,
            at=at,
            seen_digest=edition.digest,
            reason=step.reason,
            password=self.password,
        )

    def _withdraw(self, step: WithdrawStep, at: dt.datetime) -> None:
        workflow.withdraw(
            self._latest_edition(), by=self.editor, at=at, kind=step.kind, notice=step.notice
        )

    def _remark(self, step: RemarkStep, at: dt.datetime) -> None:
        remarks.add_remark(self._latest_edition(), by=self.newsdesk[step.by], at=at, text=step.text)

    def _request_signoff(self, step: RequestSignoffStep, at: dt.datetime) -> None:
        actions.request_signoff(
            self._latest_edition(),
            by=self.author,
            at=at,
            name=step.name,
            on_behalf_of=step.on_behalf_of,
        )

    def _sign_off(self, step: SignOffStep, at: dt.datetime) -> None:
        edition = self._latest_edition()
        preview = edition.previews.get(name=step.name)
        actions.log_visit(preview, at=at)
        actions.record_reply(preview, at=at, seen_digest=edition.digest, agrees=True)

    def _latest_edition(self) -> Edition:
        return self.statement.editions.latest("sequence")

    def _rewrite(self, replacements: tuple[tuple[str, str], ...]) -> None:
        for old, new in replacements:
            assert old in self.text + self.summary, f"No text contains “{old}”."
            self.text = self.text.replace(old, new)
            self.summary = self.summary.replace(old, new)
        self._write_text(self.statement)

    def _backdate(self) -> None:
        if self.story.steps:
            first = self._started_at()
            submitted = [step.when for step in self.story.steps if isinstance(step, SubmitStep)]
            last = parse_moment(submitted[-1], at=self.at) if submitted else first
            Statement.objects.filter(pk=self.statement.pk).update(created_at=first, changed_at=last)

    def _started_at(self) -> dt.datetime:
        return parse_moment(self.story.steps[0].when, at=self.at)


def _get_statement(document: str) -> Statement:
    return Statement.objects.get(uuid=make_uuid(document))


def _link_bare_urls(block: str) -> str:
    """Return the block with its bare URLs as links, as an editor would set them."""
    linked = BARE_URL.sub(r'<a href="\g<0>">\g<0></a>', block)
    return "".join(html.clean_blocks(linked))
