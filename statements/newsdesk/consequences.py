"""What will follow from a grave decision on this very edition: sentences, and what the public sees.

Everything is asked about the one statement, so that the page costs the same in any archive.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from statements.content.quotation_marks import in_marks
from statements.models import Edition, RelatedStatement, State, Statement, Withdrawal
from statements.newsdesk import files
from statements.newsdesk.time_format import said
from statements.public import preview
from statements.publicness import public_at, released_after, released_before, released_by
from statements.published.editions import public_editions

EXAMPLE = "Your notice stands here."
MOST = 100


@dataclass(frozen=True)
class Consequences:
    """What is so now, what will follow, what cannot be undone, and the page that readers get."""

    now: str
    follows: list[str]
    for_good: list[str]
    after: str = ""
    page: str | None = None


def consequences(key: str, edition: Edition, typed: dict, *, at: dt.datetime) -> Consequences:
    """`typed` holds what the form says so far, for the preview."""
    return STATED[key](edition, typed, at)


# --- What is so now -------------------------------------------------------------------------------


def _now(edition: Edition, at: dt.datetime) -> str:
    address = reverse("statements:detail", args=[edition.slug])
    which = f"edition {edition.sequence}"
    if edition.is_public(at):
        return f"The public reads {which} at {address}."
    if not edition.is_released(at):
        return f"The public cannot read {which}."
    if edition.suppressed_at or edition.erased_at:
        return f"The words of {which} were taken away from the public already."
    if later := _later(edition, at):
        return f"The public reads {which} as an earlier wording; edition {later} came after it."
    last = edition.withdrawals.last()
    if last and last.kind == Withdrawal.Kind.NOTICE:
        return f"The public reads {which} at {address}, under a notice of withdrawal."
    return f"The words of {which} are gone: {address} answers with the notice, or leads elsewhere."


def _later(edition: Edition, at: dt.datetime) -> int | None:
    later = edition.statement.editions.filter(released_after(edition.release_at), released_by(at))
    return later.order_by("-release_at").values_list("sequence", flat=True).first()


def _followers(edition: Edition, at: dt.datetime) -> list[str]:
    waiting = edition.statement.editions.approved().filter(released_after(at))
    return [
        f"Edition {number}, which was to go out on {said(time)}, is held."
        for number, time in waiting.order_by("release_at").values_list("sequence", "release_at")
        if time
    ] or ["No edition is scheduled to follow, so none is held."]


def _translations(edition: Edition, at: dt.datetime) -> list[str]:
    statement = edition.statement
    root = statement.translation_of_id or statement.pk
    others = Statement.objects.filter(Q(pk=root) | Q(translation_of=root)).exclude(pk=statement.pk)
    public = public_editions(at=at).filter(statement__in=others.values("pk"))[:MOST]
    return [
        f"{in_marks(one.headline)}, the same in another language, stays public: take it back by "
        "itself if it has to go as well."
        for one in public
    ]


def _named_elsewhere(edition: Edition) -> list[str]:
    named = RelatedStatement.objects.filter(to=edition.statement_id, blocked=False)
    count = named[: MOST + 1].count()
    if not count:
        return []
    many = f"more than {MOST}" if count > MOST else str(count)
    them = "statement names it" if count == 1 else "statements name it"
    return [f"{many} {them} as a related article. It is no longer shown there."]


def _earlier_wordings(edition: Edition) -> list[str]:
    earlier = edition.statement.editions.approved().filter(released_before(edition.release_at))
    if not earlier.exists():
        return []
    return [
        "With a notice, the earlier wordings can still be read among the editions. Gone, they are "
        "gone with it."
    ]


# --- One for each decision ------------------------------------------------------------------------


def _withdraw(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    notice = typed.get("notice", "").strip() or EXAMPLE
    is_gone = typed.get("kind") == Withdrawal.Kind.GONE or edition.withdrawals.exists()
    if target := typed.get("target", "").strip() if is_gone else "":
        after, page = f"Readers who come to its address are sent on to {target}.", None
    elif is_gone:
        after = "Readers who come to its address get this page, with the status 410 Gone."
        page = preview.page_when_gone(notice, at=at)
    else:
        after = "Readers who come to its address get this page."
        page = preview.page_under_notice(edition, notice, at=at)
    return Consequences(
        now=_now(edition, at),
        follows=[
            "It leaves every list, feed, search and sitemap within five seconds.",
            "With a notice, its own page keeps the words, under your notice, and its plain text "
            "gives the notice alone.",
            "Gone, the words are taken away: its address answers with your notice, or sends "
            "readers on.",
            *_followers(edition, at),
            *_earlier_wordings(edition),
            *_translations(edition, at),
            *_named_elsewhere(edition),
        ],
        for_good=[
            "That it was withdrawn, your name and your notice stay on the record.",
            "Copies that others have made stay where they are.",
            "What is gone cannot go back under a notice. The words can be restored, as a new "
            "edition to which two people agree.",
        ],
        after=after,
        page=page,
    )


def _restore(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    follows = [
        "The same words become a new edition, in review.",
        "Nothing is public until it is approved again; until then its address answers as now.",
    ]
    follows += [
        f"Edition {other.sequence}, which is in review now, is cancelled."
        for other in edition.statement.editions.in_review()
    ]
    return Consequences(
        now=_now(edition, at),
        follows=follows,
        for_good=["That it was withdrawn and restored stays on the record."],
        after="Once it is approved and released, readers get this page again.",
        page=None if edition.erased_at else _page_of(edition, at),
    )


def _page_of(edition: Edition, at: dt.datetime) -> str:
    """With its pictures, which are not public."""
    return preview.page_of(edition, at=at, file_address=files.desk_address)


def _suppress(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    after, page = _in_its_place(edition, at)
    return Consequences(
        now=_now(edition, at),
        follows=[
            "Its words, and what was changed in them, leave the list of editions within five "
            "seconds. Its place and its dates stay.",
            "The edition that stands now, and its public note, stay as they are: see that they do "
            "not repeat what has to go.",
            "The newsdesk can still read it, and the record keeps it.",
        ],
        for_good=["There is no way back: nobody can show this wording to the public again."],
        after=after,
        page=page,
    )


def _ask_erasure(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    return Consequences(
        now=_now(edition, at),
        follows=[
            "This is for a court order or a request under data protection law, and for nothing "
            "else.",
            "Nothing changes yet: another manager reads your reason and decides.",
            *_what_goes(edition),
        ],
        for_good=["That you asked, and your reason, stay on the record for ever."],
    )


def _erase(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    after, page = _in_its_place(edition, at)
    return Consequences(
        now=_now(edition, at),
        follows=_what_goes(edition),
        for_good=[
            "Nobody can bring the words back, on no screen and by no command.",
            "Backups made until now still hold them: have them dealt with as well.",
            "That words stood here, their digest, and who erased them stay on the record.",
        ],
        after=after,
        page=page,
    )


def _what_goes(edition: Edition) -> list[str]:
    same = edition.statement.editions.filter(digest=edition.digest, erased_at=None)
    numbers = [str(n) for n in same.order_by("sequence").values_list("sequence", flat=True)]
    which = f"edition {numbers[0]}" if len(numbers) == 1 else f"editions {' and '.join(numbers)}"
    return [
        f"Once it is decided, the words of {which} are erased: headline, summary and all.",
        "The working copy is emptied if it still holds them.",
        "All remarks on this statement, and the reasons that people gave for not agreeing, are "
        "emptied as well: they may quote the words.",
        "Reasons and notes on the record are kept: they are not part of the words.",
    ]


def _cancel(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    follows = ["The working copy stays as it is, and can be submitted again."]
    if edition.release_at and edition.is_scheduled(at):
        follows.insert(0, f"It does not go out on {said(edition.release_at)}.")
    if current := edition.statement.editions.filter(public_at(at)).first():
        follows.append(f"The public goes on reading edition {current.sequence}.")
    if edition.state == State.APPROVED:
        follows.append("To stop it for a while only, hold it: it then stays approved.")
    return Consequences(
        now=_now(edition, at),
        follows=follows,
        for_good=["A cancelled edition never becomes public, and cannot be taken up again as one."],
    )


def _in_its_place(edition: Edition, at: dt.datetime) -> tuple[str, str | None]:
    """What readers get where these words stood."""
    if not edition.is_released(at):
        return "It was never public, so readers see no difference.", None
    if _later(edition, at) is None and (last := edition.withdrawals.last()):
        if last.kind == Withdrawal.Kind.GONE and last.target:
            return f"Readers are still sent on to {last.target}.", None
        return "Readers who come to its address get this page.", preview.page_when_gone(
            last.notice, at=at
        )
    page = preview.page_when_removed(edition, at=at)
    return "Readers who look for this earlier wording get this page.", page


STATED: dict[str, Callable[[Edition, dict, dt.datetime], Consequences]] = {
    "withdraw": _withdraw,
    "restore": _restore,
    "suppress": _suppress,
    "ask-erasure": _ask_erasure,
    "erase": _erase,
    "cancel": _cancel,
}
