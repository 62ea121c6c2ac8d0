"""Make a draft from a parsed document.

Speakers, organisations and roles that exist are used; others are created, and
`DraftResult.messages` says which. No word of the document is lost: text without a place in the
draft goes to `Statement.leftover_text`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Appointment, Organisation, Speaker
from statements.content.tables import is_table_block, separate_tables
from statements.drafting.document_names import MAX_NAME_CHARS, DocumentNames
from statements.drafting.embargo import adopt_embargo, list_texts
from statements.drafting.proposals import Proposer
from statements.models import Passage, Statement
from statements.parsing.draft import Draft, DraftPassage

MAX_HEADLINE_CHARS = 500
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
        self.messages: list[str] = []
        self.voice: tuple[Speaker | None, Appointment | None] = (None, None)
        self.last_speaker: Speaker | None = None
        self.statement = Statement(
            headline=draft.headline[:MAX_HEADLINE_CHARS],
            dated_on=draft.dated_on,
            notes_to_editors="\n".join(draft.notes_to_editors),
        )
        proposer = Proposer(self.statement, by=by, at=at)
        self.names = DocumentNames(proposer, day=draft.dated_on or timezone.localdate(at))

    def _build_leftover_text(self) -> str:
        leftovers = list(self.draft.leftovers)
        if len(self.draft.headline) > MAX_HEADLINE_CHARS:
            reason = _(
                "It is too long for a headline; its first %(most)s characters are there."
            ) % {"most": MAX_HEADLINE_CHARS}
            leftovers.insert(0, (self.draft.headline, reason))
        if leftovers:
            self.messages.append(
                _("What had no place in the draft is kept under “Left out of the draft”.")
            )
        self.messages = list(dict.fromkeys([*self.messages, *self.draft.messages]))
        parts = [f"{text}\n({reason})" for text, reason in leftovers]
        if self.messages:
            listed = "\n".join(f"- {message}" for message in self.messages)
            parts.insert(0, _("What was changed or dropped:\n%(listed)s") % {"listed": listed})
        return "\n\n".join(parts)

    def write(self) -> None:
        self.statement.save()
        for piece in self.draft.passages:
            self._write_voice(piece)
        self.messages += self.names.messages
        self._choose_publisher()
        self._adopt_embargo()
        self.statement.leftover_text = self._build_leftover_text()
        self.statement.save()
        self.statement.record_save(by=self.by, seen_version=self.statement.version)

    def _write_voice(self, piece: DraftPassage) -> None:
        """Write the passages of one voice; without a certain speaker they keep their marks."""
        if not piece.continues_quotation:
            self.voice = self._find_voice(piece)
        speaker, appointment = self.voice
        if piece.is_quoted and speaker is None:
            piece = piece.without_speaker()
        for part in split_long_passages([piece]):
            passage = Passage(
                statement=self.statement,
                position=self.statement.passages.count(),
                heading=part.heading[:MAX_NAME_CHARS],
                body="\n".join(part.blocks),
            )
            if part.is_quoted:  # a table within the words is by nobody
                passage.speaker, passage.appointment = speaker, appointment
            self._set_attribution(passage, part.attribution)
            passage.save()
            self.last_speaker = passage.speaker or self.last_speaker

    def _find_voice(self, piece: DraftPassage) -> tuple[Speaker | None, Appointment | None]:
        speaker = self.names.find_speaker(piece) if piece.is_quoted else None
        return speaker, self.names.find_appointment(speaker, piece) if speaker else None

    def _set_attribution(self, passage: Passage, line: str) -> None:
        """Keep the line word for word where the page would not generate the same."""
        new_voice = passage.speaker != self.last_speaker
        if passage.content(new_voice=new_voice).get("attribution", "") != line:
            passage.attribution = line

    def _adopt_embargo(self) -> None:
        leftovers = [text for text, _ in self.draft.leftovers]
        texts = [*leftovers, *list_texts(self.statement)]
        self.messages += adopt_embargo(self.statement, texts, at=self.at)

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
            self.messages.append(_("Choose who publishes this."))
            return
        self.statement.contact = self.statement.organisation.default_contact
        self.statement.save(update_fields=["organisation", "contact"])


def has_left_out_words(leftover_text: str) -> bool:
    """Return whether more stands there than the list of what was changed or dropped."""
    lines = leftover_text.strip().splitlines()
    if len(lines) < 2 or not lines[1].startswith("- "):
        return bool(lines)
    return any(line.strip() and not line.startswith("- ") for line in lines[1:])


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
