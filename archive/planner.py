"""Plan what each row becomes. Nothing is written here: a dry run ends with the plans."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from archive.attachments import AttachmentImporter
from archive.cleaning import CleanedBody, has_no_text
from archive.languages import choose_language
from archive.mapping import Mapping
from archive.matching.name_matcher import NameMatcher
from archive.planned_passages import PassageBuilder
from archive.proposed_dates import propose_day
from archive.publishers import find_publishers
from archive.readers.row import Label, Row
from archive.readers.source_status import NO_STATUS, SourceStatus, combine_statuses
from archive.readers.status_fields import judge_file_name, judge_headline
from archive.redirect_paths import choose_source_slug, conflicts_with_site, to_local_path
from archive.source_dates import SourceDates
from organisations.models import Organisation
from statements.content import html
from statements.content.schema import IMPORTED_TEXTS
from statements.drafting.name_comparison import has_first_name_and_surname, strip_titles
from statements.models import Passage, Statement, StatementKind, StoredFile
from statements.parsing.draft import DraftPassage
from statements.parsing.embargo import find_embargo
from statements.readiness import MAX_HEADLINE_CHARS
from statements.release_dates import get_day_start
from statements.workflow import ImportedDraft

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
NO_WORDS = (
    "There are no words in it, only a headline. Ask the old site for an export that carries its "
    "text."
)
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
    status: SourceStatus = NO_STATUS
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
        self.dates = SourceDates(mapping.zone)
        self.kinds = {name.casefold(): kind for name, kind in mapping.kinds.items()}

    def fill_plan(self, plan: ImportPlan, cleaned: CleanedBody) -> None:
        """Fill the plan of a row from its cleaned body."""
        row = self._resolve_status(_without_long_texts(plan.row, plan), plan)
        _report_cleaning(row, cleaned, plan)
        has_words = any(passage.blocks for passage in cleaned.passages)
        if not has_words and row.published and not row.is_draft:
            plan.refusal = NO_WORDS
            return
        row = _ensure_headline(row, cleaned, plan)
        publishers = self._find_publishers(row, cleaned, plan)
        statement = self._build_statement(row, cleaned, plan)
        statement.organisation = next(iter(publishers), None)
        row = self._date_row(row, cleaned, statement, plan)
        released_at, released_on = self._decide_release(row, cleaned, statement, plan)
        plan.draft = ImportedDraft(
            statement,
            self._build_passages(row, cleaned, plan),
            released_at,
            source=f"{row.location} of {plan.source}" if plan.source else row.location,
            released_on=released_on,
            detail=plan.detail,
            joint_publishers=publishers[1:],
            themes=self.name_matcher.match_themes(
                self._select_theme_labels(row), where=row.location
            ),
        )
        if problems := plan.draft.find_problems(self.at):
            plan.refusal = " ".join(str(problem) for problem in problems)
        else:
            self._import_attachments(row, cleaned, plan)
        plan.redirect_paths = self._collect_redirect_paths(row, plan)

    def _resolve_status(self, row: Row, plan: ImportPlan) -> Row:
        """Decide by the clock of the dry run, and by folder and headline, what the status means."""
        status = combine_statuses(
            [
                row.status.resolve(self.at),
                judge_file_name(row.file, self.mapping),
                judge_headline(row.headline, self.mapping),
            ]
        )
        plan.status = status
        if status.is_doubtful:
            plan.doubts.append(status.describe())
        return replace(row, status=status)

    def _build_passages(self, row: Row, cleaned: CleanedBody, plan: ImportPlan) -> list[Passage]:
        builder = PassageBuilder(self.name_matcher, row.location)
        passages = builder.build(cleaned.passages)
        plan.doubts += [*builder.doubts, *_unattributed_warnings(row, passages)]
        return passages

    def _import_attachments(self, row: Row, cleaned: CleanedBody, plan: ImportPlan) -> None:
        links = [
            *(("file", link) for link in row.linked_files),
            *(("picture", link) for link in cleaned.pictures),
            *(("link", link) for link in cleaned.links),
        ]
        result = self.attachment_importer.import_files(links, named_in=row.file)
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
            language=choose_language(
                row.language or self.mapping.language, cleaned.language_guess, plan.doubts
            ),
            slug=choose_source_slug(row.headline, row.urls),
            notes_to_editors="\n".join(cleaned.notes),
            leftover_text="\n\n".join(leftovers),
        )

    def _find_publishers(
        self, row: Row, cleaned: CleanedBody, plan: ImportPlan
    ) -> list[Organisation]:
        return find_publishers(
            row,
            self.name_matcher,
            speakers=_list_certain_speakers(cleaned),
            doubts=plan.doubts,
            site=self.site,
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

    def _date_row(
        self, row: Row, cleaned: CleanedBody, statement: Statement, plan: ImportPlan
    ) -> Row:
        """Take a proposed day where the source names none: its draft has it, or it is used."""
        if row.published is not None:
            return replace(row, published=self.dates.drop_invented_time(row.published))
        proposed = None if row.is_draft else propose_day(row, cleaned)
        if proposed is None:
            return row
        if self.mapping.dates_from_names:
            plan.doubts.append(f"{proposed.where} gives its date, {proposed.day:%-d %B %Y}.")
            return replace(row, published=proposed.day)
        statement.dated_on = proposed.day
        plan.doubts.append(
            f"{proposed.where} gives {proposed.day:%-d %B %Y}: its draft has that date. To publish "
            "such rows, say dates_from_names = true in the mapping."
        )
        return row

    def _decide_release(
        self, row: Row, cleaned: CleanedBody, statement: Statement, plan: ImportPlan
    ) -> tuple[dt.datetime | None, dt.date | None]:
        """Return when it came out, and the day where there is no time; neither for a draft."""
        released_at, released_on = self._find_release_time(row, statement, plan)
        if released_at is None or self._adopt_embargo(statement, cleaned, released_at, plan):
            return None, None
        if statement.organisation is None:
            plan.doubts.append("Nobody knows who published it, so it comes in as a draft.")
            return None, None
        return released_at, released_on

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

    def _adopt_embargo(
        self, statement: Statement, cleaned: CleanedBody, released_at: dt.datetime, plan: ImportPlan
    ) -> bool:
        """Return whether the words name an embargo that has not ended; the draft then keeps it.

        A date without a year is the next one after the item came out.
        """
        embargo = find_embargo(cleaned.embargo_texts, at=released_at, zone=self.mapping.zone)
        if embargo is None:
            return False
        if embargo.until is None:
            plan.doubts.append(f"Its words say “{embargo.line}”. {embargo.doubt}")
            return False
        if embargo.until <= self.at:
            return False
        statement.embargo_line, statement.embargo_until = embargo.line, embargo.until
        statement.requested_release_at = embargo.until
        plan.doubts.append(
            f"Its words say “{embargo.line}”, which has not come: it comes in as a draft."
        )
        return True

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


def _report_cleaning(row: Row, cleaned: CleanedBody, plan: ImportPlan) -> None:
    plan.doubts += [*row.messages, *cleaned.messages]
    plan.dropped += [*row.dropped, *cleaned.dropped]
    plan.words_in = cleaned.words_in + row.unused_words
    plan.words_out = cleaned.words_out


def _list_certain_speakers(cleaned: CleanedBody) -> set[str]:
    return {
        passage.speaker_name
        for passage in cleaned.passages
        if passage.is_quoted
        and not passage.doubt
        and has_first_name_and_surname(passage.speaker_name)
    }


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
