"""Define the tables, one module for each subject.

Statement and Passage are the draft; Edition and its neighbours are frozen; Event is the record.
PreviewLink, SignOff and Remark belong to an edition: what people outside and inside said about it.
"""

from statements.models.attachment import Attachment, EditionFile, StoredFile, random_path
from statements.models.autosave import Autosave, Presence
from statements.models.cache_version import CacheVersion
from statements.models.draft_version import DraftVersion
from statements.models.edition import (
    Amendment,
    ApprovalRule,
    Edition,
    EditionAttribution,
    State,
)
from statements.models.event import NOTE_KEY, Action, Event, EventText, hash_event, hash_text
from statements.models.fingerprints import Fingerprints
from statements.models.joint_publisher import JointPublisher
from statements.models.link_check import LinkCheck
from statements.models.newsdesk_choices import CalendarFeed, CalendarSetting, SavedView
from statements.models.passage import Passage, make_block_id
from statements.models.preview_link import PreviewLink, PreviewToken, PreviewVisit
from statements.models.proposed_name import ProposedName, is_confirmed, is_usable_in
from statements.models.release_group import ReleaseGroup
from statements.models.remark import Remark
from statements.models.seal import Seal, SealedEdition
from statements.models.search import DraftSearchRow, SearchRow, SearchWord
from statements.models.sensitive_period import SensitivePeriod
from statements.models.sign_off import SignOff
from statements.models.site_page import SitePage
from statements.models.staff_mail import Absence, MailKind, SentReminder, SwitchedOffMail
from statements.models.statement import (
    Contribution,
    RelatedStatement,
    StaleVersion,
    Statement,
    StatementKind,
    lock_statement,
)
from statements.models.statement_slug import StatementSlug, hash_slug
from statements.models.style_rule import StyleRule
from statements.models.suggestion import DocumentFrequencies, Suggestion, TermPosting, TermVector
from statements.models.theme import FormerThemeSlug, Theme, ThemedStatement
from statements.models.withdrawal import Withdrawal

__all__ = [
    "NOTE_KEY",
    "Absence",
    "Action",
    "Amendment",
    "ApprovalRule",
    "Attachment",
    "Autosave",
    "CacheVersion",
    "CalendarFeed",
    "CalendarSetting",
    "Contribution",
    "DocumentFrequencies",
    "DraftSearchRow",
    "DraftVersion",
    "Edition",
    "EditionAttribution",
    "EditionFile",
    "Event",
    "EventText",
    "Fingerprints",
    "FormerThemeSlug",
    "JointPublisher",
    "LinkCheck",
    "MailKind",
    "Passage",
    "Presence",
    "PreviewLink",
    "PreviewToken",
    "PreviewVisit",
    "ProposedName",
    "RelatedStatement",
    "ReleaseGroup",
    "Remark",
    "SavedView",
    "Seal",
    "SealedEdition",
    "SearchRow",
    "SearchWord",
    "SensitivePeriod",
    "SentReminder",
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
    "SwitchedOffMail",
    "TermPosting",
    "TermVector",
    "Theme",
    "ThemedStatement",
    "Withdrawal",
    "hash_event",
    "hash_slug",
    "hash_text",
    "is_confirmed",
    "is_usable_in",
    "lock_statement",
    "make_block_id",
    "random_path",
]
