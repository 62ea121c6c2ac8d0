"""What somebody outside is asked to read: an edition, or a saved version of a draft."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from statements.audit.state import lock_and_read
from statements.content.reading import read_content
from statements.content.schema import digest_of
from statements.models import (
    DraftVersion,
    Edition,
    PreviewLink,
    SignOff,
    State,
    Statement,
    StoredFile,
)
from statements.publicness import released_by
from statements.readiness import Problem
from statements.roles import NEWSDESK, require_group


@dataclass(frozen=True)
class Subject:
    """An edition or a draft version, with its statement. Exactly one of the two is there."""

    statement: Statement
    edition: Edition | None = None
    draft_version: DraftVersion | None = None

    @classmethod
    def of(cls, row: "Edition | DraftVersion | PreviewLink | SignOff | Subject") -> "Subject":
        """Return what a row is, or what it is about."""
        if isinstance(row, Edition):
            return cls(row.statement, edition=row)
        if isinstance(row, DraftVersion):
            return cls(row.statement, draft_version=row)
        return cls(row.statement, row.edition, row.draft_version)

    @property
    def columns(self) -> dict[str, Statement | Edition | DraftVersion | None]:
        """The columns of a row about it."""
        return {
            "statement": self.statement,
            "edition": self.edition,
            "draft_version": self.draft_version,
        }

    @property
    def digest(self) -> str:
        """What stands for exactly these words, on the reader's screen."""
        return self.edition.digest if self.edition else digest_of(self._version.text)

    @property
    def _version(self) -> DraftVersion:
        assert self.draft_version, "A subject is one of the two."
        return self.draft_version

    @property
    def written_at(self) -> dt.datetime:
        """When these words were submitted or saved: nobody can have replied before."""
        return self.edition.submitted_at if self.edition else self._version.at

    @property
    def is_erased(self) -> bool:
        erased_at = self.edition.erased_at if self.edition else self._version.text_erased_at
        return erased_at is not None

    @property
    def links(self) -> QuerySet[PreviewLink]:
        """The links to exactly these words."""
        return PreviewLink.objects.filter(**self.columns)

    def find_file(self, digest: str, name: str) -> StoredFile | None:
        """Return the file of these words with this digest and name."""
        if self.edition:
            carried = self.edition.files.filter(file__digest=digest, name=name)
            row = carried.filter(file__erased_at=None).select_related("file").first()
            return row.file if row else None
        files = read_content(self._version.text).get("files", [])
        names = {
            (each["digest"], file["name"])
            for file in files
            for each in (file, *file.get("narrower", ()))
        }
        if (digest, name) not in names:
            return None
        return StoredFile.objects.filter(digest=digest, erased_at=None).first()

    @property
    def later_editions(self) -> QuerySet[Edition]:
        """The editions that were submitted after these words."""
        if self.edition:
            return self.statement.editions.filter(sequence__gt=self.edition.sequence)
        return self.statement.editions.filter(submitted_at__gte=self._version.at)


def lock_subject_for(
    subject: Edition | DraftVersion | Subject, *, by: User, action: str
) -> Subject:
    """Lock a subject for somebody on the newsdesk; raise PermissionDenied for anybody else."""
    require_group(by, NEWSDESK, action)
    return lock_subject(Subject.of(subject))


def lock_subject(subject: Subject) -> Subject:
    """Return it as it is now, with its statement locked as `workflow` locks it."""
    statement = lock_and_read(subject.statement.pk)
    edition, version = subject.edition, subject.draft_version
    if edition:
        edition = Edition.objects.get(pk=edition.pk)
        edition.statement = statement
    if version:
        version = DraftVersion.objects.get(pk=version.pk)
    return Subject(statement, edition, version)


def find_newer_edition(subject: Subject) -> Edition | None:
    """Return the newest edition after these words that was not cancelled."""
    later = subject.later_editions.exclude(state=State.CANCELLED)
    return later.order_by("-sequence").first()


def find_public_slug(subject: Subject, at: dt.datetime) -> str | None:
    """Return the address where these or newer words are public, or None before their release."""
    released = subject.later_editions
    if subject.edition:
        released |= subject.statement.editions.filter(pk=subject.edition.pk)
    newest = released.filter(released_by(at)).order_by("-release_at")
    return newest.values_list("slug", flat=True).first()


def closed_reasons(row: Edition | DraftVersion | Subject, at: dt.datetime) -> list[Problem]:
    """Say why nobody can sign off these words any more; empty while they are open."""
    subject = Subject.of(row)
    if subject.is_erased:
        return [Problem("", _("These words were erased."))]
    if newer := find_newer_edition(subject):
        said = _("There is a newer edition of these words: edition %(number)d.")
        return [Problem("", said % {"number": newer.sequence})]
    edition = subject.edition
    sentence = _describe_end(edition, at) if edition else ""
    return [Problem("", sentence)] if sentence else []


def _describe_end(edition: Edition, at: dt.datetime) -> str:
    if edition.is_released(at):
        return _("These words have been published.")
    if edition.state == State.SENT_BACK:
        return _("These words went back to their authors, to be changed.")
    return _("These words were cancelled.") if edition.state == State.CANCELLED else ""
