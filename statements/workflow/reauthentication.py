"""Ask for the password again before a grave decision, a limited number of times.

The counter is a row of django-axes, which also counts failed sign-ins: one row for each person,
whatever their address. An attempt is counted and committed before the password is checked, so that
many at the same time cannot pass the limit. Call this outside the transaction of the decision,
whose rollback would forget the attempt.
"""

import datetime as dt

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.audit.accounts import log_failed_sign_in
from statements.readiness import Problem

COUNTER_KEY = {"ip_address": "::", "user_agent": "re-authentication"}
"""What no sign-in has, so that the two counters never mix."""


def password_problems(by: User, password: str, *, at: dt.datetime) -> list[Problem]:
    """Return a problem if this is not the person's password, or if it was wrong too often."""
    wrong = [Problem("password", _("That is not your password."), _("Type it again."))]
    if not password:
        return wrong
    failures, waits_until = _count_attempt(by, at)
    if failures > settings.AXES_FAILURE_LIMIT:
        return [_waiting_problem(waits_until)]
    if by.check_password(password):
        AccessAttempt.objects.filter(username=by.get_username(), **COUNTER_KEY).delete()
        return []
    log_failed_sign_in({"username": by.get_username()})
    return wrong if failures < settings.AXES_FAILURE_LIMIT else [_waiting_problem(waits_until)]


@transaction.atomic
def _count_attempt(by: User, at: dt.datetime) -> tuple[int, dt.datetime]:
    """Count an attempt, unless too many were wrong; return how many, and until when that holds."""
    rows = AccessAttempt.objects.select_for_update()
    counter, _ = rows.get_or_create(
        username=by.get_username(), **COUNTER_KEY, defaults={"failures_since_start": 0}
    )
    failures = counter.failures_since_start
    if failures and counter.attempt_time + settings.AXES_COOLOFF_TIME <= at:
        failures = 0
    if failures < settings.AXES_FAILURE_LIMIT:
        counter.attempt_time, counter.failures_since_start = at, failures + 1
        counter.save(update_fields=["attempt_time", "failures_since_start"])
    return failures + 1, counter.attempt_time + settings.AXES_COOLOFF_TIME


def _waiting_problem(until: dt.datetime) -> Problem:
    whole_minute = timezone.localtime(until + dt.timedelta(seconds=59))
    return Problem(
        "password",
        _("Your password was wrong %(limit)s times.") % {"limit": settings.AXES_FAILURE_LIMIT},
        _("Wait, and try again at %(whole_minute)s.") % {"whole_minute": f"{whole_minute:%H:%M}"},
    )
