"""Point out, once, a reason that was given last time as well."""

import datetime as dt
import re
from difflib import SequenceMatcher

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.content.quotation_marks import quote_headline
from statements.models import Action, Event

MIN_SIMILARITY_RATIO = 0.9
MAX_COMPARED_CHARS = 2_000
"""A reason is a sentence or two, and the time to compare grows with the square of its length."""


def build_reminder(action: Action, reason: str, *, by: User) -> str:
    """Return a reminder if anybody's last reason, or this person's, was the same, else ""."""
    events = Event.objects.filter(action=action).with_note().select_related("edition", "by")
    for last in (events.order_by("-pk").first(), events.filter(by=by).order_by("-pk").first()):
        if last and is_repeated(last.note, reason):
            name = "you" if last.by == by else last.by_name
            headline = (
                _(", for %(headline)s") % {"headline": quote_headline(last.edition.headline)}
                if last.edition
                else ""
            )
            return _(
                "This is the reason that %(name)s gave last time, on %(day)s%(headline)s. Is it "
                "still true? Confirm it below, or give another reason."
            ) % {"name": name, "day": _format_day(last.at), "headline": headline}
    return ""


def is_repeated(before: str, now: str) -> bool:
    """Return whether two reasons differ only in case, punctuation, spaces or a typo or two."""
    old, new = _normalise(before), _normalise(now)
    if old == new:
        return bool(old)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.quick_ratio() >= MIN_SIMILARITY_RATIO and matcher.ratio() >= MIN_SIMILARITY_RATIO


def _normalise(text: str) -> str:
    return " ".join(re.findall(r"\w+", text[:MAX_COMPARED_CHARS].casefold()))


def _format_day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y}"
