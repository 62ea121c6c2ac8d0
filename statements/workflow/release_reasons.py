"""Require a typed reason for a release that breaks an embargo or falls into a sensitive period."""

import datetime as dt
from typing import Any

from statements.content.characters import normalise_text
from statements.models import Edition
from statements.readiness import Problem
from statements.workflow import embargoes, sensitive_periods


def find_obstacles(edition: Edition, release_at: dt.datetime | None) -> list[Problem]:
    """Return everything about this release time that a reason must answer."""
    return [
        *embargoes.reason_problems(edition, release_at),
        *sensitive_periods.reason_problems(edition, release_at),
    ]


def reason_problems(edition: Edition, release_at: dt.datetime | None, reason: str) -> list[Problem]:
    """Return the obstacles, unless there is a reason."""
    if normalise_text(reason).strip():
        return []
    return find_obstacles(edition, release_at)


def event_detail(edition: Edition, release_at: dt.datetime | None) -> dict[str, Any]:
    """Return what the release went against, for the detail of its event."""
    return {
        **embargoes.event_detail(edition, release_at),
        **sensitive_periods.event_detail(edition, release_at),
    }
