"""The consequences of a grave decision on one edition: sentences, and what the public will see.

Every query is about the one statement, so the page costs the same in an archive of any size.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from statements.content.quotation_marks import quote_headline
from statements.erasure.lapse import describe_remaining_copies
from statements.models import Edition, RelatedStatement, State, Statement, Withdrawal
from statements.newsdesk import files
from statements.newsdesk.erasure_consequences import describe_erased_content
from statements.newsdesk.time_format import format_long
from statements.public import preview
from statements.publicness import public_at, released_after, released_before, released_by
from statements.published.editions import public_editions
from statements.workflow.groups import (
    list_released_together,
    list_together,
    name_others,
)

EXAMPLE_NOTICE = _lazy("Your notice appears here.")
MAX_COUNTED_STATEMENTS = 100

TypedFields = Mapping[str, str]


@dataclass(frozen=True)
class Consequences:
    """The state now, the effects, what cannot be undone, and the page that readers get."""

    now: str
    effects: list[str]
    irreversible: list[str]
    after: str = ""
    page: str | None = None


def describe_consequences(
    key: str, edition: Edition, typed: TypedFields, *, at: dt.datetime
) -> Consequences:
    """Return the consequences of a decision; the preview shows the fields typed so far."""
    return CONSEQUENCES[key](edition, typed, at)


# --- The state now --------------------------------------------------------------------------------


def _describe_current_state(edition: Edition, at: dt.datetime) -> str:
    url = (
        reverse("statements:detail", args=[edition.slug]) if edition.slug else _("its old address")
    )
    which = _("edition %(number)s") % {"number": edition.sequence}
    if edition.is_public(at):
        return _("The public reads %(edition)s at %(url)s.") % {"edition": which, "url": url}
    if not edition.is_released(at):
        return _("The public cannot read %(edition)s.") % {"edition": which}
    if edition.suppressed_at or edition.erased_at:
        return _("The words of %(edition)s have been taken away from the public.") % {
            "edition": which
        }
    if later := _find_later_sequence(edition, at):
        return _(
            "The public reads %(edition)s as an earlier wording; edition %(later)s came after it."
        ) % {"edition": which, "later": later}
    last = edition.withdrawals.last()
    if last and last.kind == Withdrawal.Kind.NOTICE:
        return _("The public reads %(edition)s at %(url)s, under a notice of withdrawal.") % {
            "edition": which,
            "url": url,
        }
    return _(
        "The words of %(edition)s are gone: %(url)s answers with the notice, or leads elsewhere."
    ) % {"edition": which, "url": url}


def _find_later_sequence(edition: Edition, at: dt.datetime) -> int | None:
    assert edition.release_at, "An edition without a release time has no later ones."
    later = edition.statement.editions.filter(released_after(edition.release_at), released_by(at))
    return later.order_by("-release_at").values_list("sequence", flat=True).first()


def _describe_scheduled_editions(edition: Edition, at: dt.datetime) -> list[str]:
    waiting = edition.statement.editions.approved().filter(released_after(at))
    return [
        _("Edition %(number)s, which was to go out on %(time)s, is put on hold.")
        % {"number": number, "time": format_long(time)}
        for number, time in waiting.order_by("release_at").values_list("sequence", "release_at")
        if time
    ] or [_("No edition is scheduled to follow, so none is put on hold.")]


def _describe_translations(edition: Edition, at: dt.datetime) -> list[str]:
    statement = edition.statement
    root = statement.translation_of_id or statement.pk
    translations = Statement.objects.filter(Q(pk=root) | Q(translation_of=root))
    editions = public_editions(at=at).filter(
        statement__in=translations.exclude(pk=statement.pk).values("pk")
    )
    # What was released together with it has a tick of its own.
    offered = [row.pk for row in list_released_together(statement, at)]
    editions = editions.exclude(pk__in=offered)
    return [
        _(
            "%(headline)s, the same in another language, stays public: withdraw it separately if "
            "it has to go as well."
        )
        % {"headline": quote_headline(translation.headline)}
        for translation in editions[:MAX_COUNTED_STATEMENTS]
    ]


def _describe_related_articles(edition: Edition) -> list[str]:
    links = RelatedStatement.objects.filter(to=edition.statement_id, blocked=False)
    count = links[: MAX_COUNTED_STATEMENTS + 1].count()
    if not count:
        return []
    if count > MAX_COUNTED_STATEMENTS:
        said = _(
            "More than %(number)d statements name it as a related article. It is no longer shown "
            "there."
        )
        return [said % {"number": MAX_COUNTED_STATEMENTS}]
    said = ngettext(
        "%(number)d statement names it as a related article. It is no longer shown there.",
        "%(number)d statements name it as a related article. It is no longer shown there.",
        count,
    )
    return [said % {"number": count}]


def _describe_earlier_editions(edition: Edition) -> list[str]:
    assert edition.release_at, "Only an edition that is public can be withdrawn."
    earlier = edition.statement.editions.approved().filter(released_before(edition.release_at))
    if not earlier.exists():
        return []
    return [
        _(
            "With a notice, the public can still read the earlier wordings in the list of "
            "editions. If you remove this edition, they are removed with it."
        )
    ]


# --- One for each decision ------------------------------------------------------------------------


def _describe_withdrawal(edition: Edition, typed: TypedFields, at: dt.datetime) -> Consequences:
    notice = typed.get("notice", "").strip() or str(EXAMPLE_NOTICE)
    is_gone = typed.get("kind") == Withdrawal.Kind.GONE or edition.withdrawals.exists()
    if target := typed.get("target", "").strip() if is_gone else "":
        after, page = (
            _("Readers who open its URL are sent on to %(target)s.") % {"target": target},
            None,
        )
    elif is_gone:
        after = _("Readers who open its URL get this page, with the status 410 Gone.")
        page = preview.render_gone(notice, at=at)
    else:
        after = _("Readers who open its URL get this page.")
        page = preview.render_under_notice(edition, notice, at=at)
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[
            _("It leaves every list, feed, search and sitemap within five seconds."),
            _(
                "With a notice, its own page keeps the words under your notice. Its plain text has "
                "only the notice."
            ),
            _(
                "If you remove it, the words are gone: its URL answers with your notice, or sends "
                "readers on."
            ),
            *_describe_scheduled_editions(edition, at),
            *_describe_earlier_editions(edition),
            *_describe_translations(edition, at),
            *_describe_related_articles(edition),
        ],
        irreversible=[
            _("The record keeps the withdrawal, your name and your notice."),
            _("Copies that other people have made stay where they are."),
            _(
                "Words that are gone cannot come back under a notice. You can restore them as a "
                "new edition that two people agree to."
            ),
        ],
        after=after,
        page=page,
    )


def _describe_restoration(edition: Edition, typed: TypedFields, at: dt.datetime) -> Consequences:
    effects = [
        _("The same text becomes a new edition, in review."),
        _(
            "Nothing is public until it is approved again. Until then its URL answers as it does "
            "now."
        ),
    ]
    effects += [
        _("Edition %(number)s, which is in review now, is cancelled.")
        % {"number": in_review.sequence}
        for in_review in edition.statement.editions.in_review()
    ]
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=effects,
        irreversible=[_("The record keeps the withdrawal and the restoration.")],
        after=_("Once it is approved and published, readers get this page again."),
        page=None if edition.erased_at else _render_page(edition, at),
    )


def _render_page(edition: Edition, at: dt.datetime) -> str:
    # The newsdesk's own URLs for pictures: the edition is not public, so neither are they.
    return preview.render_preview(edition, at=at, file_url=files.file_url)


def _describe_suppression(edition: Edition, typed: TypedFields, at: dt.datetime) -> Consequences:
    after, page = _describe_replacement(edition, at)
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[
            _(
                "Its words, and what was changed in them, leave the list of editions within five "
                "seconds. The list still shows the edition and its dates."
            ),
            _(
                "The current edition and its public note stay as they are: check that they do not "
                "repeat what has to go."
            ),
            _("The newsdesk can still read it, and the record keeps it."),
        ],
        irreversible=[_("Nobody can show this wording to the public again.")],
        after=after,
        page=page,
    )


def _describe_erasure_request(
    edition: Edition, typed: TypedFields, at: dt.datetime
) -> Consequences:
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[
            _("This is only for a court order or a request under data protection law."),
            _("Nothing changes yet: another manager reads your reason and decides."),
            *describe_erased_content(edition),
        ],
        irreversible=[
            _("The record keeps your request and your reason for ever."),
            *describe_remaining_copies(at),
        ],
    )


def _describe_erasure(edition: Edition, typed: TypedFields, at: dt.datetime) -> Consequences:
    after, page = _describe_replacement(edition, at)
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[*describe_erased_content(edition), *_describe_translations(edition, at)],
        irreversible=[
            _("Nobody can bring the words back, not even with a command."),
            _("The record keeps when it was published, and the names of the two who erased it."),
            *describe_remaining_copies(at),
        ],
        after=after,
        page=page,
    )


def _describe_sending_back(edition: Edition, typed: TypedFields, at: dt.datetime) -> Consequences:
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=[_("Its authors change the words and submit them again, as a new edition.")],
        irreversible=[],
    )


def _describe_cancellation(edition: Edition, typed: TypedFields, at: dt.datetime) -> Consequences:
    effects = [_("The draft stays as it is. You can submit it again.")]
    if edition.release_at and edition.is_scheduled(at):
        effects.insert(
            0, _("It does not go out on %(time)s.") % {"time": format_long(edition.release_at)}
        )
    if current := edition.statement.editions.filter(public_at(at)).first():
        effects.append(
            _("The public continues to read edition %(number)s.") % {"number": current.sequence}
        )
    if others := list_together(edition, at)[1:] and name_others(edition.statement):
        effects.append(
            _("It leaves its release group. %(others)s stays as it is.") % {"others": others}
        )
    if edition.state == State.APPROVED:
        effects.append(_("To stop it only for a while, put it on hold: it then stays approved."))
    return Consequences(
        now=_describe_current_state(edition, at),
        effects=effects,
        irreversible=[
            _("A cancelled edition never becomes public. You can restore its text to the draft.")
        ],
    )


def _describe_replacement(edition: Edition, at: dt.datetime) -> tuple[str, str | None]:
    if not edition.is_released(at):
        return _("It was never public, so readers see no difference."), None
    if _find_later_sequence(edition, at) is None and (last := edition.withdrawals.last()):
        if last.kind == Withdrawal.Kind.GONE and last.target:
            return _("Readers are still sent on to %(target)s.") % {"target": last.target}, None
        return _("Readers who open its URL get this page."), preview.render_gone(last.notice, at=at)
    page = preview.render_removed(edition, at=at)
    return _("Readers who look for this earlier wording get this page."), page


CONSEQUENCES: dict[str, Callable[[Edition, TypedFields, dt.datetime], Consequences]] = {
    "send-back": _describe_sending_back,
    "withdraw": _describe_withdrawal,
    "restore": _describe_restoration,
    "suppress": _describe_suppression,
    "request-erasure": _describe_erasure_request,
    "erase": _describe_erasure,
    "cancel": _describe_cancellation,
}
