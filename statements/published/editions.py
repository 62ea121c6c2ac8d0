"""Query the editions that the public may see: every public query starts here.

`statements.publicness` says when an edition is public. No job publishes it: the queries compare
its times with the instant of the request.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.query import QuerySet

from organisations.models import Contact, Speaker
from statements.content.kinds import PUBLIC_AMENDMENTS
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
    address_was_open_at,
    ended_by,
    public_at,
    released_after,
    released_by,
    was_ever_public,
)
from statements.published.compiled_query import compiled_query

NEWEST_FIRST = ("-first_release_at", "-statement_id")
KIND_LABELS = dict(StatementKind.choices)


def amendment_tag(amendment: str) -> str:
    """Return the tag of an amended statement in a list; empty for a typo."""
    return "" if amendment == Amendment.TYPO else PUBLIC_AMENDMENTS.get(amendment, "")


CONTACT_FIELDS = ("name", "email", "phone", "out_of_hours_phone")

# The columns that pages show; all others are for the newsdesk only.
PUBLIC_FIELDS = (
    *("id", "statement_id", "uuid", "content", "headline", "summary", "byline", "kind"),
    *("language", "dated_on", "slug", "release_at", "live_until", "first_release_at"),
    "first_released_on",
    *("rule", "approved_at"),  # to say when it was imported
)


ERASED_NOTICE = "The words that stood here were removed for legal reasons."
"""What readers are told where words and their notice were erased."""

# --- Which editions -------------------------------------------------------------------------------


def public_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return the public edition of each statement: at most one for each."""
    return Edition.objects.filter(public_at(at))


def past_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return earlier editions that were public and may still be read.

    None that was removed, suppressed or erased, and none while the whole statement is removed. An
    edition under a withdrawal notice becomes one when the next edition is released.
    """
    return intact_editions(at=at).filter(
        Exists(_later_editions(at=at)), ~Exists(_gone_editions_of_statement(at=at))
    )


def intact_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return editions that ended and whose words were not taken away.

    Give it only statements that are known to be public or under a notice. Then these are their
    past editions and the one under the notice, at a fraction of the cost of `past_editions`.
    """
    return _ended_editions(at=at).filter(
        ~Exists(gone_withdrawals(at=at)), was_ever_public(), suppressed_at=None, erased_at=None
    )


def removed_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return earlier public editions that were suppressed or erased: the list shows their dates."""
    removed = Q(suppressed_at__isnull=False) | Q(erased_at__isnull=False)
    return (
        _ended_editions(at=at)
        .filter(
            removed,
            Exists(_later_editions(at=at)),
            ~Exists(gone_withdrawals(at=at)),
            ~Exists(_gone_editions_of_statement(at=at)),
            was_ever_public(),
        )
        .only("id", "statement_id", "release_at", "live_until")
    )


def withdrawn_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return the editions under a withdrawal notice, which only their detail page shows."""
    return _ended_editions(at=at).filter(
        ~Exists(_later_editions(at=at)),
        ~Exists(gone_withdrawals(at=at)),
        Exists(_withdrawals_of_edition(at=at)),
        suppressed_at=None,
        erased_at=None,
    )


def gone_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return the last edition of each removed statement, whose address answers 410.

    An edition that was withdrawn with a notice and then suppressed or erased is removed as well.
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
    """Return editions that were released with an amendment that mends a fault.

    Some may have been removed since: compare them with the other functions before you show one.
    """
    released = Edition.objects.filter(released_by(at), was_ever_public())
    # `amendment=""` by itself: edition_amendment_release_idx has exactly this condition.
    return released.exclude(amendment="").exclude(amendment__in=(Amendment.TYPO, Amendment.UPDATE))


def effective_withdrawals(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    """Return withdrawals of editions that were released, the newest of each edition."""
    newer = Withdrawal.objects.filter(edition=OuterRef("edition"), pk__gt=OuterRef("pk"))
    return Withdrawal.objects.filter(
        ~Exists(newer.filter(from_at__lte=at)), released_by(at, "edition__"), from_at__lte=at
    )


def _ended_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    return Edition.objects.filter(released_by(at), ended_by(at))


def _gone_editions_of_statement(*, at: dt.datetime) -> QuerySet[Edition]:
    return gone_editions(at=at).filter(statement=OuterRef("statement"))


def _later_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return released editions of the statement of the outer query that follow its edition."""
    after = released_after(OuterRef("release_at")) | Q(
        release_at=OuterRef("release_at"), sequence__gt=OuterRef("sequence")
    )
    return Edition.objects.filter(after, released_by(at), statement=OuterRef("statement"))


def _withdrawals_of_edition(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(edition=OuterRef("pk"), from_at__lte=at)


def gone_withdrawals(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    """Return the withdrawals that removed the edition of the outer query."""
    return _withdrawals_of_edition(at=at).filter(kind=Withdrawal.Kind.GONE)


# --- One statement --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicName:
    """A theme, a speaker or an organisation with its present name.

    `merged_ids` are the rows that were merged into it.
    """

    pk: int
    slug: str
    name: str
    former_slugs: frozenset[str] = frozenset()
    merged_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Notice:
    """A withdrawal notice, which the public reads instead of the statement."""

    text: str
    since: dt.datetime
    target: str = ""
    contact: Mapping[str, str] | None = None


@dataclass(frozen=True)
class StatementPage:
    """An edition with its metadata and its first speaker; `notice` when it was withdrawn."""

    edition: Edition
    publisher_slug: str
    contact: dict[str, str]
    themes: list[PublicName]
    original_id: int | None
    speaker_id: int | None
    notice: Notice | None = None


def load_current_statement(slug: str, *, at: dt.datetime) -> StatementPage | None:
    """Load the public edition that this address, or a former one, leads to. One query."""
    return _build_statement_page(_select_current(slug=slug, at=at))


@compiled_query
def _select_current(*, slug: str, at: dt.datetime) -> QuerySet[Edition]:
    return _with_metadata(public_editions(at=at).filter(_public_slug_filter(slug, at)))


def load_withdrawn_statement(slug: str, *, at: dt.datetime) -> StatementPage | None:
    """Load the edition under a withdrawal notice that this address leads to. Two queries."""
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
    """Load the notice of a removed statement, with the contact and where to redirect. One query."""
    newest = next(iter(_select_gone(slug=slug, at=at)), None)
    if newest is None:
        return None
    contact = newest.statement.contact
    return Notice(
        newest.notice or ERASED_NOTICE,
        newest.from_at,
        newest.target,
        contact_details(contact) if contact else None,
    )


def load_erased_notice(slug: str, *, at: dt.datetime) -> Notice | None:
    """Return what is said at an address that was erased after it had been public. One query."""
    addresses = StatementSlug.objects.find_erased(slug).filter(address_was_open_at(at))
    erased_at = addresses.values_list("erased_at", flat=True).first()
    return make_erased_notice(erased_at) if erased_at else None


def make_erased_notice(erased_at: dt.datetime) -> Notice:
    """Return the notice at an address whose words were erased: it says nothing about them."""
    return Notice(ERASED_NOTICE, erased_at)


@compiled_query
def _select_gone(*, slug: str, at: dt.datetime) -> QuerySet[Withdrawal]:
    editions = gone_editions(at=at).filter(_public_slug_filter(slug, at)).values("pk")
    withdrawals = Withdrawal.objects.filter(edition__in=editions, from_at__lte=at)
    return withdrawals.select_related("statement__contact").order_by("-pk")[:1]


def contact_details(contact: Contact) -> dict[str, str]:
    """Return what the page says of a press contact."""
    return {name: getattr(contact, name) for name in CONTACT_FIELDS}


def load_statement_page(edition: Edition) -> StatementPage:
    """Load any edition as a public page shows it, for the review by the newsdesk. One query."""
    page = _build_statement_page(_with_metadata(Edition.objects.filter(pk=edition.pk)))
    assert page is not None, "An edition is never deleted."
    return page


def find_list_position(slug: str, *, at: dt.datetime) -> tuple[dt.datetime, int] | None:
    """Return the place of the statement at this address in the newest-first order. One query."""
    return next(iter(_select_list_position(slug=slug, at=at)), None)


@compiled_query
def _select_list_position(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    slugs = StatementSlug.objects.filter(address_open_at(at), slug=slug)
    return slugs.values_list("statement__first_release_at", "statement_id")


def _public_slug_filter(slug: str, at: dt.datetime) -> Q:
    # Not a join: PostgreSQL would take twice as long to plan the query.
    slugs = StatementSlug.objects.filter(address_open_at(at), slug=slug)
    return Q(statement=Subquery(slugs.values("statement")))


def _with_metadata(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Select a row for each theme, so that the metadata needs no extra query."""
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
    editions: Iterable[Any], notice: Notice | None = None
) -> StatementPage | None:
    rows = list(editions)
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


# --- Parts of other queries -----------------------------------------------------------------------


def sole_speaker_slug() -> Subquery:
    """Return the slug of the only speaker in an edition; none for a joint statement."""
    attributions = EditionAttribution.objects.filter(
        edition=OuterRef(OuterRef("pk")), speaker__isnull=False
    )
    speaker_counts = attributions.order_by().values("edition")
    speaker_counts = speaker_counts.annotate(speakers=Count("pk"), sole_speaker=Max("speaker"))
    # By id: with a join, PostgreSQL reads all speakers again for each row where they are few.
    speaker = Speaker.objects.filter(
        pk=Subquery(speaker_counts.filter(speakers=1).values("sole_speaker"))
    )
    return Subquery(speaker.order_by().values("slug"))


def editor_picks(statement_id: int) -> QuerySet[RelatedStatement]:
    """Return what editors chose or `blocked` as related articles of a statement.

    Some may not be public: join it to `public_editions`.
    """
    return RelatedStatement.objects.filter(statement=statement_id)
