"""The base class of decisions, and the form fields that they share."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements.models import Edition, State
from statements.newsdesk.release_words import format_day_and_time
from statements.newsdesk.rich_text import LongTextField
from statements.readiness import Problem
from statements.workflow import SeenEdition
from statements.workflow.groups import list_together
from statements.workflow.rules import problems_for

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class ScreenState:
    """The digest and version that were on the screen when somebody pressed the button.

    `members` are those of every edition that goes public together.
    """

    digest: str
    version: int
    members: Mapping[int, SeenEdition] = field(default_factory=dict)


class Decision(forms.Form):
    """One button and its fields.

    One with a page of its own has a link in the review, whose ellipsis promises another step. A
    folded one is opened in place.
    """

    key: ClassVar[str]
    transition: ClassVar[str]
    button: ClassVar["StrOrPromise"]
    title: "StrOrPromise" = ""
    link: "StrOrPromise" = ""
    help: "StrOrPromise" = ""
    group_link: "StrOrPromise" = ""  # with %(all)s, where several go public together
    is_usual = False
    """Shown at once. The others are under “More choices”."""
    is_folded = False
    has_own_page = False
    confirms = False
    tone = ""
    link_tone: str | None = None  # as its own button, unless said otherwise
    icon = ""
    has_moved = False  # something else than what the screen showed is there now
    result: Edition | None = None  # what `perform` returned

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")
        self.edition, self.by, self.at = edition, by, at

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return problems_for(cls.transition, edition, by=by, at=at)

    def perform(self, seen: ScreenState) -> Edition | None:
        """Call the transition; return the edition to show next if it is another one."""
        raise NotImplementedError

    def success_message(self, edition: Edition) -> str:
        """Say what happened, from the edition as it is now."""
        raise NotImplementedError

    def add_problems(self, problems: list[Problem]) -> None:
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, str(problem))

    def get_typed_texts(self) -> list[str]:
        """Return the texts that the person typed, to show them when the form is gone."""
        return [
            self.data[name]
            for name, field in self.fields.items()
            if isinstance(field.widget, forms.Textarea) and self.data.get(name, "").strip()
        ]

    @property
    def is_open(self) -> bool:
        return self.is_bound or not self.is_folded

    @cached_property
    def editions(self) -> list[Edition]:
        """Every edition that this decides on: all that go public together."""
        if not self.group_link:
            return [self.edition]
        return list_together(self.edition, self.at)

    @property
    def group_label(self) -> str:
        """The words of the button where it decides on several editions."""
        count = len(self.editions)
        return str(self.group_link) % {"all": name_all(count)} if count > 1 else ""

    @property
    def button_label(self) -> str:
        return self.group_label or str(self.button)

    @property
    def link_label(self) -> str:
        return f"{self.group_label or self.link or self.title}…"


def name_all(count: int) -> str:
    """Return “both” for two, and “all 3” for more."""
    return _("both") if count == 2 else _("all %(count)d") % {"count": count}


# --- Fields ---------------------------------------------------------------------------------------


def make_text_field(
    label: "StrOrPromise", help_text: "StrOrPromise" = "", rows: int = 3
) -> LongTextField:
    return LongTextField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea({"rows": rows}),
    )


def make_password_field() -> forms.CharField:
    return forms.CharField(
        label=_lazy("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


def describe_release(edition: Edition) -> str:
    """Say what becomes of an edition that was approved or moved."""
    number = {"number": edition.sequence}
    if edition.state == State.CANCELLED:
        said = _("Edition %(number)s was cancelled: a newer edition takes its place.")
        return said % number
    if edition.release_at is None:
        return _(
            "Edition %(number)s is on hold. Nothing is published until someone sets a time."
        ) % (number)
    time = {"time": format_day_and_time(edition.release_at)}
    return _("Edition %(number)s goes public on %(time)s.") % (number | time)
