"""What becomes of each row. Nothing is written here: a dry run ends with this, an import begins."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from archive.attachments import AttachmentImporter
from archive.cleaning import CleanedBody, has_no_text
from archive.mapping import Mapping
from archive.name_matching import NameMatcher, strip_titles
from archive.readers.row import Row
from archive.redirect_paths import conflicts_with_site, to_local_path
from organisations.models import Appointment, Organisation, Speaker
from statements.content import html, rendering
from statements.content.languages import LANGUAGES
from statements.content.schema import IMPORTED_TEXTS
from statements.drafting.from_document import add_literal_quotation_marks, split_long_passages
from statements.models import Passage, Statement, StatementKind, StoredFile
from statements.parsing.draft import DraftPassage
from statements.readiness import MAX_HEADLINE_CHARS
from statements.workflow import ImportedDraft

MAX_NAME_CHARS = 200
MAX_ATTRIBUTION_CHARS = 500
NOON = dt.time(12)
KINDS_BY_NAME = {
    "press release": StatementKind.PRESS_RELEASE,
    "press releases": StatementKind.PRESS_RELEASE,
    "news release": StatementKind.PRESS_RELEASE,
    "media release": StatementKind.PRESS_RELEASE,
    "press notice": StatementKind.PRESS_RELEASE,
    "news story": StatementKind.PRESS_RELEASE,
    "speech": StatementKind.SPEECH,
    "speeches": StatementKind.SPEECH,
    "speech transcript": StatementKind.SPEECH,
    "remarks": StatementKind.SPEECH,
    "transcript": StatementKind.SPEECH,
    "oral statement to parliament": StatementKind.SPEECH,
    "statement": StatementKind.STATEMENT,
    "statements": StatementKind.STATEMENT,
    "media statement": StatementKind.STATEMENT,
    "press statement": StatementKind.STATEMENT,
    "written statement to parliament": StatementKind.STATEMENT,
    "written statement": StatementKind.STATEMENT,
    "letter": StatementKind.LETTER,
    "open letter": StatementKind.LETTER,
    "comment": StatementKind.COMMENT,
    "response": StatementKind.RESPONSE,
    "consultation response": StatementKind.RESPONSE,
    "government response": StatementKind.RESPONSE,
}
KNOWN_KINDS = frozenset(StatementKind.values)


@dataclass
class ImportPlan:
    """What would be made of one row, and every doubt about it."""

    row: Row
    source: str
    identifier: str
    digest: str
    detail: dict
    incoming: ImportedDraft | None = None
    refusal: str = ""
    doubts: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    attachment_names: list[str] = field(default_factory=list)
    redirect_paths: list[str] = field(default_factory=list)
    file_redirect_paths: dict[str, StoredFile] = field(default_factory=dict)
    words_in: int = 0
    words_out: int = 0

    @property
    def is_draft(self) -> bool:
        return self.incoming is not None and self.incoming.released_at is None


class Planner:
    """Makes plans of rows; keeps what they have in common."""

    def __init__(
        self,
        mapping: Mapping,
        books: NameMatcher,
        taking: AttachmentImporter,
        *,
        at: dt.datetime,
        site: str,
    ) -> None:
        self.mapping, self.name_matcher, self.at, self.site = mapping, books, at, site
        self.attachment_importer = taking
        self.kinds = {name.casefold(): kind for name, kind in mapping.kinds.items()}

    def fill_plan(self, plan: ImportPlan, cleaned: CleanedBody) -> None:
        """Fill the plan of a row, whose body was cleaned."""
        row = _without_long_texts(plan.row, plan)
        plan.doubts += row.told
        plan.words_in, plan.words_out = cleaned.words_in, cleaned.words_out
        plan.dropped += cleaned.dropped
        plan.doubts += cleaned.messages
        wordless = not any(passage.blocks for passage in cleaned.passages)
        if wordless and row.published and not row.draft:
            plan.refusal = (
                "There are no words in it, only a headline. Ask the old site for an export that "
                "carries its text."
            )
            return
        row = _ensure_headline(row, cleaned, plan)
        statement = self._build_statement(row, cleaned, plan)
        released_at = self._find_release_time(row, statement, plan)
        passages = self._build_passages(cleaned, row, statement.language, plan)
        plan.doubts += _unattributed_warnings(row, passages)
        plan.incoming = ImportedDraft(
            statement,
            passages,
            released_at,
            source=f"{row.location} of {plan.source}" if plan.source else row.location,
            detail=plan.detail,
            themes=self.name_matcher.match_themes(
                self._select_theme_labels(row), where=row.location
            ),
        )
        if problems := plan.incoming.find_problems(self.at):
            plan.refusal = " ".join(str(problem) for problem in problems)
        else:
            self._import_attachments(row, cleaned, plan)
        plan.redirect_paths = self._collect_redirect_paths(row, plan)

    def _import_attachments(self, row: Row, cleaned: CleanedBody, plan: ImportPlan) -> None:
        named = [
            *(("file", one) for one in row.beside),
            *(("picture", one) for one in cleaned.pictures),
            *(("link", one) for one in cleaned.links),
        ]
        taken = self.attachment_importer.import_files(
            named, named_in=row.file, headline=row.headline
        )
        plan.attachment_names, plan.dropped = taken.names, plan.dropped + taken.dropped
        plan.doubts += taken.doubts
        plan.file_redirect_paths = {
            path: file
            for address, file in taken.files_by_url.items()
            if (path := to_local_path(address)) and not conflicts_with_site(path)
        }
        if taken.attachments and plan.incoming is not None:
            plan.incoming = replace(plan.incoming, attachments=taken.attachments)

    # --- The statement ---

    def _build_statement(self, row: Row, cleaned: CleanedBody, plan: ImportPlan) -> Statement:
        left_over = [f"{text}\n({why})" for text, why in cleaned.left_over]
        return Statement(
            **{field.key: getattr(row, field.key) for field in IMPORTED_TEXTS},
            kind=self._detect_kind(row),
            organisation=self._find_publisher(row, plan),
            language=self._detect_language(row, plan),
            notes_to_editors="\n".join(cleaned.notes),
            leftover_text="\n\n".join(left_over),
        )

    def _detect_kind(self, row: Row) -> str:
        names = [row.kind, *(label.name for label in row.labels)]
        for name in names:
            bare = re.sub(r"[\s_-]+", " ", name.casefold()).strip()
            said = self.kinds.get(name.casefold()) or KINDS_BY_NAME.get(bare)
            if said in KNOWN_KINDS:
                return said
        return self.mapping.kind if self.mapping.kind in KNOWN_KINDS else StatementKind.STATEMENT

    def _select_theme_labels(self, row: Row):
        """Labels that say which kind it is say no subject."""
        return [
            label
            for label in row.labels
            if re.sub(r"[\s_-]+", " ", label.name.casefold()) not in KINDS_BY_NAME
            or label.name in self.mapping.themes
        ]

    def _detect_language(self, row: Row, plan: ImportPlan) -> str:
        said = (row.language or self.mapping.language or "en").strip()
        base = re.split(r"[-_]", said.casefold())[0]
        if base in dict(LANGUAGES):
            return base
        if re.fullmatch(r"[a-z]{2,3}", base):
            plan.doubts.append(f"The newsdesk does not offer the language “{said}”.")
            return base
        return "en"

    def _find_publisher(self, row: Row, plan: ImportPlan) -> Organisation | None:
        named = [
            body
            for name in row.bodies
            if (
                body := self.name_matcher.match_organisation(
                    name, where=row.location, publishes=True
                )
            )
        ]
        for text in row.issuers:
            bodies, people = self.name_matcher.match_issuers(text, where=row.location)
            named += bodies
            if people:
                names = ", ".join(person.name for person in people)
                plan.doubts.append(f"Issued with {names}, whose own words are not marked in it.")
        publisher = next((body for body in named if body.publishes), None)
        return publisher or self.name_matcher.find_publisher() or self._match_site(row)

    def _match_site(self, row: Row) -> Organisation | None:
        """Where nobody publishes yet, the site itself does."""
        name = row.site_title or self.site
        return self.name_matcher.match_organisation(name, where=row.location, publishes=True)

    def _find_release_time(
        self, row: Row, statement: Statement, plan: ImportPlan
    ) -> dt.datetime | None:
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

    def _build_passages(
        self, cleaned: CleanedBody, row: Row, language: str, plan: ImportPlan
    ) -> list[Passage]:
        passages: list[Passage] = []
        speaking: Speaker | None = None
        for piece in split_long_passages(cleaned.passages):
            passage = self._build_passage(piece, row, language, plan)
            if passage.speaker is not None:
                line = self._build_attribution(passage, piece, speaking, language, plan)
                passage.attribution = line[:MAX_ATTRIBUTION_CHARS]
                speaking = passage.speaker
            else:
                passage.attribution = piece.attribution[:MAX_ATTRIBUTION_CHARS]
            passages.append(passage)
        return passages

    def _build_passage(
        self, piece: DraftPassage, row: Row, language: str, plan: ImportPlan
    ) -> Passage:
        blocks = list(piece.blocks)
        heading = piece.heading
        if len(heading) > MAX_NAME_CHARS:
            heading, blocks = "", [html.make_paragraph(heading), *blocks]
        passage = Passage(heading=heading)
        if piece.is_quoted and 0 < len(piece.speaker_name) <= MAX_NAME_CHARS:
            passage.speaker = self.name_matcher.match_speaker(
                piece.speaker_name, where=row.location
            )
        if passage.speaker is not None:
            passage.appointment = self._match_role(passage.speaker, piece, row)
        elif piece.is_quoted:
            blocks = add_literal_quotation_marks(replace(piece, blocks=tuple(blocks)), language)
        passage.body = "\n".join(blocks)
        return passage

    def _match_role(self, speaker: Speaker, piece: DraftPassage, row: Row) -> Appointment | None:
        if not piece.role or not piece.organisation_name:
            return None
        if max(len(piece.role), len(piece.organisation_name)) > MAX_NAME_CHARS:
            return None
        body = self.name_matcher.match_organisation(
            piece.organisation_name, where=row.location, in_text=piece.organisation_in_text
        )
        return (
            self.name_matcher.match_role(speaker, piece.role, body, where=row.location)
            if body
            else None
        )

    def _build_attribution(
        self, passage: Passage, piece: DraftPassage, speaking, language: str, plan: ImportPlan
    ) -> str:
        """The line word for word, unless the page writes the same by itself."""
        assert passage.speaker is not None, "Only a quotation has such a line."
        if passage.speaker == speaking and not piece.attribution:
            return ""
        role = passage.appointment
        written = rendering.generate_attribution(
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

    def _collect_redirect_paths(self, row: Row, plan: ImportPlan) -> list[str]:
        found: dict[str, None] = {}
        for address in row.addresses:
            path = to_local_path(address)
            if path is None:
                continue
            if conflicts_with_site(path):
                plan.doubts.append(
                    f"The old address {path} is one of ours, so it is not redirected."
                )
            else:
                found[path] = None
        return list(found)


def _unattributed_warnings(row: Row, passages: list[Passage]) -> list[str]:
    """Nobody is given words that are not marked as theirs, and whoever is named may have some."""
    heard = {strip_titles(one.speaker.name) for one in passages if one.speaker}
    missing = ", ".join(name for name in row.people if strip_titles(name) not in heard)
    return [f"Said by {missing}, whose own words are not marked in it."] if missing else []


def _without_long_texts(row: Row, plan: ImportPlan) -> Row:
    if has_no_text(row):  # then the summary is the text
        row = replace(row, summary="")
    for entry in IMPORTED_TEXTS:
        length = len(getattr(row, entry.key))
        if entry.max_import_chars and length > entry.max_import_chars:
            plan.dropped.append(f"{entry.label.lower()} of {length:,} characters")
            changes: dict[str, Any] = {entry.key: ""}
            row = replace(row, **changes)
    return row


def _ensure_headline(row: Row, cleaned: CleanedBody, plan: ImportPlan) -> Row:
    """Made from the first words where there is none; shortened where no list would carry it."""
    if not row.headline:
        first = next((block for one in cleaned.passages for block in one.blocks), "")
        words = re.sub(r"<[^>]*>", " ", first).split()
        headline = " ".join(words[:12])[:120] or "Untitled"
        plan.doubts.append(f"It had no headline: “{headline}” was taken from its words.")
        return replace(row, headline=headline)
    if len(row.headline) > MAX_HEADLINE_CHARS:
        short = row.headline[: MAX_HEADLINE_CHARS - 1].rsplit(" ", 1)[0] + "…"
        whole = DraftPassage(blocks=(html.make_paragraph(row.headline),))
        cleaned.passages = (whole, *cleaned.passages)
        plan.doubts.append("The headline was too long; all of it opens the words.")
        return replace(row, headline=short)
    return row
