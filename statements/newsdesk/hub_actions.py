"""The actions of a statement's own page: only those that this person can take now."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.models import Edition, State
from statements.newsdesk.decisions import DECISIONS
from statements.publicness import is_released
from statements.roles import EDITORS, is_in_group
from statements.workflow.groups import approved_problems

JUST_PUBLISHED = dt.timedelta(minutes=15)
"""For so long, Withdraw comes first: there is no undo."""


@dataclass(frozen=True)
class HubAction:
    """A link, or with `is_post` a button that acts at once."""

    label: str
    url: str
    icon: str = ""
    tone: str = ""
    is_post: bool = False
    is_rare: bool = False


def list_actions(
    edition: Edition, *, by: User, at: dt.datetime, can_write: bool
) -> list[HubAction]:
    """Return the actions on the edition that leads, the usual one first."""
    if not can_write:
        return list(_list_reading_actions(edition, at))
    if edition.is_public(at):
        actions = _list_actions_on_public(edition, by=by, at=at)
    elif edition.state == State.APPROVED and not edition.is_released(at):
        actions = _list_actions_before_release(edition, by=by, at=at)
    elif edition.state == State.IN_REVIEW:
        actions = _list_actions_in_review(edition, by=by, at=at)
    else:
        actions = _list_actions_on_ended(edition, by=by, at=at)
    can_join = not approved_problems(edition.statement)
    return [*actions, *_list_rare_actions(edition, by, can_join=can_join)]


def _list_reading_actions(edition: Edition, at: dt.datetime) -> Iterator[HubAction]:
    if edition.is_public(at):
        yield _view_on_site(edition)
    else:
        yield _see_page(edition)


def _list_actions_on_public(edition: Edition, *, by: User, at: dt.datetime) -> Iterator[HubAction]:
    withdraw = _decide("withdraw", _("Withdraw…"), edition, by=by, at=at, tone="stop-line")
    if not is_released(edition, at - JUST_PUBLISHED):
        yield from withdraw
    if _is_open("second-look", edition, by=by, at=at):
        yield HubAction(_("Take the second look"), _review_url(edition), "eye", "primary")
    url = reverse("admin:statements_statement_correct", args=[edition.statement_id])
    yield HubAction(_("Start a correction"), url, "edit", "primary")
    yield _view_on_site(edition)
    yield from withdraw


def _list_actions_before_release(
    edition: Edition, *, by: User, at: dt.datetime
) -> Iterator[HubAction]:
    if edition.is_on_hold:
        yield from _decide(
            "reschedule", _("Set a time…"), edition, by=by, at=at, icon="clock", tone="primary"
        )
    else:
        yield from _decide(
            "hold",
            _("Put on hold"),
            edition,
            by=by,
            at=at,
            icon="pause",
            tone="primary",
            is_post=True,
        )
        yield from _decide("reschedule", _("Change time…"), edition, by=by, at=at, icon="clock")
    yield from _decide("publish-now", _("Publish now…"), edition, by=by, at=at)
    yield _see_page(edition)
    yield _change_words(edition)
    yield from _decide("cancel", _("Cancel this edition…"), edition, by=by, at=at, is_rare=True)


def _list_actions_in_review(edition: Edition, *, by: User, at: dt.datetime) -> Iterator[HubAction]:
    yield HubAction(_("Read the review"), _review_url(edition), "eye", "primary")
    yield _change_words(edition)
    yield from _decide("cancel", _("Cancel this edition…"), edition, by=by, at=at, is_rare=True)


def _list_actions_on_ended(edition: Edition, *, by: User, at: dt.datetime) -> Iterator[HubAction]:
    """List the actions on what was sent back, cancelled or withdrawn."""
    yield from _decide("restore", _("Restore these words…"), edition, by=by, at=at, icon="undo")
    if edition.withdrawals.exists():
        yield from _decide(
            "withdraw", _("Remove from the site…"), edition, by=by, at=at, tone="stop-line"
        )
    else:
        yield _change_words(edition, tone="primary")
    if not edition.erased_at:
        yield _see_page(edition)


def _list_rare_actions(edition: Edition, by: User, *, can_join: bool) -> Iterator[HubAction]:
    pk = [edition.statement_id]
    for name, label, icon in (
        ("duplicate", _("Duplicate"), "copy"),
        ("translate", _("Add a translation…"), "globe"),
        ("together", _("Publish together with…") if can_join else "", "list"),
        ("related", _("Related articles"), "link"),
    ):
        if label:
            url = reverse(f"admin:statements_statement_{name}", args=pk)
            yield HubAction(label, url, icon, is_rare=True)
    if is_in_group(by, EDITORS):
        url = reverse("admin:statements_statement_information_file", args=pk)
        yield HubAction(_("Download everything…"), url, "doc", is_rare=True)


def _decide(
    key: str,
    label: str,
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    icon: str = "",
    tone: str = "",
    is_post: bool = False,
    is_rare: bool = False,
) -> Iterator[HubAction]:
    if _is_open(key, edition, by=by, at=at):
        decision = DECISIONS[key](edition=edition, by=by, at=at)
        if decision.group_label:
            label = decision.group_label if is_post else decision.link_label
        url = reverse("admin:statements_edition_decide", args=[edition.pk, key])
        yield HubAction(label, url, icon, tone, is_post, is_rare)


def _is_open(key: str, edition: Edition, *, by: User, at: dt.datetime) -> bool:
    return not DECISIONS[key].problems_for(edition, by=by, at=at)


def _review_url(edition: Edition) -> str:
    return reverse("admin:statements_edition_review", args=[edition.pk])


def _view_on_site(edition: Edition) -> HubAction:
    return HubAction(_("View on site"), reverse("statements:detail", args=[edition.slug]), "out")


def _see_page(edition: Edition) -> HubAction:
    return HubAction(_("See the page"), _review_url(edition), "eye")


def _change_words(edition: Edition, tone: str = "") -> HubAction:
    url = reverse("admin:statements_statement_change", args=[edition.statement_id])
    return HubAction(_("Change the words"), url, "edit", tone)
