"""The door: everything public starts from these functions, and nothing else here sees a model.

An edition is public while `release_at <= at < live_until`. Nothing makes it so: the clock is read
when somebody asks.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.query import QuerySet

from organisations.models import (
    Contact,
    FormerOrganisationSlug,
    FormerSlug,
    Organisation,
    Speaker,
)
from statements.clock import FOREVER
from statements.models import (
    Address,
    Amendment,
    Edition,
    EditionFile,
    EditionVoice,
    FormerThemeSlug,
    Kind,
    RelatedStatement,
    Statement,
    Theme,
    Withdrawal,
)
from statements.public.prepared import prepared

NEWEST_FIRST = ("-first_release_at", "-statement_id")
KINDS = dict(Kind.choices)
CONTACT = ("name", "email", "phone", "out_of_hours_phone")

# What a page shows of an edition. Everything else that stands beside it is the newsdesk's.
PUBLIC = (
    *("id", "statement_id", "uuid", "content", "headline", "summary", "byline", "kind"),
    *("language", "dated_on", "slug", "release_at", "live_until", "first_release_at"),
    *("rule", "approved_at"),  # to say when it was imported
)


# --- Which editions -------------------------------------------------------------------------------


def public_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """The current public edition of each statement at this instant: at most one a statement."""
    return Edition.objects.filter(release_at__lte=at, live_until__gt=at)


def past_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Earlier editions that were public and may still be read: never gone, suppressed or erased.

    None while the statement itself is gone. An edition under a withdrawal notice is not among them
    until another follows it: until then its words stand under the notice alone.
    """
    return _past(at=at).filter(suppressed_at=None, erased_at=None)


def removed_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Earlier public editions whose words were taken away: a place in the list, no more."""
    removed = Q(suppressed_at__isnull=False) | Q(erased_at__isnull=False)
    return _past(at=at).filter(removed).only("id", "statement_id", "release_at", "live_until")


def withdrawn_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Editions that stand under a withdrawal notice now, on their detail page alone."""
    return _ended(at=at).filter(
        ~Exists(_later(at=at)),
        ~Exists(_gone(at=at)),
        Exists(_withdrawals(at=at)),
        suppressed_at=None,
        erased_at=None,
    )


def gone_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """The last edition of each statement that is gone now: an address to answer 410, no words.

    Words that were withdrawn with a notice and then suppressed or erased are gone as well.
    """
    taken_away = Exists(_gone(at=at)) | (
        Exists(_withdrawals(at=at)) & (Q(suppressed_at__isnull=False) | Q(erased_at__isnull=False))
    )
    return (
        _ended(at=at).filter(~Exists(_later(at=at)), taken_away).only("id", "statement_id", "slug")
    )


def amending_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Editions that came out as a clarification, a correction or a retraction, and stood.

    Whatever became of them: join them to the others before saying a word of any.
    """
    came_out = Edition.objects.filter(release_at__lte=at, release_at__lt=F("live_until"))
    # Not one list of three: it is by this very term that a database knows newest_amendments.
    return came_out.exclude(amendment="").exclude(amendment=Amendment.TYPO)


def holding_withdrawals(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    """Withdrawals of what was public, the newest of each edition."""
    newer = Withdrawal.objects.filter(edition=OuterRef("edition"), pk__gt=OuterRef("pk"))
    return Withdrawal.objects.filter(
        ~Exists(newer.filter(from_at__lte=at)), from_at__lte=at, edition__release_at__lte=at
    )


def _ended(*, at: dt.datetime) -> QuerySet[Edition]:
    return Edition.objects.filter(release_at__lte=at, live_until__lte=at)


def _past(*, at: dt.datetime) -> QuerySet[Edition]:
    """Followed by another edition, and neither gone itself nor of a statement that is gone."""
    statement_is_gone = gone_editions(at=at).filter(statement=OuterRef("statement"))
    return _ended(at=at).filter(
        Exists(_later(at=at)),
        ~Exists(_gone(at=at)),
        ~Exists(statement_is_gone),
        release_at__lt=F("live_until"),
    )


def _later(*, at: dt.datetime) -> QuerySet[Edition]:
    """Editions of the same statement that came out after the one outside, or in the same
    instant."""
    after = Q(release_at__gt=OuterRef("release_at")) | Q(
        release_at=OuterRef("release_at"), sequence__gt=OuterRef("sequence")
    )
    return Edition.objects.filter(after, statement=OuterRef("statement"), release_at__lte=at)


def _withdrawals(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(edition=OuterRef("pk"), from_at__lte=at)


def _gone(*, at: dt.datetime) -> QuerySet[Withdrawal]:
    return _withdrawals(at=at).filter(kind=Withdrawal.Kind.GONE)


# --- One statement --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A theme, a speaker or a body, as it is called now.

    `former` are addresses that it had, `merged` the rows that were merged into it.
    """

    pk: int
    slug: str
    name: str
    former: frozenset[str] = frozenset()
    merged: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Notice:
    """What the public reads in the place of words that were taken back, and since when."""

    text: str
    since: dt.datetime
    target: str = ""
    contact: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Opened:
    """An edition with what lies on its shelf and who speaks first in it; `notice` when it was
    withdrawn."""

    edition: Edition
    publisher_slug: str
    contact: dict[str, str]
    themes: list[Named]
    original_id: int | None
    speaker_id: int | None
    notice: Notice | None = None


def current(slug: str, *, at: dt.datetime) -> Opened | None:
    """The public edition that this address, or an old one of its statement, leads to. One query."""
    return _opened(_current(slug=slug, at=at))


@prepared
def _current(*, slug: str, at: dt.datetime) -> QuerySet[Edition]:
    return _shelved(public_editions(at=at).filter(_answers(slug, at)))


def withdrawn(slug: str, *, at: dt.datetime) -> Opened | None:
    """The edition under a withdrawal notice that this address leads to."""
    newest = (
        Withdrawal.objects.filter(
            edition__in=withdrawn_editions(at=at).filter(_answers(slug, at)), from_at__lte=at
        )
        .order_by("-pk")
        .first()
    )
    if newest is None:
        return None
    return _opened(
        _shelved(Edition.objects.filter(pk=newest.edition_id)),
        Notice(newest.notice, newest.from_at),
    )


def gone(slug: str, *, at: dt.datetime) -> Notice | None:
    """What to say, whom to ask, and where to send readers, where a statement is gone."""
    newest = (
        Withdrawal.objects.filter(
            edition__in=gone_editions(at=at).filter(_answers(slug, at)).values("pk"),
            from_at__lte=at,
        )
        .select_related("statement__contact")
        .order_by("-pk")
        .first()
    )
    if newest is None:
        return None
    contact = newest.statement.contact
    return Notice(
        newest.notice, newest.from_at, newest.target, reached(contact) if contact else None
    )


def reached(contact: Contact) -> dict[str, str]:
    """How journalists reach a press contact."""
    return {name: getattr(contact, name) for name in CONTACT}


def open_edition(edition: Edition) -> Opened:
    """Any one edition with its shelf, for the newsdesk's review: it shows what the public
    would see."""
    opened = _opened(_shelved(Edition.objects.filter(pk=edition.pk)))
    assert opened is not None, "An edition is never deleted."
    return opened


def address_of(slug: str, *, at: dt.datetime) -> tuple[dt.datetime, int] | None:
    """Where in the newest-first order the statement at this public address stands."""
    return (
        Address.objects.filter(slug=slug, public_from__lte=at)  # type: ignore[return-value]
        .values_list("statement__first_release_at", "statement_id")
        .first()
    )


def _answers(slug: str, at: dt.datetime) -> Q:
    """An address answers from `public_from` on: one that waits for its edition leads nowhere."""
    return Q(statement__addresses__slug=slug, statement__addresses__public_from__lte=at)


def _shelved(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """One row for each theme, so that the shelf costs no query of its own."""
    return (
        editions.only(*PUBLIC)
        .annotate(
            publisher_slug=F("organisation__slug"),
            original_id=F("statement__translation_of"),
            speaker_id=Subquery(
                EditionVoice.objects.filter(edition=OuterRef("pk"), speaker__isnull=False)
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


def _opened(shelved: Iterable[Any], notice: Notice | None = None) -> Opened | None:
    rows = list(shelved)
    if not rows:
        return None
    first = rows[0]
    contact = {name: getattr(first, f"contact_{name}") or "" for name in CONTACT}
    return Opened(
        edition=first,
        publisher_slug=first.publisher_slug,
        contact=contact if contact["name"] else {},
        themes=[Named(r.theme_id, r.theme_slug, r.theme_name) for r in rows if r.theme_id],
        original_id=first.original_id,
        speaker_id=first.speaker_id,
        notice=notice,
    )


# --- Its files ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Carried:
    """Bytes that an edition carries: where they lie, and how they are sent."""

    path: str
    name: str
    digest: str
    size: int
    content_type: str


def carried_file(digest: str, name: str, *, at: dt.datetime) -> Carried | None:
    """The file at this address, if an edition that may be read now carries it under this name."""
    row = _carrying(digest, name, public_editions(at=at))
    row = row or _carrying(digest, name, withdrawn_editions(at=at))
    row = row or _carrying(digest, name, past_editions(at=at))
    if row is None:
        return None
    file = row.file
    return Carried(file.path, row.name, file.digest, file.size, file.content_type)


def file_is_gone(digest: str, name: str, *, at: dt.datetime) -> bool:
    """Whether this file was public once, and all that carried it was taken away or is gone."""
    taken_away = (gone_editions(at=at), removed_editions(at=at))
    return any(_carrying(digest, name, editions) for editions in taken_away)


def _carrying(digest: str, name: str, editions: QuerySet[Edition]) -> EditionFile | None:
    return (
        EditionFile.objects.filter(
            file__digest=digest,
            file__erased_at=None,
            name=name,
            edition__in=editions.order_by().values("pk"),
        )
        .select_related("file")
        .first()
    )


# What is asked of an edition and of its voices, one row for each, to know what stands around it.
AROUND = (
    *("pk", "statement_id", "release_at", "live_until", "amendment", "public_note"),
    *("suppressed_at", "erased_at", "slug", "headline", "language"),
    *("sequence", "first_release_at", "statement__translation_of"),
)
VOICES = (
    *("voices", "voices__speaker", "voices__speaker__slug", "voices__speaker__name"),
    "voices__speaker__former_slugs__slug",
)


# --- What stands around it ------------------------------------------------------------------------


@dataclass(frozen=True)
class Release:
    """One place in the list of a statement's editions. `number` counts those that came out."""

    number: int
    edition_id: int
    released: dt.datetime
    until: dt.datetime
    amendment: str
    label: str
    note: str
    removed: bool


@dataclass(frozen=True)
class Translation:
    """The same article in another language; `is_original` where this one was made from it."""

    slug: str
    headline: str
    language: str
    is_original: bool = False


@dataclass(frozen=True)
class Surroundings:
    """The editions of a statement so far, its public translations, and who speaks in the one
    open; `along` is what was asked for besides, a row for each edition."""

    releases: list[Release]
    translations: list[Translation]
    speakers: list[Named]
    along: list[dict]

    def release_of(self, edition: Edition) -> Release | None:
        return next((r for r in self.releases if r.edition_id == edition.pk), None)


Along = Callable[..., Sequence[QuerySet[Edition]]]


def surroundings(opened: Opened, *, at: dt.datetime, along: Along | None = None) -> Surroundings:
    """One query over the statement's own released editions and the public ones of its
    translations, and over whatever public editions of its first speaker are fetched `along`."""
    edition = opened.edition
    statement, original = edition.statement_id, opened.original_id or edition.statement_id
    if along and opened.speaker_id:
        asked = _asked_along(
            statement=statement,
            original=original,
            at=at,
            along=along,
            speaker=opened.speaker_id,
            date=edition.first_release_at or at,
        )
    else:
        asked = _asked(statement=statement, original=original, at=at)
    found = sorted(asked, key=lambda row: (row["release_at"] or FOREVER, row["sequence"]))
    rows = [row for row in found if not row["along"]]
    # Here and not in the query, where an OR would lead a planner through every edition there is.
    released_by_now = {
        row["pk"]: row for row in rows if row["release_at"] and row["release_at"] <= at
    }.values()
    released = [row for row in released_by_now if row["statement_id"] == edition.statement_id]
    others = [
        row
        for row in released_by_now
        if row["statement_id"] != edition.statement_id and row["live_until"] > at
    ]
    return Surroundings(
        releases=[
            _release(number, row, row["pk"] == edition.pk)
            for number, row in enumerate(released, start=1)
        ],
        translations=[
            Translation(
                row["slug"],
                row["headline"],
                row["language"],
                is_original=row["statement_id"] == opened.original_id,
            )
            for row in others
        ],
        speakers=_speakers_of(edition, rows),
        along=list({row["pk"]: row for row in found if row["along"]}.values()),
    )


def _family(statement: int, original: int, at: dt.datetime) -> QuerySet:
    roots = (statement, original)
    family = Statement.objects.filter(Q(pk__in=roots) | Q(translation_of__in=roots))
    return _around(Edition.objects.filter(statement__in=family.values("pk")), at)


@prepared
def _asked(*, statement: int, original: int, at: dt.datetime) -> QuerySet:
    return _family(statement, original, at)


@prepared
def _asked_along(
    *,
    statement: int,
    original: int,
    at: dt.datetime,
    along: Along,
    speaker: int,
    date: dt.datetime,
) -> QuerySet:
    beside = along(speaker=speaker, statement=statement, date=date, at=at)
    return _family(statement, original, at).union(*map(_along, beside), all=True)


def _around(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet:
    """One row for each address that a speaker had, and one for each body, of each edition."""
    return (
        editions.annotate(is_gone=Exists(_gone(at=at)), along=Value(0))
        .order_by()
        .values("is_gone", "along", *AROUND, *VOICES)
    )


def _along(editions: QuerySet[Edition]) -> QuerySet:
    """The same columns of editions that stand in another's surroundings: public, and no voices."""
    nothing = {f"no_{number}": Value(None, IntegerField()) for number in range(len(VOICES))}
    return (
        editions.annotate(is_gone=Value(False), along=Value(1), **nothing)
        .order_by()
        .values("is_gone", "along", *AROUND, *nothing)
    )


def coming_release(edition_id: int, amendment: str, note: str, *, at: dt.datetime) -> Release:
    """A release that has not happened, for the newsdesk: how its note would stand."""
    known = amendment in Amendment.values
    return Release(
        number=0,
        edition_id=edition_id,
        released=at,
        until=at,
        amendment=amendment if known else "",
        label=Amendment(amendment).label if known else "",
        note=note if known else "",
        removed=False,
    )


def followed_by(coming: Release, opened: Opened, around: Surroundings) -> Surroundings:
    """The surroundings as they would be then; the edition carries the dates of its statement."""
    releases = [*around.releases, replace(coming, number=len(around.releases) + 1)]
    if opened.edition.first_release_at is None and around.releases:
        opened.edition.first_release_at = around.releases[0].released
    return replace(around, releases=releases)


def _speakers_of(edition: Edition, rows: list[dict]) -> list[Named]:
    """Whom the edition is listed under, once each, with every address that they had."""
    found: dict[int, Named] = {}
    for row in sorted(rows, key=lambda row: row["voices"] or 0):
        pk, former = row["voices__speaker"], row["voices__speaker__former_slugs__slug"]
        if row["pk"] == edition.pk and pk:
            known = found[pk].former if pk in found else frozenset()
            found[pk] = Named(
                pk,
                row["voices__speaker__slug"],
                row["voices__speaker__name"],
                known | {former} if former else known,
            )
    return list(found.values())


def _release(number: int, row: dict, is_open: bool) -> Release:
    """What was removed keeps its place and dates; its note may repeat what the words said."""
    removed = bool(row["suppressed_at"] or row["erased_at"] or (row["is_gone"] and not is_open))
    return Release(
        number=number,
        edition_id=row["pk"],
        released=row["release_at"],
        until=row["live_until"],
        amendment="" if removed else row["amendment"],
        label=Amendment(row["amendment"]).label if row["amendment"] and not removed else "",
        note="" if removed else row["public_note"],
        removed=removed,
    )


def releases_of(shown: Sequence[Edition], *, at: dt.datetime) -> dict[int, list[Release]]:
    """Of each of these readable editions, by row number, the releases of its statement so far.

    One query.
    """
    rows = (
        Edition.objects.filter(statement__in={edition.statement_id for edition in shown})
        .filter(release_at__lte=at)
        .annotate(is_gone=Exists(_gone(at=at)))
        .order_by("release_at", "sequence")
        .values(
            *("pk", "statement_id", "release_at", "live_until", "amendment", "public_note"),
            *("suppressed_at", "erased_at", "is_gone"),
        )
    )
    of_statement: dict[int, list[dict]] = {}
    for row in rows:
        of_statement.setdefault(row["statement_id"], []).append(row)
    return {
        edition.pk: [
            _release(number, row, row["pk"] == edition.pk)
            for number, row in enumerate(of_statement[edition.statement_id], start=1)
        ]
        for edition in shown
    }


def readable(opened: Opened, *, at: dt.datetime) -> dict[int, Edition]:
    """Every edition of the statement that may be read now, by row number: earlier ones and this."""
    earlier = past_editions(at=at).filter(statement=opened.edition.statement_id).only(*PUBLIC)
    return {edition.pk: edition for edition in earlier} | {opened.edition.pk: opened.edition}


# --- By what readers look -------------------------------------------------------------------------


def named(*, at: dt.datetime, **slugs: str) -> dict[str, Named]:
    """The theme, speaker and organisation of these slugs, those with a public edition only.

    One query. Nobody can tell one without a public edition from one that does not exist. An
    address that a theme or a speaker had finds it as well.
    """
    arms: list[QuerySet] = [
        PUBLIC_NAMES[what](at)
        .filter(called(what, slug))
        .values_list(
            Value(what),
            *("pk", "slug", "name"),
            Value(None, BigIntegerField()) if what == "organisation" else "former_slugs__merged",
        )
        for what, slug in slugs.items()
    ]
    if not arms:
        return {}
    found: dict[str, Named] = {}
    for what, pk, slug, name, merged in arms[0].union(*arms[1:], all=True):
        others = found[what].merged if what in found else frozenset()
        found[what] = Named(pk, slug, name, merged=others | ({merged} if merged else set()))
    return found


def called(what: str, slug: str) -> Q:
    """Whose address this is, or was."""
    former: dict[str, QuerySet] = {
        "theme": FormerThemeSlug.objects.filter(slug=slug).values("theme"),
        "speaker": FormerSlug.objects.filter(slug=slug).values("speaker"),
        "organisation": FormerOrganisationSlug.objects.filter(slug=slug).values("organisation"),
    }
    return Q(slug=slug) | Q(pk__in=former[what])


def themes(*, at: dt.datetime, most: int) -> list[Named]:
    """The themes in use last, by name. One query."""
    newest = public_themes(at).order_by("-newest")[:most].values_list("pk", "slug", "name")
    return sorted((Named(*row) for row in newest), key=lambda theme: theme.name.casefold())


# `newest` is a subquery with a limit, not EXISTS: a planner turns EXISTS into a join over
# everything that was ever published, and a limit into one step along an index for each name.


def public_themes(at: dt.datetime) -> QuerySet[Theme]:
    """Themes that a public statement is filed under, with the date of the `newest`."""
    newest = (
        public_editions(at=at)
        .filter(statement__themed__tag=OuterRef("pk"), statement__themed__first_release_at__lte=at)
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
        .values("statement__themed__first_release_at")[:1]
    )
    return Theme.objects.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by()


def public_voices(at: dt.datetime) -> QuerySet[EditionVoice]:
    """Under whom public editions are listed, the newest first."""
    return EditionVoice.objects.filter(
        release_at__lte=at, live_until__gt=at, first_release_at__lte=at
    ).order_by("-first_release_at", "-statement_id")


def public_speakers(at: dt.datetime) -> QuerySet[Speaker]:
    """Those whom a public edition quotes, with the date of the `newest`."""
    newest = public_voices(at).filter(speaker=OuterRef("pk")).values("first_release_at")[:1]
    return Speaker.objects.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by()


def public_organisations(at: dt.datetime) -> QuerySet[Organisation]:
    """Those that published, or that somebody spoke for, in a public edition."""
    newest = public_voices(at).filter(organisation=OuterRef("pk")).values("first_release_at")[:1]
    return (
        Organisation.objects.annotate(newest=Subquery(newest))
        .filter(newest__isnull=False)
        .order_by()
    )


PUBLIC_NAMES: dict[str, Callable[[dt.datetime], QuerySet[Any]]] = {
    "theme": public_themes,
    "speaker": public_speakers,
    "organisation": public_organisations,
}


def sole_speaker() -> Subquery:
    """The address of whoever alone is quoted in an edition; of a joint statement nobody's."""
    quoted = EditionVoice.objects.filter(edition=OuterRef("pk"), speaker__isnull=False).order_by()
    alone = quoted.values("edition").annotate(people=Count("pk"), slug=Max("speaker__slug"))
    return Subquery(alone.filter(people=1).values("slug"))


def chosen_for(statement_id: int) -> QuerySet[RelatedStatement]:
    """What editors put beneath a statement: `blocked` rows keep out, the others stand in order.

    Says nothing about what is public: join it to `public_editions`.
    """
    return RelatedStatement.objects.filter(statement=statement_id)
