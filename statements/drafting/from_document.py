"""A document taken apart (`reading`) -> a statement that somebody can go on writing.

People, bodies and roles are matched with those on the books, else made; `Drafted.told` says which,
in sentences. No word of the document is lost: what has no place is kept in `Statement.leftover_text`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from organisations.models import Appointment, Organisation, Speaker
from statements.content import html, rendering
from statements.drafting.matching import filter_by_role, find_organisation, find_speakers
from statements.models import Passage, Statement
from statements.parsing.draft import Draft, DraftPassage

MAX_HEADLINE_CHARS = 500
MAX_NAME_CHARS = 200
MAX_PASSAGE_BYTES = 80_000
"""Of one passage; the form takes a little more, so that there is room to write."""


@dataclass
class DraftResult:
    """The new working copy, and what a person should know about how it came to be."""

    statement: Statement
    messages: list[str] = field(default_factory=list)


@transaction.atomic
def create_draft(draft: Draft, *, by, at: dt.datetime) -> DraftResult:
    """Make the working copy, with `by` as its first contributor. Nothing is submitted."""
    desk = _DraftBuilder(draft, by=by, at=at)
    desk.write()
    return DraftResult(desk.statement, desk.messages)


class _DraftBuilder:
    def __init__(self, draft: Draft, *, by, at: dt.datetime) -> None:
        self.draft, self.by, self.at = draft, by, at
        self.day = draft.dated_on or timezone.localdate(at)
        self.messages: list[str] = []
        self.statement = Statement(
            headline=draft.headline[:MAX_HEADLINE_CHARS],
            dated_on=draft.dated_on,
            notes_to_editors="\n".join(draft.notes_to_editors),
        )

    def _build_leftover_text(self) -> str:
        """What was changed, to be read at leisure, and the words that no field took."""
        left_over = list(self.draft.leftovers)
        if len(self.draft.headline) > MAX_HEADLINE_CHARS:
            why = f"It is too long for a headline; its first {MAX_HEADLINE_CHARS} characters are there."
            left_over.insert(0, (self.draft.headline, why))
        if left_over:
            self.messages.append("What had no place in the draft is kept under “Left over”.")
        self.messages = list(dict.fromkeys([*self.messages, *self.draft.messages]))
        told = ["What was changed or dropped:\n" + "\n".join(f"- {one}" for one in self.messages)]
        return "\n\n".join(
            [*(told if self.messages else []), *(f"{text}\n({why})" for text, why in left_over)]
        )

    def write(self) -> None:
        self.statement.save()
        speaking = None
        for piece in split_long_passages(self.draft.passages):
            passage = self._build_passage(piece)
            self._set_attribution(passage, piece.attribution, speaking)
            passage.save()
            speaking = passage.speaker or speaking
        self._choose_publisher()
        self.statement.leftover_text = self._build_leftover_text()
        self.statement.save(update_fields=["leftover_text"])
        self.statement.record_save(by=self.by, seen_version=self.statement.version)

    def _build_passage(self, piece: DraftPassage) -> Passage:
        passage = Passage(
            statement=self.statement,
            position=self.statement.passages.count(),
            heading=piece.heading[:MAX_NAME_CHARS],
            body="\n".join(piece.blocks),
        )
        if piece.is_quoted and 0 < len(piece.speaker_name) <= MAX_NAME_CHARS:
            passage.speaker = self._get_speaker(piece)
            passage.appointment = self._get_appointment(passage.speaker, piece)
        elif piece.is_quoted:
            passage.body = "\n".join(add_literal_quotation_marks(piece, self.statement.language))
            self.messages.append(
                "Quoted words without a speaker keep their quotation marks as typed. Once you "
                "choose the speaker, the page sets the marks itself."
            )
        return passage

    def _set_attribution(self, passage: Passage, line: str, speaking: Speaker | None) -> None:
        """Keep the line word for word, unless the product writes the same by itself."""
        new_voice = passage.speaker != speaking
        written = passage.content(new_voice=new_voice)["attribution"] if passage.speaker else ""
        if line and line != written:
            passage.attribution = line
        elif written and not line:
            self.messages.append(
                f"The document has no line before these words; “{written}” was added."
            )

    # --- People and bodies ------------------------------------------------------------------------

    def _get_speaker(self, piece: DraftPassage) -> Speaker:
        named = find_speakers(piece.speaker_name)
        if not named:
            speaker = Speaker.objects.create(
                name=piece.speaker_name, slug=find_free_slug(Speaker, piece.speaker_name)
            )
            self.messages.append(f"{speaker} is new among the speakers.")
            return speaker
        if len(named) > 1:
            self.messages.append(
                f"{len(named)} speakers are called {named[0]}: check that the right one was taken."
            )
        in_office = [one for one in named if filter_by_role(one.appointments.all(), piece.role)]
        self.messages.append(f"{named[0]} was found among the speakers.")
        return (in_office or named)[0]

    def _get_appointment(self, speaker: Speaker, piece: DraftPassage) -> Appointment | None:
        if not piece.role or not piece.organisation_name:
            return None
        if max(len(piece.role), len(piece.organisation_name)) > MAX_NAME_CHARS:
            return None
        body = self._get_organisation(piece)
        held = filter_by_role(speaker.appointments.filter(organisation=body), piece.role)
        if not held:
            self.messages.append(
                f"{speaker} is on the books as {piece.role} of {body.in_text} now, without dates: "
                "check the dates."
            )
            return Appointment.objects.create(speaker=speaker, organisation=body, role=piece.role)
        today = [one for one in held if one in speaker.appointments_in_force_on(self.day)]
        if not today:
            self.messages.append(
                f"{speaker} was not {piece.role} of {body.in_text} on {self.day:%-d %B %Y} "
                "by our books: check the dates."
            )
        return (today or held)[0]

    def _get_organisation(self, piece: DraftPassage) -> Organisation:
        known = find_organisation(piece.organisation_name, piece.organisation_in_text)
        if known is not None:
            return known
        body = Organisation.objects.create(
            name=piece.organisation_name,
            name_in_text=piece.organisation_in_text[: MAX_NAME_CHARS + 10],
            slug=find_free_slug(Organisation, piece.organisation_name),
        )
        self.messages.append(
            f"{body} is new among the organisations, and does not publish: a manager can change "
            f"that."
        )
        return body

    def _choose_publisher(self) -> None:
        """The speaker's body if it publishes, else the only one that does."""
        roles = [passage.appointment for passage in self.statement.passages.in_order()]
        bodies = [role.organisation for role in roles if role and role.organisation.publishes]
        publishers = list(Organisation.objects.filter(publishes=True)[:2])
        body = bodies[0] if bodies else publishers[0] if len(publishers) == 1 else None
        if body is None:
            self.messages.append("Choose the publishing organisation.")
            return
        self.statement.organisation = body
        self.statement.save(update_fields=["organisation"])


def find_free_slug(model: type[models.Model], name: str) -> str:
    root = slugify(name)[:90].strip("-") or model.__name__.lower()
    slug, number = root, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{root}-{number}"
    return slug


def add_literal_quotation_marks(piece: DraftPassage, language: str) -> list[str]:
    """The blocks as the page would set them for a speaker, marks and all."""
    nobody = {"name": "", "slug": "", "role": "", "organisation": None}
    words = {"heading": "", "attribution": "", "speaker": nobody, "blocks": list(piece.blocks)}
    rendered = rendering.render_passages({"language": language, "passages": [words]})
    return html.clean_blocks(rendered[0].html)


def split_long_passages(passages: Iterable[DraftPassage]) -> Iterable[DraftPassage]:
    """Very long passages in several pieces: the same voice goes on, so they read as one."""
    for passage in passages:
        parts: list[list[str]] = [[]]
        size = 0
        for block in passage.blocks:
            size += len(block.encode())
            if size > MAX_PASSAGE_BYTES and parts[-1]:
                parts.append([])
                size = len(block.encode())
            parts[-1].append(block)
        yield replace(passage, blocks=tuple(parts[0]))
        for part in parts[1:]:
            yield replace(passage, heading="", attribution="", blocks=tuple(part))
