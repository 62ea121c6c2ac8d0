"""Ask one person by name: the editor that a submission names, and who is away."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Absence, Edition
from statements.readiness import Problem
from statements.roles import EDITORS, is_in_group


def editor_problems(editor: User | None, edition: Edition, *, by: User) -> list[Problem]:
    """Return why this person cannot be asked to decide on this edition."""
    if editor is None:
        return []
    if not is_in_group(editor, EDITORS) or editor.pk == by.pk:
        return [
            Problem("editor", _("Only another editor can be asked to decide."), _("Choose one."))
        ]
    if editor.pk in edition.contributor_ids:
        name = editor.get_full_name() or editor.get_username()
        return [
            Problem(
                "editor",
                _("%(name)s helped write this.") % {"name": name},
                _("Ask another editor."),
            )
        ]
    return []


def find_present(person: User | None, *, at: dt.datetime) -> User | None:
    """Return the person unless they are away: a request would wait until they are back."""
    if person is None or find_away_until(person, at=at):
        return None
    return person


def find_away_until(person: User, *, at: dt.datetime) -> dt.date | None:
    """Return the day on which somebody who is away is back."""
    away = Absence.objects.on_day(timezone.localdate(at)).filter(user=person)
    return away.values_list("until", flat=True).first()


def away_problems(person: User, *, at: dt.datetime) -> list[Problem]:
    """Return that somebody is away, so that they cannot be asked by name."""
    until = find_away_until(person, at=at)
    if until is None:
        return []
    name = person.get_full_name() or person.get_username()
    return [
        Problem(
            "person",
            _("%(name)s is away until %(until)s.") % {"name": name, "until": f"{until:%-d %B}"},
            _("Ask somebody else."),
        )
    ]


def event_detail(editor: User | None) -> dict[str, Any]:
    """Return what the event says: the name as it is today, and the id that the newsdesk reads."""
    return {"person": editor.get_username(), "person_id": editor.pk} if editor else {}
