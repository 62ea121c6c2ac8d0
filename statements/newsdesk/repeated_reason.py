"""A reason that was given last time already: pointed out once, and never refused."""

import datetime as dt
import re
from difflib import SequenceMatcher

from django.utils import timezone

from statements.content.quotation_marks import quote_headline
from statements.models import Action, Event

MIN_SIMILARITY_RATIO = 0.9
MAX_COMPARED_CHARS = 2_000
"""Characters: a reason is a sentence or two, and comparing takes the square of its length."""


def build_reminder(action: Action, reason: str, *, by) -> str:
    """What to say if the house's last reason for this, or this person's, was the same; else ""."""
    given = Event.objects.filter(action=action).exclude(note="").select_related("edition", "by")
    for last in (given.order_by("-pk").first(), given.filter(by=by).order_by("-pk").first()):
        if last and is_repeated(last.note, reason):
            who = "you" if last.by == by else last.by_name
            headline = f" for {quote_headline(last.edition.headline)}" if last.edition else ""
            return (
                f"This is the reason that {who} gave last time, on {_format_day(last.at)},{headline}: is "
                "it still true here? Confirm it below, or say what is so this time."
            )
    return ""


def is_repeated(before: str, now: str) -> bool:
    """Whether two reasons are the same but for case, punctuation, spaces and a slip or two."""
    one, other = _normalise(before), _normalise(now)
    if one == other:
        return bool(one)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= MIN_SIMILARITY_RATIO and matcher.ratio() >= MIN_SIMILARITY_RATIO


def _normalise(text: str) -> str:
    return " ".join(re.findall(r"\w+", text[:MAX_COMPARED_CHARS].casefold()))


def _format_day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y}"
