"""What happened to a statement, told in plain sentences from its events."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from statements.models import Action, Amendment, Event, Statement
from statements.newsdesk.time_format import format_long

MAX_EVENTS = 200
SYSTEM = "The system"


@dataclass(frozen=True)
class TimelineEntry:
    """One event: when, what as a sentence, and the words that its author gave with it."""

    at: str
    sentence: str
    note: str
    edition_id: int | None
    number: int


def list_entries(statement: Statement, *, before: int | None = None) -> list[TimelineEntry]:
    """The newest MOST events of a statement, the newest first; or those before this number."""
    events = statement.events.select_related("edition", "by").defer("edition__content")
    if before is not None:
        events = events.filter(number__lt=before)
    return [
        TimelineEntry(
            format_long(event.at), describe_event(event), event.note, event.edition_id, event.number
        )
        for event in events.order_by("-number")[:MAX_EVENTS]
    ]


def _format_actor(event: Event) -> str:
    """The full name as it is now, and the user name of that day, which the record keeps."""
    full = event.by.get_full_name() if event.by else ""
    return f"{full} ({event.by_name})" if full else event.by_name or SYSTEM


def describe_event(event: Event) -> str:
    who = _format_actor(event)
    which = f"edition {event.edition.sequence}" if event.edition else "the statement"
    detail = json.loads(event.detail) if event.detail else {}
    detail["at"] = event.at.astimezone(dt.UTC).isoformat()
    return SENTENCES[Action(event.action)](who, which, detail) + _describe_sensitive_periods(detail)


def _describe_sensitive_periods(detail: dict) -> str:
    names = detail.get("sensitive")
    return f" That is in a sensitive period: {' and '.join(names)}." if names else ""


def _describe_submission(who: str, which: str, detail: dict) -> str:
    amendment = detail.get("amendment")
    as_what = f" as a {Amendment(amendment).label.lower()}" if amendment else ""
    return f"{who} submitted {which}{as_what}."


def _describe_countersign_request(who: str, which: str, detail: dict) -> str:
    return f"{who} asked {detail.get('person', 'somebody')} to countersign {which}."


def _describe_approval(who: str, which: str, detail: dict) -> str:
    if detail.get("release_at") == detail["at"]:
        return f"{who} approved and released {which}."
    if detail.get("release_at"):
        return f"{who} approved {which}, to go out on {_format_time(detail['release_at'])}."
    return f"{who} approved {which} and held it."


def _describe_rescheduling(who: str, which: str, detail: dict) -> str:
    before = f" instead of {_format_time(detail['from'])}" if detail.get("from") else ""
    return f"{who} set the release of {which} for {_format_time(detail['to'])}{before}."


def _describe_withdrawal(who: str, which: str, detail: dict) -> str:
    if detail.get("kind") == "gone":
        onward = f", sending readers to {detail['target']}" if detail.get("target") else ""
        return f"{who} withdrew {which}: its words are gone{onward}."
    return f"{who} withdrew {which}, with a notice."


def _describe_metadata_change(who: str, which: str, detail: dict) -> str:
    what = " and ".join(sorted(str(name).replace("_", " ") for name in detail if name != "at"))
    return f"{who} changed what stands beside the words{f': {what}' if what else ''}."


def _describe_signoff_request(who: str, which: str, detail: dict) -> str:
    return f"{who} asked {_format_person(detail)} to agree to {which}."


def _describe_revocation(who: str, which: str, detail: dict) -> str:
    return f"{who} ended the link of {_format_person(detail)} to {which}."


def _make_reply_describer(what: str) -> Callable[[str, str, dict], str]:
    """Without a colleague who took it down, the answer came by the link itself."""

    def told(who: str, which: str, detail: dict) -> str:
        by_telephone = "" if who == SYSTEM else f", by telephone to {who}"
        return f"{_format_person(detail)} {what.format(which=which)}{by_telephone}."

    return told


def _format_person(detail: dict) -> str:
    body = detail.get("on_behalf_of")
    return f"{detail['name']} ({body})" if body else detail["name"]


def _format_time(iso: str) -> str:
    return format_long(dt.datetime.fromisoformat(iso))


def _make_describer(deed: str) -> Callable[[str, str, dict], str]:
    return lambda who, which, detail: deed.format(who=who, which=which)


SENTENCES: dict[Action, Callable[[str, str, dict], str]] = {
    Action.SUBMITTED: _describe_submission,
    Action.SENT_BACK: _make_describer("{who} sent {which} back."),
    Action.COUNTERSIGNATURE_REQUESTED: _describe_countersign_request,
    Action.COUNTERSIGNED: _make_describer("{who} countersigned {which}."),
    Action.APPROVED: _describe_approval,
    Action.PUBLISHED_NOW: _make_describer("{who} released {which} at once."),
    Action.RESCHEDULED: _describe_rescheduling,
    Action.PUT_ON_HOLD: _make_describer("{who} held {which}."),
    Action.CANCELLED: _make_describer("{who} cancelled {which}."),
    Action.PUBLISHED_URGENTLY: _make_describer(
        "{who} released {which} urgently, without a second person."
    ),
    Action.SECOND_LOOK_TAKEN: _make_describer("{who} took the second look at {which}."),
    Action.WITHDRAWN: _describe_withdrawal,
    Action.RESTORED: _make_describer("{who} put withdrawn words in review again, as {which}."),
    Action.SUPPRESSED: _make_describer(
        "{who} took the earlier wording of {which} away from the public."
    ),
    Action.ERASURE_REQUESTED: _make_describer("{who} asked that the words of {which} be erased."),
    Action.ERASED: _make_describer("{who} erased the words of {which}."),
    Action.IMPORTED: _make_describer("{who} imported {which}."),
    Action.METADATA_CHANGED: _describe_metadata_change,
    Action.SIGNOFF_REQUESTED: _describe_signoff_request,
    Action.PREVIEW_REVOKED: _describe_revocation,
    Action.AGREED: _make_reply_describer("agreed to {which}"),
    Action.OBJECTED: _make_reply_describer("does not agree to {which} yet"),
    Action.ACCOUNT_CHANGED: _make_describer("{who} changed an account."),
    Action.MERGED: _make_describer("{who} merged two entries that were one."),
    Action.PAGE_CHANGED: _make_describer("{who} changed a page about the site."),
    Action.SEALED: _make_describer("{who} anchored the record."),
}
