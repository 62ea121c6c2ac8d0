"""Reads the documents and replays the story through the verbs of `workflow`, at its own times."""

import datetime as dt
import functools
import re
import uuid
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements import workflow
from statements.content import html
from statements.demo import cast, settings
from statements.demo.story import (
    STORIES,
    Agreed,
    Approved,
    Asked,
    Chart,
    Held,
    ReleasedUrgently,
    Remarked,
    SentBack,
    Step,
    Story,
    Submitted,
    Withdrawn,
)
from statements.models import Edition, Passage, RelatedStatement, Statement, Theme
from statements.notifications import newsdesk as notifications_newsdesk
from statements.parsing.draft import DraftPassage
from statements.parsing.text import read_text
from statements.related import tasks
from statements.signoff import actions

WORDS = Path(__file__).parent / "words"
OURS = uuid.UUID("6f1d8a3e-2c70-5b7e-9d0a-41e3c25b9f10")
"""The demonstration's statements are known by UUIDs made from this one and their document."""

BARE_ADDRESS = re.compile(r"https://[^\s<]*[^\s<.,]")


def uuid_of(document: str) -> uuid.UUID:
    return uuid.uuid5(OURS, document)


def loaded() -> int:
    """How many of the demonstration's statements this database holds."""
    return Statement.objects.filter(uuid__in=[uuid_of(s.document) for s in STORIES]).count()


@transaction.atomic
def load(*, password: str, at: dt.datetime, tell: Callable[[Statement], None]) -> None:
    """Make accounts, people and statements, all or nothing, telling of each statement.

    `at` is the present: moments of the story that count in days count from its day. Nobody is
    mailed, neither these people nor those who work in the same database.
    """
    newsdesk = cast.make_accounts(password)
    cast.make_people()
    settings.lay_down_rules(timezone.localdate(at))
    with notifications_newsdesk.telling_nobody():
        for story in STORIES:
            tell(_Telling(story, newsdesk=newsdesk, password=password, at=at).tell())
    for _ in tasks.suggest_all(at=at):
        pass


def moment(text: str, *, at: dt.datetime) -> dt.datetime:
    """The instant of "2016-09-28 10:00" or, counted from the day of `at`, of "-12 09:30"."""
    day, _, time = text.partition(" ")
    naive = dt.datetime.combine(_day(day, at=at), dt.time.fromisoformat(time))
    return timezone.make_aware(naive)


def _day(text: str, *, at: dt.datetime) -> dt.date:
    if text.startswith(("+", "-")):
        return timezone.localdate(at) + dt.timedelta(days=int(text))
    return dt.date.fromisoformat(text)


class _Telling:
    """Takes one document from its draft to where its story ends."""

    def __init__(self, story: Story, *, newsdesk: dict, password: str, at: dt.datetime) -> None:
        self.story = story
        self.newsdesk = newsdesk
        self.author, self.editor = newsdesk["author"], newsdesk["editor"]
        self.password = password
        self.at = at
        self.text = (WORDS / f"{story.document}.txt").read_text(encoding="utf-8")
        self.summary = story.summary

    def tell(self) -> Statement:
        self.statement = self._drafted()
        if chart := self.story.picture:
            self._attach(chart)
        self._put_on_the_shelf()
        for step in self.story.steps:
            self._take(step, moment(step.on, at=self.at))
        self._remember_when()
        return self.statement

    # --- The working copy ---

    def _drafted(self) -> Statement:
        story = self.story
        title, address = story.responds_to
        statement = Statement.objects.create(
            uuid=uuid_of(story.document),
            kind=story.kind,
            organisation=Organisation.objects.get(slug=story.publisher),
            language=story.language,
            dated_on=_day(story.dated, at=self.at) if story.dated else None,
            responds_to_title=title,
            responds_to_url=address,
            slug=story.slug,
            translation_of=_told(story.translation_of) if story.translation_of else None,
        )
        self._write(statement)
        return statement

    def _write(self, statement: Statement) -> None:
        """Put the document's words into the working copy, as the author's."""
        draft = read_text(self.text)
        statement.headline, statement.summary = draft.headline, self.summary
        statement.notes_to_editors = "".join(map(_with_links, draft.notes_to_editors))
        statement.save(update_fields=["headline", "summary", "notes_to_editors", "changed_at"])
        statement.passages.all().delete()
        for position, passage in enumerate(draft.passages):
            self._write_passage(statement, position, passage)
        statement.next_version(by=self.author, seen_version=statement.version)

    def _write_passage(self, statement: Statement, position: int, draft: DraftPassage) -> None:
        passage = Passage(
            statement=statement,
            position=position,
            heading=draft.heading,
            body="".join(draft.blocks),
        )
        if draft.quoted:
            passage.speaker = self._speaker(draft)
            passage.appointment = self._role_of(passage.speaker, statement)
        if draft.attribution != passage.content()["attribution"]:
            passage.attribution = draft.attribution
        passage.save()

    def _speaker(self, draft: DraftPassage) -> Speaker:
        if self.story.speaker:
            return Speaker.objects.get(slug=self.story.speaker)
        return Speaker.objects.get(name=draft.speaker_name)

    def _role_of(self, speaker: Speaker, statement: Statement) -> Appointment | None:
        day = statement.dated_on or timezone.localdate(self.at)
        return speaker.appointments_on(day).first()

    def _attach(self, chart: Chart) -> None:
        settings.attach(self.statement, chart, by=self.author, at=self._first())
        self.statement.next_version(by=self.author, seen_version=self.statement.version)

    def _put_on_the_shelf(self) -> None:
        statement = self.statement
        statement.contact = Contact.objects.filter(organisation=statement.organisation).first()
        statement.save(update_fields=["contact", "changed_at"])
        statement.themes.add(*Theme.objects.filter(name__in=self.story.themes))
        RelatedStatement.objects.bulk_create(
            RelatedStatement(statement=statement, to=_told(document), position=position)
            for position, document in enumerate(self.story.related)
        )

    # --- What was done with it ---

    @functools.singledispatchmethod
    def _take(self, step: Step, on: dt.datetime) -> None:
        raise AssertionError(f"The story tells of {step}, which nobody can replay.")

    @_take.register
    def _(self, step: Submitted, on: dt.datetime) -> None:
        if step.replacing:
            self._rewrite(step.replacing)
        workflow.submit(
            self.statement,
            by=self.author,
            at=on,
            seen_version=self.statement.version,
            amendment=step.amendment,
            public_note=step.note,
        )
        self.statement.refresh_from_db()

    @_take.register
    def _(self, step: Approved, on: dt.datetime) -> None:
        edition = self._edition()
        workflow.approve(
            edition,
            by=self.editor,
            at=on,
            seen_digest=edition.digest,
            release_at=moment(step.release, at=self.at),
        )
        self.statement.refresh_from_db()

    @_take.register
    def _(self, step: Held, on: dt.datetime) -> None:
        workflow.hold(self._edition(), by=self.author, at=on, note=step.note)

    @_take.register
    def _(self, step: SentBack, on: dt.datetime) -> None:
        edition = self._edition()
        workflow.send_back(
            edition, by=self.editor, at=on, seen_digest=edition.digest, note=step.note
        )

    @_take.register
    def _(self, step: ReleasedUrgently, on: dt.datetime) -> None:
        edition = self._edition()
        workflow.release_urgently(
            edition,
            by=self.editor,
            at=on,
            seen_digest=edition.digest,
            reason=step.reason,
            password=self.password,
        )

    @_take.register
    def _(self, step: Withdrawn, on: dt.datetime) -> None:
        workflow.withdraw(
            self._edition(), by=self.editor, at=on, kind=step.kind, notice=step.notice
        )

    @_take.register
    def _(self, step: Remarked, on: dt.datetime) -> None:
        actions.remark(self._edition(), by=self.newsdesk[step.by], at=on, text=step.text)

    @_take.register
    def _(self, step: Asked, on: dt.datetime) -> None:
        actions.ask(
            self._edition(), by=self.author, at=on, name=step.name, on_behalf_of=step.on_behalf_of
        )

    @_take.register
    def _(self, step: Agreed, on: dt.datetime) -> None:
        edition = self._edition()
        preview = edition.previews.get(name=step.name)
        actions.note_opening(preview, at=on)
        actions.answer(preview, at=on, seen_digest=edition.digest, agrees=True)

    def _edition(self) -> Edition:
        return self.statement.editions.latest("sequence")

    def _rewrite(self, replacing: tuple[tuple[str, str], ...]) -> None:
        for old, new in replacing:
            assert old in self.text + self.summary, f"Nothing says “{old}” any more."
            self.text = self.text.replace(old, new)
            self.summary = self.summary.replace(old, new)
        self._write(self.statement)

    def _remember_when(self) -> None:
        """Let the newsdesk's list say when it was worked on, and not when this was loaded."""
        if self.story.steps:
            first = self._first()
            written = [step.on for step in self.story.steps if isinstance(step, Submitted)]
            last = moment(written[-1], at=self.at) if written else first
            Statement.objects.filter(pk=self.statement.pk).update(created_at=first, changed_at=last)

    def _first(self) -> dt.datetime:
        """When the story begins, for one that has any steps."""
        return moment(self.story.steps[0].on, at=self.at)


def _told(document: str) -> Statement:
    return Statement.objects.get(uuid=uuid_of(document))


def _with_links(block: str) -> str:
    """The block with its bare addresses as links, as an editor would set them."""
    linked = BARE_ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', block)
    return "".join(html.clean_blocks(linked))
