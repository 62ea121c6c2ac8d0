"""The tables: statement (1) and theme, edition (4), event (5), as numbered in `statements`.

Preview and remark stand beside an edition: what people outside and inside said about it.
"""

from statements.models.attachment import Attachment, EditionFile, StoredFile, random_path
from statements.models.autosave import Autosave, Presence
from statements.models.cache_version import Generation
from statements.models.edition import (
    Address,
    Amendment,
    Edition,
    EditionVoice,
    Rule,
    State,
    Withdrawal,
)
from statements.models.event import Action, Event
from statements.models.fingerprints import Fingerprints
from statements.models.house_style import LinkCheck, SensitivePeriod, StyleRule
from statements.models.preview import Answer, Opening, Preview, PreviewKey
from statements.models.remark import Remark
from statements.models.search import SearchRow, SearchWord
from statements.models.site_page import SitePage
from statements.models.statement import (
    Contribution,
    Kind,
    Passage,
    RelatedStatement,
    Stale,
    Statement,
)
from statements.models.suggestion import Gist, GistWord, Suggestion, WordCount
from statements.models.theme import FormerThemeSlug, Theme, ThemedStatement

__all__ = [
    "Action",
    "Address",
    "Amendment",
    "Answer",
    "Attachment",
    "Autosave",
    "Contribution",
    "Edition",
    "EditionFile",
    "EditionVoice",
    "Event",
    "Fingerprints",
    "FormerThemeSlug",
    "Generation",
    "Gist",
    "GistWord",
    "Kind",
    "LinkCheck",
    "Opening",
    "Passage",
    "Presence",
    "Preview",
    "PreviewKey",
    "RelatedStatement",
    "Remark",
    "Rule",
    "SearchRow",
    "SearchWord",
    "SensitivePeriod",
    "SitePage",
    "Stale",
    "State",
    "Statement",
    "StoredFile",
    "StyleRule",
    "Suggestion",
    "Theme",
    "ThemedStatement",
    "Withdrawal",
    "WordCount",
    "random_path",
]
