"""What becomes of each row. Nothing is written here: a dry run ends with this, an import begins."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from archive.attachments import Taking
from archive.cleaning import Cleaned, has_no_text
from archive.mapping import Mapping
from archive.name_matching import Books, bare_name
from archive.readers.row import Row
from archive.redirect_paths import local_path, shadows
from organisations.models import Appointment, Organisation, Speaker
from statements.content import html, rendering
from statements.content.languages import LANGUAGES
from statements.content.schema import IMPORTED_TEXTS
from statements.drafting.from_document import of_fitting_size, with_literal_marks
from statements.models import Kind, Passage, Statement, StoredFile
from statements.parsing.draft import DraftPassage
from statements.readiness import LONGEST_HEADLINE
from statements.workflow import Incoming

LONGEST_NAME = 200
LONGEST_LINE = 500
NOON = dt.time(12)
KINDS = {
    "press release": Kind.PRESS_RELEASE,
    "press releases": Kind.PRESS_RELEASE,
    "news release": Kind.PRESS_RELEASE,
    "media release": Kind.PRESS_RELEASE,
    "press notice": Kind.PRESS_RELEASE,
    "news story": Kind.PRESS_RELEASE,
    "speech": Kind.SPEECH,
    "speeches": Kind.SPEECH,
    "speech transcript": Kind.SPEECH,
    "remarks": Kind.SPEECH,
    "transcript": Kind.SPEECH,
    "oral statement to parliament": Kind.SPEECH,
    "statement": Kind.STATEMENT,
    "statements": Kind.STATEMENT,
    "media statement": Kind.STATEMENT,
    "press statement": Kind.STATEMENT,
    "written statement to parliament": Kind.STATEMENT,
    "written statement": Kind.STATEMENT,
    "letter": Kind.LETTER,
    "open letter": Kind.LETTER,
    "comment": Kind.COMMENT,
    "response": Kind.RESPONSE,
    "consultation response": Kind.RESPONSE,
    "government response": Kind.RESPONSE,
}
KNOWN_KINDS = frozenset(Kind.values)


@dataclass
class Plan:
    """What would be made of one row, and every doubt about it."""

    row: Row
    source: str
    identifier: str
    digest: str
    detail: dict
    incoming: Incoming | None = None
    refusal: str = ""
    doubts: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    paths_of_files: dict[str, StoredFile] = field(default_factory=dict)
    words_in: int = 0
    words_out: int = 0

    @property
    def is_draft(self) -> bool:
        return self.incoming is not None and self.incoming.released_at is None


class Planner:
    """Makes plans of rows; keeps what they have in common."""

    def __init__(
        self, mapping: Mapping, books: Books, taking: Taking, *, at: dt.datetime, site: str
    ) -> None:
        self.mapping, self.books, self.at, self.site = mapping, books, at, site
        self.taking = taking
        self.kinds = {name.casefold(): kind for name, kind in mapping.kinds.items()}

    def plan(self, plan: Plan, cleaned: Cleaned) -> None:
        """Fill the plan of a row, whose body was cleaned."""
        row = _without_long_texts(plan.row, plan)
        plan.doubts += row.told
        plan.words_in, plan.words_out = cleaned.words_in, cleaned.words_out
        plan.dropped += cleaned.dropped
        plan.doubts += cleaned.told
        wordless = not any(passage.blocks for passage in cleaned.passages)
        if wordless and row.published and not row.draft:
            plan.refusal = (
                "There are no words in it, only a headline. Ask the old site for an export that "
                "carries its text."
            )
            return
        row = _with_a_headline(row, cleaned, plan)
        statement = self._statement(row, cleaned, plan)
        released_at = self._released_at(row, statement, plan)
        passages = self._passages(cleaned, row, statement.language, plan)
        plan.doubts += _unheard(row, passages)
        plan.incoming = Incoming(
            statement,
            passages,
            released_at,
            source=f"{row.where} of {plan.source}" if plan.source else row.where,
            detail=plan.detail,
            themes=self.books.themes(self._subjects(row), where=row.where),
        )
        if problems := plan.incoming.problems(self.at):
            plan.refusal = " ".join(str(problem) for problem in problems)
        else:
            self._take_files(row, cleaned, plan)
        plan.paths = self._paths(row, plan)

    def _take_files(self, row: Row, cleaned: Cleaned, plan: Plan) -> None:
        named = [
            *(("file", one) for one in row.beside),
            *(("picture", one) for one in cleaned.pictures),
            *(("link", one) for one in cleaned.links),
        ]
        taken = self.taking.take(named, of=row.file, headline=row.headline)
        plan.taken, plan.dropped = taken.names, plan.dropped + taken.dropped
        plan.doubts += taken.doubts
        plan.paths_of_files = {
            path: file
            for address, file in taken.addresses.items()
            if (path := local_path(address)) and not shadows(path)
        }
        if taken.attachments and plan.incoming is not None:
            plan.incoming = replace(plan.incoming, attachments=taken.attachments)

    # --- The statement ---

    def _statement(self, row: Row, cleaned: Cleaned, plan: Plan) -> Statement:
        left_over = [f"{text}\n({why})" for text, why in cleaned.left_over]
        return Statement(
            **{field.key: getattr(row, field.key) for field in IMPORTED_TEXTS},
            kind=self._kind(row),
            organisation=self._publisher(row, plan),
            language=self._language(row, plan),
            notes_to_editors="\n".join(cleaned.notes),
            unplaced="\n\n".join(left_over),
        )

    def _kind(self, row: Row) -> str:
        names = [row.kind, *(label.name for label in row.labels)]
        for name in names:
            bare = re.sub(r"[\s_-]+", " ", name.casefold()).strip()
            said = self.kinds.get(name.casefold()) or KINDS.get(bare)
            if said in KNOWN_KINDS:
                return said
        return self.mapping.kind if self.mapping.kind in KNOWN_KINDS else Kind.STATEMENT

    def _subjects(self, row: Row):
        """Labels that say which kind it is say no subject."""
        return [
            label
            for label in row.labels
            if re.sub(r"[\s_-]+", " ", label.name.casefold()) not in KINDS
            or label.name in self.mapping.themes
        ]

    def _language(self, row: Row, plan: Plan) -> str:
        said = (row.language or self.mapping.language or "en").strip()
        base = re.split(r"[-_]", said.casefold())[0]
        if base in dict(LANGUAGES):
            return base
        if re.fullmatch(r"[a-z]{2,3}", base):
            plan.doubts.append(f"The newsdesk does not offer the language “{said}”.")
            return base
        return "en"

    def _publisher(self, row: Row, plan: Plan) -> Organisation | None:
        named = [
            body
            for name in row.bodies
            if (body := self.books.body(name, where=row.where, publishes=True))
        ]
        for text in row.issuers:
            bodies, people = self.books.issuers(text, where=row.where)
            named += bodies
            if people:
                names = ", ".join(person.name for person in people)
                plan.doubts.append(f"Issued with {names}, whose own words are not marked in it.")
        publisher = next((body for body in named if body.publishes), None)
        return publisher or self.books.publisher() or self._site(row)

    def _site(self, row: Row) -> Organisation | None:
        """Where nobody publishes yet, the site itself does."""
        name = row.site_title or self.site
        return self.books.body(name, where=row.where, publishes=True)

    def _released_at(self, row: Row, statement: Statement, plan: Plan) -> dt.datetime | None:
        """When it came out; None for what was never out, or nobody knows when."""
        said = row.published
        if row.draft:
            return None
        if said is None:
            plan.doubts.append("Nobody knows when it came out, so it comes in as a draft.")
            return None
        if isinstance(said, dt.datetime):
            instant, day = said.astimezone(dt.UTC), said.date()
        else:
            noon = dt.datetime.combine(said, NOON, self.mapping.zone).astimezone(dt.UTC)
            instant, day = (
                (min(noon, self.at) if said <= timezone.localdate(self.at) else noon),
                said,
            )
        if instant > self.at:
            plan.doubts.append(f"Its time, {said:%-d %B %Y}, has not come: it comes in as a draft.")
            return None
        if day != timezone.localdate(instant):
            statement.dated_on = day
        return instant

    # --- The words ---

    def _passages(self, cleaned: Cleaned, row: Row, language: str, plan: Plan) -> list[Passage]:
        passages: list[Passage] = []
        speaking: Speaker | None = None
        for piece in of_fitting_size(cleaned.passages):
            passage = self._passage(piece, row, language, plan)
            if passage.speaker is not None:
                line = self._line(passage, piece, speaking, language, plan)
                passage.attribution = line[:LONGEST_LINE]
                speaking = passage.speaker
            else:
                passage.attribution = piece.attribution[:LONGEST_LINE]
            passages.append(passage)
        return passages

    def _passage(self, piece: DraftPassage, row: Row, language: str, plan: Plan) -> Passage:
        blocks = list(piece.blocks)
        heading = piece.heading
        if len(heading) > LONGEST_NAME:
            heading, blocks = "", [html.paragraph(heading), *blocks]
        passage = Passage(heading=heading)
        if piece.quoted and 0 < len(piece.speaker_name) <= LONGEST_NAME:
            passage.speaker = self.books.speaker(piece.speaker_name, where=row.where)
        if passage.speaker is not None:
            passage.appointment = self._role(passage.speaker, piece, row)
        elif piece.quoted:
            blocks = with_literal_marks(replace(piece, blocks=tuple(blocks)), language)
        passage.body = "\n".join(blocks)
        return passage

    def _role(self, speaker: Speaker, piece: DraftPassage, row: Row) -> Appointment | None:
        if not piece.role or not piece.organisation_name:
            return None
        if max(len(piece.role), len(piece.organisation_name)) > LONGEST_NAME:
            return None
        body = self.books.body(
            piece.organisation_name, where=row.where, in_text=piece.organisation_in_text
        )
        return self.books.role(speaker, piece.role, body, where=row.where) if body else None

    def _line(
        self, passage: Passage, piece: DraftPassage, speaking, language: str, plan: Plan
    ) -> str:
        """The line word for word, unless the page writes the same by itself."""
        assert passage.speaker is not None, "Only a quotation has such a line."
        if passage.speaker == speaking and not piece.attribution:
            return ""
        role = passage.appointment
        written = rendering.generated_attribution(
            passage.speaker.name,
            role.role if role else "",
            role.organisation.in_text if role else "",
            language,
        )
        if not piece.attribution:
            plan.doubts.append(f"“{written}” was added before words that had no such line.")
        if role is None:  # else the page would name the one that we know of
            return piece.attribution or written
        return "" if piece.attribution == written else piece.attribution

    # --- Old addresses ---

    def _paths(self, row: Row, plan: Plan) -> list[str]:
        found: dict[str, None] = {}
        for address in row.addresses:
            path = local_path(address)
            if path is None:
                continue
            if shadows(path):
                plan.doubts.append(
                    f"The old address {path} is one of ours, so it is not redirected."
                )
            else:
                found[path] = None
        return list(found)


def _unheard(row: Row, passages: list[Passage]) -> list[str]:
    """Nobody is given words that are not marked as theirs, and whoever is named may have some."""
    heard = {bare_name(one.speaker.name) for one in passages if one.speaker}
    missing = ", ".join(name for name in row.people if bare_name(name) not in heard)
    return [f"Said by {missing}, whose own words are not marked in it."] if missing else []


def _without_long_texts(row: Row, plan: Plan) -> Row:
    if has_no_text(row):  # then the summary is the text
        row = replace(row, summary="")
    for entry in IMPORTED_TEXTS:
        length = len(getattr(row, entry.key))
        if entry.max_import_chars and length > entry.max_import_chars:
            plan.dropped.append(f"{entry.label.lower()} of {length:,} characters")
            changes: dict[str, Any] = {entry.key: ""}
            row = replace(row, **changes)
    return row


def _with_a_headline(row: Row, cleaned: Cleaned, plan: Plan) -> Row:
    """Made from the first words where there is none; shortened where no list would carry it."""
    if not row.headline:
        first = next((block for one in cleaned.passages for block in one.blocks), "")
        words = re.sub(r"<[^>]*>", " ", first).split()
        headline = " ".join(words[:12])[:120] or "Untitled"
        plan.doubts.append(f"It had no headline: “{headline}” was taken from its words.")
        return replace(row, headline=headline)
    if len(row.headline) > LONGEST_HEADLINE:
        short = row.headline[: LONGEST_HEADLINE - 1].rsplit(" ", 1)[0] + "…"
        whole = DraftPassage(blocks=(html.paragraph(row.headline),))
        cleaned.passages = (whole, *cleaned.passages)
        plan.doubts.append("The headline was too long; all of it opens the words.")
        return replace(row, headline=short)
    return row
