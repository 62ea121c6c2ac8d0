"""The tables: statement (1) and theme, edition (4), event (5), as numbered in `statements`.

Preview and remark stand beside an edition: what people outside and inside said about it.
"""

from statements.models.attachment import Attachment, EditionFile, StoredFile, random_path
from statements.models.autosave import Autosave, Presence
from statements.models.cache_version import CacheVersion
from statements.models.edition import (
    Amendment,
    ApprovalRule,
    Edition,
    EditionAttribution,
    State,
    StatementSlug,
    Withdrawal,
)
from statements.models.event import Action, Event
from statements.models.fingerprints import Fingerprints
from statements.models.house_style import LinkCheck, SensitivePeriod, StyleRule
from statements.models.preview import PreviewLink, PreviewToken, PreviewVisit, SignOff
from statements.models.remark import Remark
from statements.models.search import SearchRow, SearchWord
from statements.models.site_page import SitePage
from statements.models.statement import (
    Contribution,
    Passage,
    RelatedStatement,
    StaleVersion,
    Statement,
    StatementKind,
    lock_statement,
)
from statements.models.suggestion import DocumentFrequencies, Suggestion, TermPosting, TermVector
from statements.models.theme import FormerThemeSlug, Theme, ThemedStatement

__all__ = [
    "Action",
    "Amendment",
    "ApprovalRule",
    "Attachment",
    "Autosave",
    "CacheVersion",
    "Contribution",
    "DocumentFrequencies",
    "Edition",
    "EditionAttribution",
    "EditionFile",
    "Event",
    "Fingerprints",
    "FormerThemeSlug",
    "LinkCheck",
    "Passage",
    "Presence",
    "PreviewLink",
    "PreviewToken",
    "PreviewVisit",
    "RelatedStatement",
    "Remark",
    "SearchRow",
    "SearchWord",
    "SensitivePeriod",
    "SignOff",
    "SitePage",
    "StaleVersion",
    "State",
    "Statement",
    "StatementKind",
    "StatementSlug",
    "StoredFile",
    "StyleRule",
    "Suggestion",
    "TermPosting",
    "TermVector",
    "Theme",
    "ThemedStatement",
    "Withdrawal",
    "lock_statement",
    "random_path",
]
