"""The door: everything public starts from these functions and those of `door/`; nothing else here
sees a model.

When an edition is public, `statements.publicness` says. Nothing makes it so: the clock is read when
somebody asks.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.query import QuerySet

from organisations.models import (
    Contact,
    Speaker,
)
from statements.models import (
    Amendment,
    Edition,
    EditionAttribution,
    RelatedStatement,
    StatementKind,
    StatementSlug,
    Withdrawal,
)
from statements.publicness import (
    address_open_at,
    ended_by,
    public_at,
    released_after,
    released_by,
    was_ever_public,
)
from statements.published.compiled_query import compiled_query

NEWEST_FIRST = ("-first_release_at", "-statement_id")
KIND_LABELS = dict(StatementKind.choices)
AMENDMENT_LABELS = dict(Amendment.choices)


def amendment_tag(amendment: str) -> str:
    """What a list says beside a headline of how it was last changed; nothing of a typing error."""
    return "" if amendment == Amendment.TYPO else AMENDMENT_LABELS.get(amendment, "")


CONTACT_FIELDS = ("name", "email", "phone", "out_of_hours_phone")

# What a page shows of an edition. Everything else that stands beside it is the newsdesk's.
PUBLIC_FIELDS = (
    *("id", "statement_id", "uuid", "content", "headline", "summary", "byline", "kind"),
    *("language", "dated_on", "slug", "release_at", "live_until", "first_release_at"),
    *("rule", "approved_at"),  # to say when it was imported
)


# --- Which editions -------------------------------------------------------------------------------


def public_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """The current public edition of each statement at this instant: at most one a statement."""
    return Edition.objects.filter(public_at(at))


def past_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Earlier editions that were public and may still be read: never gone, suppressed or erased.

    None while the statement itself is gone. An edition under a withdrawal notice is not among them
    until another follows it: until then its words stand under the notice alone.
    """
    return _superseded_editions(at=at).filter(suppressed_at=None, erased_at=None)


def removed_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Earlier public editions whose words were taken away: a place in the list, no more."""
    removed = Q(suppressed_at__isnull=False) | Q(erased_at__isnull=False)
    return (
        _superseded_editions(at=at)
        .filter(removed)
        .only("id", "statement_id", "release_at", "live_until")
    )


def withdrawn_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Editions that stand under a withdrawal notice now, on their detail page alone."""
    return _ended_editions(at=at).filter(
        ~Exists(_later_editions(at=at)),
        ~Exists(gone_withdrawals(at=at)),
        Exists(_withdrawals_of_edition(at=at)),
        suppressed_at=None,
        erased_at=None,
    )


def gone_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """The last edition of each statement that is gone now: an address to answer 410, no words.

    Words that were withdrawn with a notice and then suppressed or erased are gone as well.
    """
    taken_away = Exists(gone_withdrawals(at=at)) | (
        Exists(_withdrawals_of_edition(at=at))
        & (Q(suppressed_at__isnull=False) | Q(erased_at__isnull=False))
    )
    return (
        _ended_editions(at=at)
        .filter(~Exists(_later_editions(at=at)), taken_away)
        .only("id", "statement_id", "slug")
    )


def amending_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Editions that came out as a clarification, a correction or a retraction, and stood.

    Whatever became of them: join them to the others before saying a word of any.
    """
    came_out = Edition.objects.filter(released_by(at), was_ever_public())
    # Not one list of three: it is by this very term that a database knows edition_amendment_release_idx.
    return came_out.exclude(amendment="").exclude(amendment=Amendment.TYPO)


def effective_withdrawals(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    """Withdrawals of what was public, the newest of each edition."""
    newer = Withdrawal.objects.filter(edition=OuterRef("edition"), pk__gt=OuterRef("pk"))
    return Withdrawal.objects.filter(
        ~Exists(newer.filter(from_at__lte=at)), released_by(at, "edition__"), from_at__lte=at
    )


def _ended_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    return Edition.objects.filter(released_by(at), ended_by(at))


def _superseded_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Followed by another edition, and neither gone itself nor of a statement that is gone."""
    statement_is_gone = gone_editions(at=at).filter(statement=OuterRef("statement"))
    return _ended_editions(at=at).filter(
        Exists(_later_editions(at=at)),
        ~Exists(gone_withdrawals(at=at)),
        ~Exists(statement_is_gone),
        was_ever_public(),
    )


def _later_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Editions of the same statement that came out after the one outside, or in the same
    instant.
    """
    after = released_after(OuterRef("release_at")) | Q(
        release_at=OuterRef("release_at"), sequence__gt=OuterRef("sequence")
    )
    return Edition.objects.filter(after, released_by(at), statement=OuterRef("statement"))


def _withdrawals_of_edition(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(edition=OuterRef("pk"), from_at__lte=at)


def gone_withdrawals(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    return _withdrawals_of_edition(at=at).filter(kind=Withdrawal.Kind.GONE)


# --- One statement --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicName:
    """A theme, a speaker or a body, as it is called now.

    `former` are addresses that it had, `merged` the rows that were merged into it.
    """

    pk: int
    slug: str
    name: str
    former_slugs: frozenset[str] = frozenset()
    merged_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Notice:
    """What the public reads in the place of words that were taken back, and since when."""

    text: str
    since: dt.datetime
    target: str = ""
    contact: Mapping[str, str] | None = None


@dataclass(frozen=True)
class StatementPage:
    """An edition with what lies on its shelf and who speaks first in it; `notice` when it was
    withdrawn.
    """

    edition: Edition
    publisher_slug: str
    contact: dict[str, str]
    themes: list[PublicName]
    original_id: int | None
    speaker_id: int | None
    notice: Notice | None = None


def load_current_statement(slug: str, *, at: dt.datetime) -> StatementPage | None:
    """The public edition that this address, or an old one of its statement, leads to. One query."""
    return _build_statement_page(_select_current(slug=slug, at=at))


@compiled_query
def _select_current(*, slug: str, at: dt.datetime) -> QuerySet[Edition]:
    return _with_metadata(public_editions(at=at).filter(_public_slug_filter(slug, at)))


def load_withdrawn_statement(slug: str, *, at: dt.datetime) -> StatementPage | None:
    """The edition under a withdrawal notice that this address leads to."""
    newest = next(iter(_select_withdrawn(slug=slug, at=at)), None)
    if newest is None:
        return None
    return _build_statement_page(
        _with_metadata(Edition.objects.filter(pk=newest.edition_id)),
        Notice(newest.notice, newest.from_at),
    )


@compiled_query
def _select_withdrawn(*, slug: str, at: dt.datetime) -> QuerySet[Withdrawal]:
    editions = withdrawn_editions(at=at).filter(_public_slug_filter(slug, at))
    return Withdrawal.objects.filter(edition__in=editions, from_at__lte=at).order_by("-pk")[:1]


def load_gone_notice(slug: str, *, at: dt.datetime) -> Notice | None:
    """What to say, whom to ask, and where to send readers, where a statement is gone."""
    newest = next(iter(_select_gone(slug=slug, at=at)), None)
    if newest is None:
        return None
    contact = newest.statement.contact
    return Notice(
        newest.notice, newest.from_at, newest.target, contact_details(contact) if contact else None
    )


@compiled_query
def _select_gone(*, slug: str, at: dt.datetime) -> QuerySet[Withdrawal]:
    editions = gone_editions(at=at).filter(_public_slug_filter(slug, at)).values("pk")
    found = Withdrawal.objects.filter(edition__in=editions, from_at__lte=at)
    return found.select_related("statement__contact").order_by("-pk")[:1]


def contact_details(contact: Contact) -> dict[str, str]:
    """How journalists reach a press contact."""
    return {name: getattr(contact, name) for name in CONTACT_FIELDS}


def load_statement_page(edition: Edition) -> StatementPage:
    """Any one edition with its shelf, for the newsdesk's review: it shows what the public
    would see.
    """
    opened = _build_statement_page(_with_metadata(Edition.objects.filter(pk=edition.pk)))
    assert opened is not None, "An edition is never deleted."
    return opened


def find_list_position(slug: str, *, at: dt.datetime) -> tuple[dt.datetime, int] | None:
    """Where in the newest-first order the statement at this public address stands."""
    return next(iter(_select_list_position(slug=slug, at=at)), None)


@compiled_query
def _select_list_position(*, slug: str, at: dt.datetime) -> QuerySet:
    at_it = StatementSlug.objects.filter(address_open_at(at), slug=slug)
    return at_it.values_list("statement__first_release_at", "statement_id")


def _public_slug_filter(slug: str, at: dt.datetime) -> Q:
    return Q(statement__addresses__slug=slug) & address_open_at(at, "statement__addresses__")


def _with_metadata(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """One row for each theme, so that the shelf costs no query of its own."""
    return (
        editions.only(*PUBLIC_FIELDS)
        .annotate(
            publisher_slug=F("organisation__slug"),
            original_id=F("statement__translation_of"),
            speaker_id=Subquery(
                EditionAttribution.objects.filter(edition=OuterRef("pk"), speaker__isnull=False)
                .order_by("pk")
                .values("speaker")[:1]
            ),
            contact_name=F("statement__contact__name"),
            contact_email=F("statement__contact__email"),
            contact_phone=F("statement__contact__phone"),
            contact_out_of_hours_phone=F("statement__contact__out_of_hours_phone"),
            theme_id=F("statement__themed__tag_id"),
            theme_slug=F("statement__themed__tag__slug"),
            theme_name=F("statement__themed__tag__name"),
        )
        .order_by("theme_name")
    )


def _build_statement_page(
    shelved: Iterable[Any], notice: Notice | None = None
) -> StatementPage | None:
    rows = list(shelved)
    if not rows:
        return None
    first = rows[0]
    contact = {name: getattr(first, f"contact_{name}") or "" for name in CONTACT_FIELDS}
    return StatementPage(
        edition=first,
        publisher_slug=first.publisher_slug,
        contact=contact if contact["name"] else {},
        themes=[PublicName(r.theme_id, r.theme_slug, r.theme_name) for r in rows if r.theme_id],
        original_id=first.original_id,
        speaker_id=first.speaker_id,
        notice=notice,
    )


# --- For queries of others ------------------------------------------------------------------------


def sole_speaker_slug() -> Subquery:
    """The address of whoever alone is quoted in an edition; of a joint statement nobody's."""
    quoted = EditionAttribution.objects.filter(
        edition=OuterRef(OuterRef("pk")), speaker__isnull=False
    )
    alone = quoted.order_by().values("edition").annotate(people=Count("pk"), one=Max("speaker"))
    # By its number: the names of all are else read anew for each row, where they are few.
    who = Speaker.objects.filter(pk=Subquery(alone.filter(people=1).values("one")))
    return Subquery(who.order_by().values("slug"))


def editor_picks(statement_id: int) -> QuerySet[RelatedStatement]:
    """What editors put beneath a statement: `blocked` rows keep out, the others stand in order.

    Says nothing about what is public: join it to `public_editions`.
    """
    return RelatedStatement.objects.filter(statement=statement_id)
