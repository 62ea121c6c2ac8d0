"""Provide the checks that every transition passes: transaction, lock, role, screen and state."""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from statements.audit.state import lock_and_read
from statements.content.characters import normalise_text
from statements.integrity.triggers import find_refusing_rule
from statements.models import Edition, StaleVersion
from statements.readiness import Problem
from statements.roles import require_group
from statements.workflow.rules import RULES, problems_for

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

TIME_PASSED_RULES = {
    "edition_release_never_moves_once_passed",
    "edition_end_never_moves_once_passed",
}
"""Triggers that refuse because the database's clock passed a time during the transition."""


class Refused(Exception):
    """A rule refuses the transition: `problems` holds every reason at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise Refused if there are any problems."""
    if problems := list(problems):
        raise Refused(problems)


def transition(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run a function in one transaction, and refuse when a time passed in the meantime."""

    @functools.wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            if find_refusing_rule(error) not in TIME_PASSED_RULES:
                raise
            raise Refused(
                [Problem("release_at", _("Its time came while you were deciding."))]
            ) from error

    return run


def lock_edition(edition: Edition) -> Edition:
    """Lock the statement of an edition, and return the edition as it is now."""
    statement = lock_and_read(edition.statement_id)
    edition = Edition.objects.get(pk=edition.pk)
    edition.statement = statement
    return edition


def require_role(transition_name: str, by: User) -> None:
    """Raise PermissionDenied if this person never runs this transition."""
    rule = RULES[transition_name]
    require_group(by, rule.groups, rule.action)


def require_digest(edition: Edition, seen_digest: str | None) -> None:
    """Raise StaleVersion if the screen showed other words."""
    if seen_digest is not None and seen_digest != edition.digest:
        raise StaleVersion(
            _("The words on your screen are not these words. Look again, then decide.")
        )


def lock_for(
    transition_name: str,
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str | None = None,
) -> Edition:
    """Lock an edition for a transition, if role, screen and state allow it."""
    require_role(transition_name, by)
    edition = lock_edition(edition)
    require_digest(edition, seen_digest)
    raise_if(problems_for(transition_name, edition, by=by, at=at))
    return edition


def missing_text_problems(field: str, text: str, hint: str) -> list[Problem]:
    """Return a problem if a required reason is empty."""
    if normalise_text(text).strip():
        return []
    return [Problem(field, _("This needs a reason in words."), hint)]
