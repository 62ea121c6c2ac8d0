"""Decide when an edition is public: the only place that compares its times with an instant.

An edition is public while `release_at <= at < live_until`. `Edition`, `EditionAttribution` and
`SearchRow` have these columns; `Statement` and `ThemedStatement` have the first release. Each
question has a condition for querysets, the same in SQL and, if needed, a function for one object.
`prefix` leads to the columns ("voices__", "edition__").

If `prefix` is multi-valued, put all conditions on one related row into one `filter()`: a second
`filter()` makes Django join the table again, and the two joins may match different rows.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from statements.clock import FOREVER

Moment = dt.datetime | Combinable | None


# --- Conditions of a query ------------------------------------------------------------------------


def public_at(at: Moment, prefix: str = "") -> Q:
    """Match what is public at this instant."""
    return Q(**{f"{prefix}release_at__lte": at, f"{prefix}live_until__gt": at})


def released_by(at: Moment, prefix: str = "") -> Q:
    """Match what was released at this instant or before, ended or not."""
    return Q(**{f"{prefix}release_at__lte": at})


def released_before(at: Moment, prefix: str = "") -> Q:
    """Match what was released before this instant."""
    return Q(**{f"{prefix}release_at__lt": at})


def released_since(at: Moment, prefix: str = "") -> Q:
    """Match what is released at this instant or later."""
    return Q(**{f"{prefix}release_at__gte": at})


def released_after(at: Moment, prefix: str = "") -> Q:
    """Match what is released after this instant: from now on, what is scheduled."""
    return Q(**{f"{prefix}release_at__gt": at})


def ended_by(at: Moment, prefix: str = "") -> Q:
    """Match what ended at this instant or before."""
    return Q(**{f"{prefix}live_until__lte": at})


def not_ended_by(at: Moment, prefix: str = "") -> Q:
    """Match what ends after this instant or never, released or not."""
    return Q(**{f"{prefix}live_until__gt": at})


def was_ever_public(prefix: str = "") -> Q:
    """Match what is public for any time, past or future."""
    return Q(**{f"{prefix}release_at__lt": F(f"{prefix}live_until")})


def listed_before(at: Moment, prefix: str = "") -> Q:
    """Match what was first released at this instant or before: an upper bound for the indexes.

    Everything public now matches anyway, but the indexes begin with the first release.
    """
    return Q(**{f"{prefix}first_release_at__lte": at})


def listed_since(at: Moment, prefix: str = "") -> Q:
    """Match what was first released at this instant or later: a lower bound for the indexes."""
    return Q(**{f"{prefix}first_release_at__gte": at})


def listed_within(begins: Moment, ends: Moment, prefix: str = "") -> Q:
    """Match what was first released in this span, without its end."""
    return Q(**{f"{prefix}first_release_at__gte": begins, f"{prefix}first_release_at__lt": ends})


def listed_beyond(
    at: Moment, number: int | None, *, upwards: bool, prefix: str = "", key: str = "statement_id"
) -> Q:
    """Match what follows a position in a list: older rows, or newer ones with `upwards`.

    Add the bound of the index as well (`listed_before` or `listed_since`): this is an OR.
    """
    than, date = "gt" if upwards else "lt", f"{prefix}first_release_at"
    same_instant = Q(**{date: at}) & Q(**{f"{prefix}{key}__{than}": number})
    return Q(**{f"{date}__{than}": at}) | same_instant


def address_open_at(at: Moment, prefix: str = "") -> Q:
    """Match slugs that lead to their statement: no erased one, and none of a coming edition."""
    return address_was_open_at(at, prefix) & Q(**{f"{prefix}erased_at": None})


def address_was_open_at(at: Moment, prefix: str = "") -> Q:
    """Match slugs that answer, if only to say that their words were erased."""
    return Q(**{f"{prefix}public_from__lte": at})


# --- The same in SQL ------------------------------------------------------------------------------
# Each `%s` is the instant, as `connection.ops.adapt_datetimefield_value` returns it.


def public_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row is public; it takes the instant twice."""
    return f"{released_sql(alias, at)} AND {not_ended_sql(alias, at)}"


def released_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row was released at this instant or before."""
    return f"{_column('release_at', alias)} <= {at}"


def released_after_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row is released after this instant."""
    return f"{_column('release_at', alias)} > {at}"


def ended_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row ended at this instant or before."""
    return f"{_column('live_until', alias)} <= {at}"


def not_ended_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row ends after this instant or never."""
    return f"{_column('live_until', alias)} > {at}"


def has_end_sql(alias: str = "") -> str:
    """Return the condition that a row ends at all, as the index `edition_live_until_idx` has it."""
    return f"{_column('live_until', alias)} < '{FOREVER:%F %T}'"


def was_ever_public_sql(alias: str = "") -> str:
    """Return the condition that a row is public for any time."""
    return f"{_column('release_at', alias)} < {_column('live_until', alias)}"


def overlap_sql(alias: str, other: str) -> str:
    """Return the condition that each of two rows is released before the other ends."""
    return (
        f"{_column('release_at', other)} < {_column('live_until', alias)}"
        f" AND {_column('release_at', alias)} < {_column('live_until', other)}"
    )


def listed_before_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row was first released at this instant or before."""
    return f"{_column('first_release_at', alias)} <= {at}"


def listed_since_sql(alias: str = "", at: str = "%s") -> str:
    """Return the condition that a row was first released at this instant or later."""
    return f"{_column('first_release_at', alias)} >= {at}"


def listed_beyond_sql(*, upwards: bool, alias: str = "") -> str:
    """Return the condition that a row follows a position; it takes date and statement."""
    date, statement = _column("first_release_at", alias), _column("statement_id", alias)
    return f"({date}, {statement}) {'>' if upwards else '<'} (%s, %s)"


def _column(name: str, alias: str) -> str:
    return f"{alias}.{name}" if alias else name


# --- One object -----------------------------------------------------------------------------------
# A model instance, or a row of `values()` that has these columns.


def is_public(edition: Any, at: dt.datetime) -> bool:
    """Tell whether an edition is public at this instant."""
    return is_released(edition, at) and not has_ended(edition, at)


def is_released(edition: Any, at: dt.datetime) -> bool:
    """Tell whether an edition was released at this instant or before, ended or not."""
    return _has_passed(_time(edition, "release_at"), at)


def is_scheduled(edition: Any, at: dt.datetime) -> bool:
    """Tell whether an edition has a release time after this instant."""
    return _time(edition, "release_at") is not None and not is_released(edition, at)


def has_ended(edition: Any, at: dt.datetime) -> bool:
    """Tell whether an edition ended at this instant or before."""
    return _has_passed(_time(edition, "live_until"), at)


def is_listed(statement: Any, at: dt.datetime) -> bool:
    """Tell whether a statement, or that of an edition, was first released by this instant."""
    return _has_passed(_time(statement, "first_release_at"), at)


def has_earlier_release(edition: Any) -> bool:
    """Tell whether another edition of the statement was released before this one."""
    return bool(_time(edition, "release_at") > _time(edition, "first_release_at"))


def _time(row: Any, column: str) -> Any:
    return row[column] if isinstance(row, Mapping) else getattr(row, column)


def _has_passed(time: dt.datetime | None, at: dt.datetime) -> bool:
    return time is not None and time <= at
