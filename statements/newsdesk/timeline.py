"""What happened to a statement, told in plain sentences from its events."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from statements.models import Action, Amendment, Event, Statement
from statements.newsdesk.time_format import said

MOST = 200
SYSTEM = "The system"


@dataclass(frozen=True)
class Line:
    """One event: when, what as a sentence, and the words that its author gave with it."""

    at: str
    sentence: str
    note: str
    edition_id: int | None
    number: int


def lines(statement: Statement, *, before: int | None = None) -> list[Line]:
    """The newest MOST events of a statement, the newest first; or those before this number."""
    events = statement.events.select_related("edition", "by").defer("edition__content")
    if before is not None:
        events = events.filter(number__lt=before)
    return [
        Line(said(event.at), sentence(event), event.note, event.edition_id, event.number)
        for event in events.order_by("-number")[:MOST]
    ]


def _who(event: Event) -> str:
    """The full name as it is now, and the user name of that day, which the record keeps."""
    full = event.by.get_full_name() if event.by else ""
    return f"{full} ({event.by_name})" if full else event.by_name or SYSTEM


def sentence(event: Event) -> str:
    who = _who(event)
    which = f"edition {event.edition.sequence}" if event.edition else "the statement"
    detail = json.loads(event.detail) if event.detail else {}
    detail["at"] = event.at.astimezone(dt.UTC).isoformat()
    return SENTENCES[Action(event.action)](who, which, detail) + _in_period(detail)


def _in_period(detail: dict) -> str:
    names = detail.get("sensitive")
    return f" That is in a sensitive period: {' and '.join(names)}." if names else ""


def _submitted(who: str, which: str, detail: dict) -> str:
    amendment = detail.get("amendment")
    as_what = f" as a {Amendment(amendment).label.lower()}" if amendment else ""
    return f"{who} submitted {which}{as_what}."


def _asked(who: str, which: str, detail: dict) -> str:
    return f"{who} asked {detail.get('person', 'somebody')} to countersign {which}."


def _approved(who: str, which: str, detail: dict) -> str:
    if detail.get("release_at") == detail["at"]:
        return f"{who} approved and released {which}."
    if detail.get("release_at"):
        return f"{who} approved {which}, to go out on {_time(detail['release_at'])}."
    return f"{who} approved {which} and held it."


def _retimed(who: str, which: str, detail: dict) -> str:
    before = f" instead of {_time(detail['from'])}" if detail.get("from") else ""
    return f"{who} set the release of {which} for {_time(detail['to'])}{before}."


def _withdrew(who: str, which: str, detail: dict) -> str:
    if detail.get("kind") == "gone":
        onward = f", sending readers to {detail['target']}" if detail.get("target") else ""
        return f"{who} withdrew {which}: its words are gone{onward}."
    return f"{who} withdrew {which}, with a notice."


def _shelf(who: str, which: str, detail: dict) -> str:
    what = " and ".join(sorted(str(name).replace("_", " ") for name in detail if name != "at"))
    return f"{who} changed what stands beside the words{f': {what}' if what else ''}."


def _preview_made(who: str, which: str, detail: dict) -> str:
    return f"{who} asked {_whom(detail)} to agree to {which}."


def _preview_revoked(who: str, which: str, detail: dict) -> str:
    return f"{who} ended the link of {_whom(detail)} to {which}."


def _answered(what: str) -> Callable[[str, str, dict], str]:
    """Without a colleague who took it down, the answer came by the link itself."""

    def told(who: str, which: str, detail: dict) -> str:
        by_telephone = "" if who == SYSTEM else f", by telephone to {who}"
        return f"{_whom(detail)} {what.format(which=which)}{by_telephone}."

    return told


def _whom(detail: dict) -> str:
    body = detail.get("on_behalf_of")
    return f"{detail['name']} ({body})" if body else detail["name"]


def _time(iso: str) -> str:
    return said(dt.datetime.fromisoformat(iso))


def _plain(deed: str) -> Callable[[str, str, dict], str]:
    return lambda who, which, detail: deed.format(who=who, which=which)


SENTENCES: dict[Action, Callable[[str, str, dict], str]] = {
    Action.SUBMITTED: _submitted,
    Action.SENT_BACK: _plain("{who} sent {which} back."),
    Action.ASKED: _asked,
    Action.COUNTERSIGNED: _plain("{who} countersigned {which}."),
    Action.APPROVED: _approved,
    Action.RELEASED: _plain("{who} released {which} at once."),
    Action.RETIMED: _retimed,
    Action.HELD: _plain("{who} held {which}."),
    Action.CANCELLED: _plain("{who} cancelled {which}."),
    Action.RELEASED_URGENTLY: _plain("{who} released {which} urgently, without a second person."),
    Action.LOOKED_AT: _plain("{who} took the second look at {which}."),
    Action.WITHDRAWN: _withdrew,
    Action.RESTORED: _plain("{who} put withdrawn words in review again, as {which}."),
    Action.SUPPRESSED: _plain("{who} took the earlier wording of {which} away from the public."),
    Action.ERASURE_ASKED: _plain("{who} asked that the words of {which} be erased."),
    Action.ERASED: _plain("{who} erased the words of {which}."),
    Action.IMPORTED: _plain("{who} imported {which}."),
    Action.SHELF_CHANGED: _shelf,
    Action.PREVIEW_MADE: _preview_made,
    Action.PREVIEW_REVOKED: _preview_revoked,
    Action.AGREED: _answered("agreed to {which}"),
    Action.NOT_AGREED: _answered("does not agree to {which} yet"),
    Action.ACCOUNT_CHANGED: _plain("{who} changed an account."),
    Action.MERGED: _plain("{who} merged two entries that were one."),
    Action.PAGE_CHANGED: _plain("{who} changed a page about the site."),
    Action.ANCHORED: _plain("{who} anchored the record."),
}
