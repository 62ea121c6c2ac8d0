"""One person's preferences: which mails they get, and until when they are away."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from statements.models import Absence, MailKind, SwitchedOffMail
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.time_fields import DayField
from statements.roles import EDITORS, NEWSDESK, is_in_group, require_group

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_AWAY = dt.timedelta(days=366)
"""A day further ahead is a typing error."""
AWAY_HINT = _lazy(
    "The day of return. Until then nobody is asked by name to decide or to countersign."
)
TO_DO: dict[str, "StrOrPromise"] = {
    MailKind.SUBMITTED: _lazy("A statement is waiting for approval, or for someone to countersign"),
    MailKind.ASKED: _lazy("Someone asks you by name to approve or to countersign"),
    MailKind.UNDECIDED: _lazy("A statement is undecided, and its requested release is near"),
    MailKind.SENT_BACK: _lazy("A statement of yours was sent back"),
}
TO_KNOW: dict[str, "StrOrPromise"] = {
    MailKind.APPROVED: _lazy("Approved"),
    MailKind.GOING_OUT: _lazy("About to go public, within the hour"),
    MailKind.PUBLISHED: _lazy("Published"),
    MailKind.PUT_ON_HOLD: _lazy("Put on hold"),
    MailKind.WITHDRAWN: _lazy("Withdrawn"),
    MailKind.AGREED: _lazy("Someone outside agreed"),
    MailKind.OBJECTED: _lazy("Someone outside objected"),
    MailKind.REMARK: _lazy("A new remark"),
}
ONLY_FOR_EDITORS = {MailKind.UNDECIDED}


@dataclass(frozen=True)
class FixedMail:
    """A kind of mail that nobody switches off, and why."""

    label: str
    reason: str


class AwayField(DayField):
    """The day on which somebody is back: after today, and within a year."""

    today: dt.date
    """Set by the form."""

    def __init__(self) -> None:
        super().__init__(label=_lazy("Away until"), help_text=AWAY_HINT, required=False)

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value is not None and value <= self.today:
            raise ValidationError(_("Choose a day after today, or leave it empty."))
        if value is not None and value > self.today + MAX_AWAY:
            raise ValidationError(_("That is more than a year away. Check the year."))


class PreferencesForm(forms.Form):
    """A tick for each kind of mail, and the day of return."""

    away_until = AwayField()

    def __init__(
        self, data: QueryDict | None, *, user: User, is_editor: bool, today: dt.date
    ) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        off = set(SwitchedOffMail.objects.filter(user=user).values_list("kind", flat=True))
        for kind, label in {**TO_DO, **TO_KNOW}.items():
            if is_editor or kind not in ONLY_FOR_EDITORS:
                self.fields[kind] = forms.BooleanField(
                    label=label, required=False, initial=kind not in off
                )
        prepare_away(self, user, today)

    @property
    def to_do(self) -> list[forms.BoundField]:
        return [self[kind] for kind in TO_DO if kind in self.fields]

    @property
    def to_know(self) -> list[forms.BoundField]:
        return [self[kind] for kind in TO_KNOW if kind in self.fields]

    @transaction.atomic
    def save(self) -> None:
        for kind in {*TO_DO, *TO_KNOW}.intersection(self.fields):
            if self.cleaned_data[kind]:
                SwitchedOffMail.objects.filter(user=self.user, kind=kind).delete()
            else:
                SwitchedOffMail.objects.get_or_create(user=self.user, kind=kind)
        Absence.objects.set_until(self.user, self.cleaned_data["away_until"])


@require_http_methods(["GET", "HEAD", "POST"])
def edit_preferences(request: HttpRequest) -> HttpResponse:
    """Show the person's own preferences; on POST save them."""
    user = get_user(request)
    require_group(user, NEWSDESK, _("choose your emails"))
    is_editor = is_in_group(user, EDITORS)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        user=user,
        is_editor=is_editor,
        today=timezone.localdate(get_time(request)),
    )
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Emails and absence saved."))
        return redirect("admin:newsdesk_preferences")
    context = {
        **admin.site.each_context(request),
        "title": _("Emails and absence"),
        "form": form,
        "address": user.email,
        "fixed": list_fixed(is_editor=is_editor),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/newsdesk/preferences.html", context, status=status)


def prepare_away(form: forms.BaseForm, user: User, today: dt.date) -> None:
    """Let the form show until when the person is away, and take only days after today."""
    field = form.fields["away_until"]
    assert isinstance(field, AwayField), "The form declares it."
    field.today, field.initial = today, find_until(user, today)


def list_fixed(*, is_editor: bool) -> list[FixedMail]:
    """Return what this person always gets, with the reason."""
    objection = FixedMail(
        _("Someone outside objects after the approval"),
        _("It still goes public unless an editor stops it."),
    )
    urgent = FixedMail(
        _("A statement was published urgently, by one person"),
        _("When one person publishes alone, everybody is told."),
    )
    account = FixedMail(
        _("A link to set your password"), _("It protects your account. Only you get it.")
    )
    return [*([objection] if is_editor else []), urgent, account]


def find_until(user: User, today: dt.date) -> dt.date | None:
    """Return the day of return of somebody who is away."""
    away = Absence.objects.on_day(today).filter(user=user)
    return away.values_list("until", flat=True).first()
