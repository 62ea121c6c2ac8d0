"""Decisions that can make words public: a page repeats what matters, and one more press decides.

The page is made for one release time. Its form sends back what the screen showed, so that it
returns with what moved since, and the ticks: for each objection, and for an embargo that would be
broken.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements.models import Edition, SignOff
from statements.newsdesk.decisions.base import Decision, make_text_field
from statements.newsdesk.release_words import format_day_and_time
from statements.newsdesk.request_values import parse_number
from statements.workflow import SeenEdition, embargoes
from statements.workflow.unread_objections import FIELD as OBJECTIONS_READ

MAX_TICKS = 200
MAX_SEEN_CHARS = 20_000


class ConfirmedDecision(Decision):
    """A decision with a confirmation, by default about publishing now."""

    has_own_page = True
    confirms = True
    asks_reason = True
    not_yet = _lazy("You have not published anything yet.")
    embargo_read = forms.BooleanField(
        label=_lazy("I have read the embargo line and want to publish before it ends"),
        required=False,
    )
    release_reason = make_text_field(
        _lazy("Why?"), _lazy("Kept in the history. Never published."), rows=2
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        if not self.asks_reason:
            del self.fields["release_reason"]

    @property
    def chosen_time(self) -> dt.datetime | None:
        """The release that the page is about; None if there is none."""
        return self.at

    @property
    def is_now(self) -> bool:
        return self.chosen_time == self.at

    @property
    def confirm_label(self) -> str:
        """The words of the button that decides."""
        return self.button_label

    @property
    def typed_reason(self) -> str:
        return str(self.cleaned_data.get("release_reason", ""))

    @property
    def objections_read(self) -> list[int]:
        """The ids of the objections that were ticked."""
        if not hasattr(self.data, "getlist"):
            return list(self.data.get(OBJECTIONS_READ, ()))
        ticked = map(parse_number, self.data.getlist(OBJECTIONS_READ)[:MAX_TICKS])
        return [number for number in ticked if number]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for sentence in self._find_moves():
            self.has_moved = True
            self.add_error(None, sentence)
        if any(embargoes.breaks_embargo(row, self.chosen_time) for row in self.editions):
            self._check_embargo_tick(cleaned)
        return cleaned

    def _check_embargo_tick(self, cleaned: dict[str, Any]) -> None:
        """Ask for the tick beside the reason, which the transition asks for."""
        if cleaned.get("release_reason", "").strip() and not cleaned.get("embargo_read"):
            self.add_error("embargo_read", _("Read the embargo line, then tick it."))

    # --- What moved since the page was shown ------------------------------------------------------

    def _find_moves(self) -> list[str]:
        return [*self._find_moved_time(), *self._find_moved_members(), *self._find_new_replies()]

    def _find_moved_members(self) -> list[str]:
        seen = self.data.get("seen_members")
        if seen is None or len(self.editions) == 1 or seen == self.seen_members:
            return []
        return [_("Someone changed what goes public together since you opened this page.")]

    @property
    def seen_members(self) -> str:
        """Every edition that this decides on, as the form of the page sends it back."""
        return format_seen_members(self.editions)

    def _find_moved_time(self) -> list[str]:
        if self.data.get("seen_release") in (None, format_seen_release(self.edition)):
            return []
        release_at = self.edition.release_at
        if release_at is None:
            return [_("Someone put this edition on hold since you opened this page.")]
        said = _("Someone changed the time since you opened this page: it goes public on %(time)s.")
        return [said % {"time": format_day_and_time(release_at)}]

    def _find_new_replies(self) -> list[str]:
        seen = parse_number(self.data.get("seen_reply"))
        if seen is None:
            return []
        statements = [row.statement_id for row in self.editions]
        new = SignOff.objects.filter(statement__in=statements, pk__gt=seen)
        return [
            _("%(name)s has answered since you opened this page: %(answer)s.")
            % {"name": reply.display_name, "answer": _describe_answer(reply)}
            for reply in new.order_by("pk")[:MAX_TICKS]
        ]


def _describe_answer(reply: SignOff) -> str:
    return _("agreed") if reply.agrees else _("objects")


def format_seen_release(edition: Edition) -> str:
    """Return what the form of the page sends back about the time on the screen."""
    return edition.release_at.astimezone(dt.UTC).isoformat() if edition.release_at else ""


def find_last_reply(editions: Sequence[Edition]) -> int:
    """Return the id of the newest answer, 0 without one: it tells a later one."""
    statements = [edition.statement_id for edition in editions]
    replies = SignOff.objects.filter(statement__in=statements).order_by("-pk")
    return replies.values_list("pk", flat=True).first() or 0


def format_seen_members(editions: Sequence[Edition]) -> str:
    """Return what a form sends back about every edition that it decides on."""
    return ",".join(
        f"{edition.pk}:{edition.digest}:{edition.statement.version}" for edition in editions
    )


def parse_seen_members(value: str) -> dict[int, SeenEdition]:
    """Return what `format_seen_members` wrote; what is none of it is left out."""
    seen = {}
    for part in value[:MAX_SEEN_CHARS].split(","):
        pk, _sep, rest = part.partition(":")
        digest, _sep, version = rest.partition(":")
        if number := parse_number(pk):
            seen[number] = SeenEdition(digest, parse_number(version) or 0)
    return seen
