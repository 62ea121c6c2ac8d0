"""The slugs and dates that the database accepts.

A slug is ASCII, because addresses are: a page with any other one would be an error. Dates are in
the years of `organisations.years`. Each rule is here twice: for the forms, as a sentence, and for
the database, as a constraint.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CheckConstraint, Func, Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext as _

from organisations.years import FIRST_YEAR, LAST_YEAR

FIRST_DAY, LAST_DAY = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
FIRST_TIME = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC)
LAST_TIME = dt.datetime(LAST_YEAR, 12, 31, tzinfo=dt.UTC)
YEARS = f"years {FIRST_YEAR} to {LAST_YEAR}"


class IsAsciiSlug(Func):
    """Whether a text has only ASCII letters, digits, hyphens and underscores, or is empty."""

    arity = 1
    conditional = True
    output_field = BooleanField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        # Not REGEXP, which SQLite has only through Django's own connection.
        template = "%(expressions)s NOT GLOB '*[^-a-zA-Z0-9_]*'"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        template = "%(expressions)s !~ '[^-a-zA-Z0-9_]'"
        return self.as_sql(compiler, connection, template=template, **context)


def slug_constraint(table: str) -> CheckConstraint:
    """Return the constraint that a table's slugs are ASCII."""
    return CheckConstraint(
        condition=IsAsciiSlug("slug"),
        name=f"{table}_slug_check",
        violation_error_message=_("An address has only letters A to Z, digits, - and _."),
    )


def date_constraint(table: str, *columns: str) -> CheckConstraint:
    """Return the constraint that these dates of a table are in the accepted years, or empty."""
    condition = Q()
    for column in columns:
        condition &= Q((column, None)) | Q((f"{column}__range", (FIRST_DAY, LAST_DAY)))
    return CheckConstraint(
        condition=condition,
        name=f"{table}_{'_'.join(columns)}_range_check",
        violation_error_message=f"Dates are in the {YEARS}.",
    )


def time_constraint(table: str, column: str) -> CheckConstraint:
    """Return the constraint that a time of a table is in the accepted years, or empty."""
    return CheckConstraint(
        condition=Q((column, None)) | Q((f"{column}__range", (FIRST_TIME, LAST_TIME))),
        name=f"{table}_{column}_range_check",
        violation_error_message=f"Times are in the {YEARS}.",
    )


def validate_day(day: dt.date) -> None:
    """Refuse a day outside the accepted years, such as one in the year 26."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _make_error(day)


def validate_time(at: dt.datetime) -> None:
    """Refuse a time outside the accepted years."""
    if not FIRST_TIME <= at <= LAST_TIME:
        raise _make_error(at)


def _make_error(day: dt.date) -> ValidationError:
    return ValidationError(
        _("The year %(year)s is outside the %(years)s. Check the year, with all its four digits.")
        % {"year": day.year, "years": YEARS}
    )
