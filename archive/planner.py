"""Plan what each row becomes. Nothing is written here: a dry run ends with the plans."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from archive.attachments import AttachmentImporter
from archive.cleaning import CleanedBody, has_no_text
from archive.mapping import Mapping
from archive.name_matching import MAX_NAME_CHARS, NameMatcher, strip_titles
from archive.readers.row import Label, Row
from archive.redirect_paths import conflicts_with_site, to_local_path
from organisations.models import Appointment, Organisation, Speaker
from statements.content import html, rendering
from statements.content.languages import LANGUAGES
from statements.content.schema import IMPORTED_TEXTS
from statements.drafting.from_document import add_literal_quotation_marks, split_long_passages
from statements.models import Passage, Statement, StatementKind, StoredFile
from statements.parsing.draft import DraftPassage
from statements.readiness import MAX_HEADLINE_CHARS
from statements.release_dates import get_day_start
from statements.workflow import ImportedDraft

MAX_ATTRIBUTION_CHARS = 500
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
    """What one row would become, and every doubt about it."""

    row: Row
    source: str
    identifier: str
    digest: str
    detail: dict[str, Any]
    position: int
    """The place of the row in the source, from 0."""
    is_update: bool
    draft: ImportedDraft | None = None
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
        return self.draft is not None and self.draft.released_at is None


class Planner:
    """Fill the plans of rows."""

    def __init__(
        self,
        mapping: Mapping,
        name_matcher: NameMatcher,
        attachment_importer: AttachmentImporter,
        *,
        at: dt.datetime,
        site: str,
    ) -> None:
        self.mapping, self.name_matcher, self.at, self.site = mapping, name_matcher, at, site
        self.attachment_importer = attachment_importer
        self.kinds = {name.casefold(): kind for name, kind in mapping.kinds.items()}

    def fill_plan(self, plan: ImportPlan, cleaned: CleanedBody) -> None:
        """Fill the plan of a row from its cleaned body."""
        row = _without_long_texts(plan.row, plan)
        plan.doubts += row.messages
        plan.words_in = cleaned.words_in + row.unused_words
        plan.words_out = cleaned.words_out
        plan.dropped += row.dropped
        plan.dropped += cleaned.dropped
        plan.doubts += cleaned.messages
        has_words = any(passage.blocks for passage in cleaned.passages)
        if not has_words and row.published and not row.is_draft:
            plan.refusal = (
                "There are no words in it, only a headline. Ask the old site for an export that "
                "carries its text."
            )
            return
        row = _ensure_headline(row, cleaned, plan)
        statement = self._build_statement(row, cleaned, plan)
        released_at, released_on = self._find_release_time(row, statement, plan)
        passages = self._build_passages(cleaned, row, statement.language, plan)
        plan.doubts += _unattributed_warnings(row, passages)
        plan.draft = ImportedDraft(
            statement,
            passages,
            released_at,
            source=f"{row.location} of {plan.source}" if plan.source else row.location,
            released_on=released_on,
            detail=plan.detail,
            themes=self.name_matcher.match_themes(
                self._select_theme_labels(row), where=row.location
            ),
        )
        if problems := plan.draft.find_problems(self.at):
            plan.refusal = " ".join(str(problem) for problem in problems)
        else:
            self._import_attachments(row, cleaned, plan)
        plan.redirect_paths = self._collect_redirect_paths(row, plan)

    def _import_attachments(self, row: Row, cleaned: CleanedBody, plan: ImportPlan) -> None:
        links = [
            *(("file", link) for link in row.linked_files),
            *(("picture", link) for link in cleaned.pictures),
            *(("link", link) for link in cleaned.links),
        ]
        result = self.attachment_importer.import_files(
            links, named_in=row.file, headline=row.headline
        )
        plan.attachment_names, plan.dropped = result.names, plan.dropped + result.dropped
        plan.doubts += result.doubts
        plan.file_redirect_paths = {
            path: file
            for url, file in result.files_by_url.items()
            if (path := to_local_path(url)) and not conflicts_with_site(path)
        }
        if result.attachments and plan.draft is not None:
            plan.draft = replace(plan.draft, attachments=result.attachments)

    # --- The statement ---

    def _build_statement(self, row: Row, cleaned: CleanedBody, plan: ImportPlan) -> Statement:
        leftovers = [f"{text}\n({why})" for text, why in cleaned.leftovers]
        return Statement(
            **{field.key: getattr(row, field.key) for field in IMPORTED_TEXTS},
            kind=self._detect_kind(row),
            organisation=self._find_publisher(row, plan),
            language=self._detect_language(row, plan),
            notes_to_editors="\n".join(cleaned.notes),
            leftover_text="\n\n".join(leftovers),
        )

    def _detect_kind(self, row: Row) -> str:
        names = [row.kind, *(label.name for label in row.labels)]
        for name in names:
            kind = self.kinds.get(name.casefold()) or KINDS_BY_NAME.get(_normalise_name(name))
            if kind in KNOWN_KINDS:
                return kind
        return self.mapping.kind if self.mapping.kind in KNOWN_KINDS else StatementKind.STATEMENT

    def _select_theme_labels(self, row: Row) -> list[Label]:
        """Return the labels that are subjects, not those that name a kind."""
        return [
            label
            for label in row.labels
            if _normalise_name(label.name) not in KINDS_BY_NAME or label.name in self.mapping.themes
        ]

    def _detect_language(self, row: Row, plan: ImportPlan) -> str:
        language = (row.language or self.mapping.language or "en").strip()
        base = re.split(r"[-_]", language.casefold())[0]
        if base in dict(LANGUAGES):
            return base
        if re.fullmatch(r"[a-z]{2,3}", base):
            plan.doubts.append(f"The newsdesk does not offer the language “{language}”.")
            return base
        return "en"

    def _find_publisher(self, row: Row, plan: ImportPlan) -> Organisation | None:
        publishers = [
            organisation
            for name in row.organisations
            if (
                organisation := self.name_matcher.match_organisation(
                    name, where=row.location, publishes=True
                )
            )
        ]
        for text in row.issuers:
            organisations, people = self.name_matcher.match_issuers(text, where=row.location)
            publishers += organisations
            if people:
                names = ", ".join(person.name for person in people)
                plan.doubts.append(f"Issued with {names}, whose own words are not marked in it.")
        publisher = next((named for named in publishers if named.publishes), None)
        return publisher or self.name_matcher.find_publisher() or self._match_site(row)

    def _match_site(self, row: Row) -> Organisation | None:
        """Make the site itself the publisher, where nobody publishes yet."""
        name = row.site_title or self.site
        return self.name_matcher.match_organisation(name, where=row.location, publishes=True)

    def _find_release_time(
        self, row: Row, statement: Statement, plan: ImportPlan
    ) -> tuple[dt.datetime | None, dt.date | None]:
        """Return when it came out, and the day where the source gives no time."""
        published = row.published
        if row.is_draft:
            return None, None
        if published is None:
            plan.doubts.append("Nobody knows when it came out, so it comes in as a draft.")
            return None, None
        if isinstance(published, dt.datetime):
            instant, day = published.astimezone(dt.UTC), None
        else:
            instant, day = get_day_start(published), published
        if instant > self.at:
            plan.doubts.append(
                f"Its time, {published:%-d %B %Y}, has not come: it comes in as a draft."
            )
            return None, None
        if isinstance(published, dt.datetime) and published.date() != timezone.localdate(instant):
            statement.dated_on = published.date()
        return instant, day

    # --- The words ---

    def _build_passages(
        self, cleaned: CleanedBody, row: Row, language: str, plan: ImportPlan
    ) -> list[Passage]:
        passages: list[Passage] = []
        last_speaker: Speaker | None = None
        for draft_passage in split_long_passages(cleaned.passages):
            passage = self._build_passage(draft_passage, row, language, plan)
            if passage.speaker is not None:
                line = self._build_attribution(passage, draft_passage, last_speaker, language, plan)
                passage.attribution = line[:MAX_ATTRIBUTION_CHARS]
                last_speaker = passage.speaker
            else:
                passage.attribution = draft_passage.attribution[:MAX_ATTRIBUTION_CHARS]
            passages.append(passage)
        return passages

    def _build_passage(
        self, draft_passage: DraftPassage, row: Row, language: str, plan: ImportPlan
    ) -> Passage:
        blocks = list(draft_passage.blocks)
        heading = draft_passage.heading
        if len(heading) > MAX_NAME_CHARS:
            heading, blocks = "", [html.make_paragraph(heading), *blocks]
        passage = Passage(heading=heading)
        if draft_passage.is_quoted and 0 < len(draft_passage.speaker_name) <= MAX_NAME_CHARS:
            passage.speaker = self.name_matcher.match_speaker(
                draft_passage.speaker_name, where=row.location
            )
        if passage.speaker is not None:
            passage.appointment = self._match_role(passage.speaker, draft_passage, row)
        elif draft_passage.is_quoted:
            blocks = add_literal_quotation_marks(
                replace(draft_passage, blocks=tuple(blocks)), language
            )
        passage.body = "\n".join(blocks)
        return passage

    def _match_role(
        self, speaker: Speaker, draft_passage: DraftPassage, row: Row
    ) -> Appointment | None:
        role, name = draft_passage.role, draft_passage.organisation_name
        if not role or not name or max(len(role), len(name)) > MAX_NAME_CHARS:
            return None
        organisation = self.name_matcher.match_organisation(
            name, where=row.location, in_text=draft_passage.organisation_in_text
        )
        if organisation is None:
            return None
        return self.name_matcher.match_role(speaker, role, organisation, where=row.location)

    def _build_attribution(
        self,
        passage: Passage,
        draft_passage: DraftPassage,
        last_speaker: Speaker | None,
        language: str,
        plan: ImportPlan,
    ) -> str:
        """Return the attribution word for word; "" where the page generates the same."""
        assert passage.speaker is not None, "Only a quotation has an attribution."
        if passage.speaker == last_speaker and not draft_passage.attribution:
            return ""
        role = passage.appointment
        generated = rendering.generate_attribution(
            passage.speaker.name,
            role.role if role else "",
            role.organisation.in_text if role else "",
            language,
        )
        if not draft_passage.attribution:
            plan.doubts.append(f"“{generated}” was added before words that had no such line.")
        if role is None:  # the page would generate it with the speaker's present role
            return draft_passage.attribution or generated
        return "" if draft_passage.attribution == generated else draft_passage.attribution

    # --- Redirects ---

    def _collect_redirect_paths(self, row: Row, plan: ImportPlan) -> list[str]:
        paths: dict[str, None] = {}
        for url in row.urls:
            path = to_local_path(url)
            if path is None:
                continue
            if conflicts_with_site(path):
                plan.doubts.append(
                    f"The old address {path} is one of ours, so it is not redirected."
                )
            else:
                paths[path] = None
        return list(paths)


def _normalise_name(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name.casefold()).strip()


def _unattributed_warnings(row: Row, passages: list[Passage]) -> list[str]:
    """Warn of people whose words are not marked: words are never attributed by guessing."""
    speakers = {strip_titles(passage.speaker.name) for passage in passages if passage.speaker}
    missing = ", ".join(name for name in row.people if strip_titles(name) not in speakers)
    return [f"Said by {missing}, whose own words are not marked in it."] if missing else []


def _without_long_texts(row: Row, plan: ImportPlan) -> Row:
    if has_no_text(row):  # the summary becomes the text
        row = replace(row, summary="")
    for schema_field in IMPORTED_TEXTS:
        length = len(getattr(row, schema_field.key))
        if schema_field.max_import_chars and length > schema_field.max_import_chars:
            plan.dropped.append(f"{schema_field.label.lower()} of {length:,} characters")
            changes: dict[str, Any] = {schema_field.key: ""}
            row = replace(row, **changes)
    return row


def _ensure_headline(row: Row, cleaned: CleanedBody, plan: ImportPlan) -> Row:
    """Take a missing headline from the first words; shorten one that is too long for lists."""
    if not row.headline:
        first_block = next((block for passage in cleaned.passages for block in passage.blocks), "")
        words = re.sub(r"<[^>]*>", " ", first_block).split()
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
