"""Make a draft from a parsed document.

Speakers, organisations and roles that exist are used; others are created, and
`DraftResult.messages` says which. No word of the document is lost: text without a place in the
draft goes to `Statement.leftover_text`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from organisations.models import Appointment, Organisation, Speaker
from statements.content.slugs import slug_base
from statements.content.tables import is_table_block, separate_tables
from statements.drafting.embargo import adopt_embargo, list_texts
from statements.drafting.matching import filter_by_role, find_organisation, find_speakers
from statements.models import Passage, Statement
from statements.parsing.draft import Draft, DraftPassage

MAX_HEADLINE_CHARS = 500
MAX_NAME_CHARS = 200
MAX_PASSAGE_BYTES = 80_000
"""Less than the form accepts, so that there is room to write."""


@dataclass
class DraftResult:
    """The new draft, and messages about how it was made."""

    statement: Statement
    messages: list[str] = field(default_factory=list)


@transaction.atomic
def create_draft(draft: Draft, *, by: User, at: dt.datetime) -> DraftResult:
    """Create the statement and its draft, with `by` as the first contributor."""
    builder = _DraftBuilder(draft, by=by, at=at)
    builder.write()
    return DraftResult(builder.statement, builder.messages)


class _DraftBuilder:
    def __init__(self, draft: Draft, *, by: User, at: dt.datetime) -> None:
        self.draft, self.by, self.at = draft, by, at
        self.at = at
        self.day = draft.dated_on or timezone.localdate(at)
        self.messages: list[str] = []
        self.statement = Statement(
            headline=draft.headline[:MAX_HEADLINE_CHARS],
            dated_on=draft.dated_on,
            notes_to_editors="\n".join(draft.notes_to_editors),
        )

    def _build_leftover_text(self) -> str:
        leftovers = list(self.draft.leftovers)
        if len(self.draft.headline) > MAX_HEADLINE_CHARS:
            reason = (
                f"It is too long for a headline; its first {MAX_HEADLINE_CHARS} characters are "
                "there."
            )
            leftovers.insert(0, (self.draft.headline, reason))
        if leftovers:
            self.messages.append("What had no place in the draft is kept under “Left over”.")
        self.messages = list(dict.fromkeys([*self.messages, *self.draft.messages]))
        parts = [f"{text}\n({reason})" for text, reason in leftovers]
        if self.messages:
            listed = "\n".join(f"- {message}" for message in self.messages)
            parts.insert(0, f"What was changed or dropped:\n{listed}")
        return "\n\n".join(parts)

    def write(self) -> None:
        self.statement.save()
        last_speaker = None
        for piece in split_long_passages(map(self._check_doubt, self.draft.passages)):
            passage = self._build_passage(piece)
            self._set_attribution(passage, piece.attribution, last_speaker)
            passage.save()
            last_speaker = passage.speaker or last_speaker
        self._choose_publisher()
        self._adopt_embargo()
        self.statement.leftover_text = self._build_leftover_text()
        self.statement.save()
        self.statement.record_save(by=self.by, seen_version=self.statement.version)

    def _check_doubt(self, piece: DraftPassage) -> DraftPassage:
        """Return quoted words of an uncertain speaker as they stand in the document."""
        if piece.is_quoted and piece.doubt:
            self.messages.append(f"{piece.doubt} Choose the speaker.")
        is_known = len(piece.speaker_name) <= MAX_NAME_CHARS and (
            not piece.doubt or len(find_speakers(piece.speaker_name)) == 1
        )
        return piece if not piece.is_quoted or is_known else piece.without_speaker()

    def _build_passage(self, piece: DraftPassage) -> Passage:
        passage = Passage(
            statement=self.statement,
            position=self.statement.passages.count(),
            heading=piece.heading[:MAX_NAME_CHARS],
            body="\n".join(piece.blocks),
        )
        if piece.is_quoted:
            passage.speaker = self._get_speaker(piece)
            passage.appointment = self._get_appointment(passage.speaker, piece)
        return passage

    def _set_attribution(self, passage: Passage, line: str, last_speaker: Speaker | None) -> None:
        """Keep the line word for word where the page would not generate the same."""
        new_voice = passage.speaker != last_speaker
        if passage.content(new_voice=new_voice)["attribution"] != line:
            passage.attribution = line

    def _adopt_embargo(self) -> None:
        leftovers = [text for text, _ in self.draft.leftovers]
        texts = [*leftovers, *list_texts(self.statement)]
        self.messages += adopt_embargo(self.statement, texts, at=self.at)

    # --- Speakers and organisations ---------------------------------------------------------------

    def _get_speaker(self, piece: DraftPassage) -> Speaker:
        speakers = find_speakers(piece.speaker_name)
        if not speakers:
            speaker = Speaker.objects.create(
                name=piece.speaker_name, slug=find_free_slug(Speaker, piece.speaker_name)
            )
            self.messages.append(f"{speaker} is new among the speakers.")
            return speaker
        if len(speakers) > 1:
            self.messages.append(
                f"{len(speakers)} speakers are called {speakers[0]}: check that the right one was "
                "taken."
            )
        in_office = [
            speaker
            for speaker in speakers
            if filter_by_role(speaker.appointments.all(), piece.role)
        ]
        self.messages.append(f"{speakers[0]} was found among the speakers.")
        return (in_office or speakers)[0]

    def _get_appointment(self, speaker: Speaker, piece: DraftPassage) -> Appointment | None:
        if not piece.role or not piece.organisation_name:
            return None
        if max(len(piece.role), len(piece.organisation_name)) > MAX_NAME_CHARS:
            return None
        organisation = self._get_organisation(piece)
        appointments = filter_by_role(
            speaker.appointments.filter(organisation=organisation), piece.role
        )
        if not appointments:
            self.messages.append(
                f"{speaker} is now recorded as {piece.role} of {organisation.in_text}, without "
                "dates: check the dates."
            )
            return Appointment.objects.create(
                speaker=speaker, organisation=organisation, role=piece.role
            )
        in_force = [
            appointment
            for appointment in appointments
            if appointment in speaker.appointments_in_force_on(self.day)
        ]
        if not in_force:
            self.messages.append(
                f"{speaker} is not recorded as {piece.role} of {organisation.in_text} on "
                f"{self.day:%-d %B %Y}: check the dates."
            )
        return (in_force or appointments)[0]

    def _get_organisation(self, piece: DraftPassage) -> Organisation:
        existing = find_organisation(piece.organisation_name, piece.organisation_in_text)
        if existing is not None:
            return existing
        organisation = Organisation.objects.create(
            name=piece.organisation_name,
            name_in_text=piece.organisation_in_text[: MAX_NAME_CHARS + 10],
            slug=find_free_slug(Organisation, piece.organisation_name),
        )
        self.messages.append(
            f"{organisation} is new among the organisations, and does not publish: a manager can "
            "change that."
        )
        return organisation

    def _choose_publisher(self) -> None:
        """Choose a speaker's organisation if it publishes, else the only one that does."""
        appointments = [passage.appointment for passage in self.statement.passages.in_order()]
        candidates = [
            appointment.organisation
            for appointment in appointments
            if appointment and appointment.organisation.publishes
        ]
        publishers = list(Organisation.objects.filter(publishes=True)[:2])
        if candidates:
            self.statement.organisation = candidates[0]
        elif len(publishers) == 1:
            self.statement.organisation = publishers[0]
        else:
            self.messages.append("Choose the publishing organisation.")
            return
        self.statement.save(update_fields=["organisation"])


def find_free_slug(model: type[models.Model], name: str) -> str:
    """Return a slug of the name that no row has, with a number if need be."""
    root = slug_base(name, default=model.__name__.lower())
    slug, number = root, 1
    while model._default_manager.filter(slug=slug).exists():  # noqa: SLF001  (Django's public API)
        number += 1
        slug = f"{root}-{number}"
    return slug


def split_long_passages(passages: Iterable[DraftPassage]) -> Iterable[DraftPassage]:
    """Split very long passages, and give each table a passage of its own, by nobody.

    Parts of one speaker still read as one quotation.
    """
    for passage in passages:
        heading, attribution = passage.heading, passage.attribution
        for part in _split_blocks(passage.blocks):
            blocks, typed_blocks = passage.blocks[part], passage.typed_blocks[part]
            if blocks and is_table_block(blocks[0]):
                yield DraftPassage(heading=heading, blocks=blocks)
            else:
                yield replace(
                    passage,
                    heading=heading,
                    attribution=attribution,
                    blocks=blocks,
                    typed_blocks=typed_blocks,
                )
                attribution = ""
            heading = ""


def _split_blocks(blocks: Sequence[str]) -> Iterable[slice]:
    start = 0
    for run in separate_tables(blocks) or [[]]:
        end, size = start, 0
        for block in run:
            size += len(block.encode())
            if size > MAX_PASSAGE_BYTES and end > start:
                yield slice(start, end)
                start, size = end, len(block.encode())
            end += 1
        yield slice(start, end)
        start = end
