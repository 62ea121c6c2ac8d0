"""What every verb passes: one transaction, one lock, the right role, screen and state."""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from statements.content import html
from statements.models import Edition, StaleVersion, Statement
from statements.readiness import Problem
from statements.roles import require_group
from statements.workflow.rules import RULES, problems_for


class Refused(Exception):
    """A rule says no. `problems` holds every reason at once, each a sentence with its cure."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise Refused where there is any."""
    if problems := list(problems):
        raise Refused(problems)


def transition(function: Callable) -> Callable:
    """One transaction; the last word of a trigger that the clock overtook becomes a sentence."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any):
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            if "has passed never moves" not in str(error) and "has ended" not in str(error):
                raise
            raise Refused(
                [Problem("release_at", "Its time came while you were deciding.")]
            ) from error

    return run


def lock_statement(statement: Statement) -> Statement:
    """The statement as it is now; nobody else's verb works on it until this one is over."""
    # no_key: a row that merely refers to this statement, such as a related article of another one,
    # need not wait. Two editors who relate two statements to each other would lock each other out.
    return Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)


def lock_for(
    name: str, edition: Edition, *, by: User, at: dt.datetime, seen_digest: str | None = None
) -> Edition:
    """The edition as it is now, its statement locked; only if role, screen and state allow it."""
    groups, deed, _ = RULES[name]
    require_group(by, groups, deed)
    statement = lock_statement(edition.statement)
    edition = Edition.objects.get(pk=edition.pk)
    edition.statement = statement
    if seen_digest is not None and seen_digest != edition.digest:
        raise StaleVersion("The words on your screen are not these words. Look again, then decide.")
    raise_if(problems_for(name, edition, by=by, at=at))
    return edition


def require_text(field: str, text: str, hint: str) -> list[Problem]:
    """What is wrong with a reason that somebody must give."""
    said = html.normalise_text(text).strip()
    return [] if said else [Problem(field, "This needs a reason in words.", hint)]


def password_problems(by: User, password: str) -> list[Problem]:
    if by.check_password(password):
        return []
    return [Problem("password", "That is not your password.", "Type it again.")]
