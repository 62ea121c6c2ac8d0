"""Ask one editor by name to decide: the choice beside Submit, and what is said of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from statements.models import Absence, Edition, Statement
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.user_names import get_display_name
from statements.roles import EDITORS
from statements.workflow.asking import find_away_until

FIELD = "ask_editor"


@dataclass(frozen=True)
class EditorChoice:
    """An editor who can be asked; one who is away is shown and cannot be chosen."""

    pk: int
    label: str
    is_away: bool
    is_chosen: bool


def build_context(
    request: HttpRequest, statement: Statement | None, *, at: dt.datetime
) -> dict[str, Any]:
    """Return what the choice shows, with who was chosen before the page came back."""
    chosen = (request.POST or request.GET).get(FIELD, "")
    return {"editor_choices": list_editors(statement, by=get_user(request), at=at, chosen=chosen)}


def list_editors(
    statement: Statement | None, *, by: User, at: dt.datetime, chosen: str = ""
) -> list[EditorChoice]:
    """Return who may approve, without this person and the authors of the statement."""
    users = User.objects.filter(is_active=True, groups__name__in=EDITORS).exclude(pk=by.pk)
    if statement is not None and statement.pk:
        users = users.exclude(pk__in=statement.contributions.values("user"))
    people = list(users.distinct().order_by("first_name", "last_name", "username"))
    away = find_away(people, at=at)
    return [
        EditorChoice(
            person.pk,
            label_person(person, away),
            is_away=person.pk in away,
            is_chosen=str(person.pk) == chosen,
        )
        for person in people
    ]


def find_away(people: Iterable[User], *, at: dt.datetime) -> dict[int, dt.date]:
    """Return the day of return of each of these people who is away."""
    away = Absence.objects.on_day(timezone.localdate(at))
    return dict(away.filter(user__in=list(people)).values_list("user", "until"))


def label_person(person: User, away: Mapping[int, dt.date]) -> str:
    """Return the name, with “away until 4 December” behind it."""
    name = get_display_name(person)
    if person.pk not in away:
        return name
    until = date_format(away[person.pk], "j F")
    return _("%(name)s, away until %(day)s") % {"name": name, "day": until}


def read_editor(data: Mapping[str, str]) -> User | None:
    """Return the account that was chosen, if there is one; the transition checks the rest."""
    pk = parse_number(data.get(FIELD))
    return User.objects.filter(pk=pk).first() if pk else None


def message_asked(
    request: HttpRequest, edition: Edition, editor: User | None, at: dt.datetime
) -> None:
    """Say who was asked, or that somebody who is away was not."""
    if editor is None:
        return
    name = get_display_name(editor)
    until = find_away_until(editor, at=at)
    if until is None:
        messages.info(request, _("%(name)s was asked to decide.") % {"name": name})
        return
    values = {"name": name, "day": date_format(until, "j F")}
    messages.warning(
        request, _("%(name)s is away until %(day)s, so every editor was asked.") % values
    )
