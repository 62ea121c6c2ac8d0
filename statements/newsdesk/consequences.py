"""What will follow from a grave decision on this very edition: sentences, and what the public sees.

Everything is asked about the one statement, so that the page costs the same in any archive.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from statements.content.quotation_marks import quote_headline
from statements.models import Edition, RelatedStatement, State, Statement, Withdrawal
from statements.newsdesk import files
from statements.newsdesk.time_format import format_long
from statements.public import preview
from statements.publicness import public_at, released_after, released_before, released_by
from statements.published.editions import public_editions

EXAMPLE_NOTICE = "Your notice stands here."
MAX_COUNTED_STATEMENTS = 100


@dataclass(frozen=True)
class Consequences:
    """What is so now, what will follow, what cannot be undone, and the page that readers get."""

    now: str
    effects: list[str]
    irreversible: list[str]
    after: str = ""
    page: str | None = None


def describe_consequences(
    key: str, edition: Edition, typed: dict, *, at: dt.datetime
) -> Consequences:
    """`typed` holds what the form says so far, for the preview."""
    return CONSEQUENCES[key](edition, typed, at)


# --- What is so now -------------------------------------------------------------------------------


def _describe_current_state(edition: Edition, at: dt.datetime) -> str:
    address = reverse("statements:detail", args=[edition.slug])
    which = f"edition {edition.sequence}"
    if edition.is_public(at):
        return f"The public reads {which} at {address}."
    if not edition.is_released(at):
        return f"The public cannot read {which}."
    if edition.suppressed_at or edition.erased_at:
        return f"The words of {which} were taken away from the public already."
    if later := _find_later_sequence(edition, at):
        return f"The public reads {which} as an earlier wording; edition {later} came after it."
    last = edition.withdrawals.last()
    if last and last.kind == Withdrawal.Kind.NOTICE:
        return f"The public reads {which} at {address}, under a notice of withdrawal."
    return f"The words of {which} are gone: {address} answers with the notice, or leads elsewhere."


def _find_later_sequence(edition: Edition, at: dt.datetime) -> int | None:
    later = edition.statement.editions.filter(released_after(edition.release_at), released_by(at))
    return later.order_by("-release_at").values_list("sequence", flat=True).first()


def _describe_scheduled_editions(edition: Edition, at: dt.datetime) -> list[str]:
    waiting = edition.statement.editions.approved().filter(released_after(at))
    return [
        f"Edition {number}, which was to go out on {format_long(time)}, is held."
        for number, time in waiting.order_by("release_at").values_list("sequence", "release_at")
        if time
    ] or ["No edition is scheduled to follow, so none is held."]


def _describe_translations(edition: Edition, at: dt.datetime) -> list[str]:
    statement = edition.statement
    root = statement.translation_of_id or statement.pk
    others = Statement.objects.filter(Q(pk=root) | Q(translation_of=root)).exclude(pk=statement.pk)
    public = public_editions(at=at).filter(statement__in=others.values("pk"))[
        :MAX_COUNTED_STATEMENTS
    ]
    return [
        f"{quote_headline(one.headline)}, the same in another language, stays public: take it back by "
        "itself if it has to go as well."
        for one in public
    ]


def _describe_related_articles(edition: Edition) -> list[str]:
    named = RelatedStatement.objects.filter(to=edition.statement_id, blocked=False)
    count = named[: MAX_COUNTED_STATEMENTS + 1].count()
    if not count:
        return []
    many = f"more than {MAX_COUNTED_STATEMENTS}" if count > MAX_COUNTED_STATEMENTS else str(count)
    them = "statement names it" if count == 1 else "statements name it"
    return [f"{many} {them} as a related article. It is no longer shown there."]


def _describe_earlier_editions(edition: Edition) -> list[str]:
    earlier = edition.statement.editions.approved().filter(released_before(edition.release_at))
    if not earlier.exists():
        return []
    return [
        "With a notice, the earlier wordings can still be read among the editions. Gone, they are "
        "gone with it."
    ]


# --- One for each decision ------------------------------------------------------------------------


def _describe_withdrawal(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    notice = typed.get("notice", "").strip() or EXAMPLE_NOTICE
    is_gone = typed.get("kind") == Withdrawal.Kind.GONE or edition.withdrawals.exists()
    if target := typed.get("target", "").strip() if is_gone else "":
        after, page = f"Readers who come to its address are sent on to {target}.", None
    elif is_gone:
        after = "Readers who come to its address get this page, with the status 410 Gone."
        page = preview.render_gone(notice, at=at)
    else:
        after = "Readers who come to its address get this page."
        page = preview.render_under_notice(edition, notice, at=at)
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[
            "It leaves every list, feed, search and sitemap within five seconds.",
            "With a notice, its own page keeps the words, under your notice, and its plain text "
            "gives the notice alone.",
            "Gone, the words are taken away: its address answers with your notice, or sends "
            "readers on.",
            *_describe_scheduled_editions(edition, at),
            *_describe_earlier_editions(edition),
            *_describe_translations(edition, at),
            *_describe_related_articles(edition),
        ],
        irreversible=[
            "That it was withdrawn, your name and your notice stay on the record.",
            "Copies that others have made stay where they are.",
            "What is gone cannot go back under a notice. The words can be restored, as a new "
            "edition to which two people agree.",
        ],
        after=after,
        page=page,
    )


def _describe_restoration(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    follows = [
        "The same words become a new edition, in review.",
        "Nothing is public until it is approved again; until then its address answers as now.",
    ]
    follows += [
        f"Edition {other.sequence}, which is in review now, is cancelled."
        for other in edition.statement.editions.in_review()
    ]
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=follows,
        irreversible=["That it was withdrawn and restored stays on the record."],
        after="Once it is approved and released, readers get this page again.",
        page=None if edition.erased_at else _render_page(edition, at),
    )


def _render_page(edition: Edition, at: dt.datetime) -> str:
    """With its pictures, which are not public."""
    return preview.render_preview(edition, at=at, file_url=files.file_url)


def _describe_suppression(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    after, page = _describe_replacement(edition, at)
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[
            "Its words, and what was changed in them, leave the list of editions within five "
            "seconds. Its place and its dates stay.",
            "The edition that stands now, and its public note, stay as they are: see that they do "
            "not repeat what has to go.",
            "The newsdesk can still read it, and the record keeps it.",
        ],
        irreversible=["There is no way back: nobody can show this wording to the public again."],
        after=after,
        page=page,
    )


def _describe_erasure_request(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[
            "This is for a court order or a request under data protection law, and for nothing "
            "else.",
            "Nothing changes yet: another manager reads your reason and decides.",
            *_describe_erased_content(edition),
        ],
        irreversible=["That you asked, and your reason, stay on the record for ever."],
    )


def _describe_erasure(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    after, page = _describe_replacement(edition, at)
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=_describe_erased_content(edition),
        irreversible=[
            "Nobody can bring the words back, on no screen and by no command.",
            "Backups made until now still hold them: have them dealt with as well.",
            "That words stood here, their digest, and who erased them stay on the record.",
        ],
        after=after,
        page=page,
    )


def _describe_erased_content(edition: Edition) -> list[str]:
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


def _describe_cancellation(edition: Edition, typed: dict, at: dt.datetime) -> Consequences:
    follows = ["The working copy stays as it is, and can be submitted again."]
    if edition.release_at and edition.is_scheduled(at):
        follows.insert(0, f"It does not go out on {format_long(edition.release_at)}.")
    if current := edition.statement.editions.filter(public_at(at)).first():
        follows.append(f"The public goes on reading edition {current.sequence}.")
    if edition.state == State.APPROVED:
        follows.append("To stop it for a while only, hold it: it then stays approved.")
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=follows,
        irreversible=[
            "A cancelled edition never becomes public, and cannot be taken up again as one."
        ],
    )


def _describe_replacement(edition: Edition, at: dt.datetime) -> tuple[str, str | None]:
    """What readers get where these words stood."""
    if not edition.is_released(at):
        return "It was never public, so readers see no difference.", None
    if _find_later_sequence(edition, at) is None and (last := edition.withdrawals.last()):
        if last.kind == Withdrawal.Kind.GONE and last.target:
            return f"Readers are still sent on to {last.target}.", None
        return "Readers who come to its address get this page.", preview.render_gone(
            last.notice, at=at
        )
    page = preview.render_removed(edition, at=at)
    return "Readers who look for this earlier wording get this page.", page


CONSEQUENCES: dict[str, Callable[[Edition, dict, dt.datetime], Consequences]] = {
    "withdraw": _describe_withdrawal,
    "restore": _describe_restoration,
    "suppress": _describe_suppression,
    "ask-erasure": _describe_erasure_request,
    "erase": _describe_erasure,
    "cancel": _describe_cancellation,
}
