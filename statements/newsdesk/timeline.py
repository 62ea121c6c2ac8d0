"""The timeline of a statement: a plain sentence for each of its events."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from statements.content.quotation_marks import quote_headline
from statements.models import Action, Amendment, Edition, Event, Statement
from statements.newsdesk.time_format import format_long

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_EVENTS = 200
SYSTEM = _lazy("The system")
RELATED_KEYS = ("related", "never suggested", "with")
"""What an event calls the related articles that were chosen, those blocked, and its group."""
GROUP_ACTIONS = (Action.GROUPED, Action.UNGROUPED)

Detail = dict[str, Any]
Describer = Callable[[str, str, Detail], str]


@dataclass(frozen=True)
class TimelineEntry:
    """One event: the time, a sentence, and the note that its author gave."""

    at: str
    sentence: str
    note: str
    edition_id: int | None
    number: int


def list_entries(
    statement: Statement, *, before: int | None = None, limit: int | None = None
) -> list[TimelineEntry]:
    """Return the newest events of a statement, or the newest before a number."""
    events = (
        statement.events.select_related("edition", "by")
        .defer("edition__content")
        .prefetch_related("texts")
    )
    if before is not None:
        events = events.filter(number__lt=before)
    newest = list(events.order_by("-number")[: limit or MAX_EVENTS])
    headlines = _load_related_headlines(newest)
    return [
        TimelineEntry(
            format_long(event.at),
            describe_event(event) + _describe_related(event, headlines),
            event.note,
            event.edition_id,
            event.number,
        )
        for event in newest
    ]


def _load_related_headlines(events: Iterable[Event]) -> dict[int, str]:
    """Return the present headlines of the statements that these events name by id."""
    ids = {pk for event in events for pks in _read_related(event).values() for pk in pks}
    rows = Statement.objects.filter(pk__in=ids) if ids else Statement.objects.none()
    return dict(rows.values_list("pk", "headline"))


def _describe_related(event: Event, headlines: dict[int, str]) -> str:
    return "".join(
        f" {name.capitalize()}: {', '.join(quote_headline(headlines[pk]) for pk in pks)}."
        for name, pks in _read_related(event).items()
    )


def _read_related(event: Event) -> dict[str, list[int]]:
    """Return the ids of statements in the event; an earlier version wrote headlines."""
    if event.action not in (Action.METADATA_CHANGED, *GROUP_ACTIONS):
        return {}
    detail = json.loads(event.detail) if event.detail else {}
    return {name: detail[name] for name in RELATED_KEYS if _are_ids(detail.get(name))}


def _are_ids(value: Any) -> bool:
    return bool(value) and all(isinstance(pk, int) for pk in value)


def _format_actor(event: Event) -> str:
    """Return today's full name with the username of that day, which the record keeps."""
    full = event.by.get_full_name() if event.by else ""
    return f"{full} ({event.by_name})" if full else event.by_name or str(SYSTEM)


def describe_event(event: Event) -> str:
    actor = _format_actor(event)
    detail = json.loads(event.detail) if event.detail else {}
    subject = _name_subject(event, detail)
    hashes = detail.get("texts", {})
    detail |= {text.key: text.text for text in event.texts.all() if text.key in hashes}
    detail["at"] = event.at.astimezone(dt.UTC).isoformat()
    sentence = SENTENCES[Action(event.action)](actor, subject, detail)
    return (
        sentence
        + _describe_embargo(detail)
        + _describe_sensitive_periods(detail)
        + _describe_objections(detail)
    )


def _describe_objections(detail: Detail) -> str:
    count = len(detail.get("objections_read", []))
    said = ngettext(
        "%(count)d objection was read before.", "%(count)d objections were read before.", count
    )
    return " " + said % {"count": count} if count else ""


def _name_subject(event: Event, detail: Detail) -> str:
    if event.edition:
        return _("edition %(number)s") % {"number": event.edition.sequence}
    if version := detail.get("draft_version"):
        return _("draft version %(version)s") % {"version": version}
    return _("the statement")


def _describe_embargo(detail: Detail) -> str:
    until = detail.get("embargo_until")
    if not until:
        return ""
    if until == "unknown":
        return " " + _("That is in spite of an embargo without a known end.")
    return " " + _("That is before the embargo ended, on %(time)s.") % {"time": _format_time(until)}


def _describe_sensitive_periods(detail: Detail) -> str:
    names = detail.get("sensitive")
    if not names:
        return ""
    return " " + _("That is in a sensitive period: %(names)s.") % {"names": _(" and ").join(names)}


def _describe_submission(actor: str, subject: str, detail: Detail) -> str:
    amendment = detail.get("amendment")
    said = (
        _("{actor} submitted {subject} as: {kind}.")
        if amendment
        else _("{actor} submitted {subject}.")
    )
    kind = Amendment(amendment).label.lower() if amendment else ""
    sentence = said.format(actor=actor, subject=subject, kind=kind)
    if person := detail.get("person"):
        sentence += _(" {person} was asked to decide.").format(person=person)
    return sentence + describe_confirmed_changes(detail)


def describe_confirmed_changes(detail: Detail) -> str:
    """Say what the submitter confirmed because nobody had saved it, and who changed it."""
    if not (labels := detail.get("confirmed")):
        return ""
    what = ", ".join(labels).lower()
    if names := detail.get("changed_by", []):
        said = _("Changed since the last save and confirmed: {what}, changed by {names}.")
        return " " + said.format(what=what, names=", ".join(names))
    return " " + _("Changed since the last save and confirmed: {what}.").format(what=what)


def describe_confirmed_at_submission(edition: Edition) -> str:
    """Say what the submitter of this edition confirmed; "" if nothing. One query."""
    event = edition.events.filter(action=Action.SUBMITTED).first()
    return describe_confirmed_changes(json.loads(event.detail or "{}")).strip() if event else ""


def _describe_countersign_request(actor: str, subject: str, detail: Detail) -> str:
    person = detail.get("person", _("someone"))
    said = _("{actor} asked {person} to countersign {subject}.")
    return said.format(actor=actor, person=person, subject=subject)


def _describe_approval(actor: str, subject: str, detail: Detail) -> str:
    if detail.get("release_at") == detail["at"]:
        return _("{actor} approved and published {subject}.").format(actor=actor, subject=subject)
    if detail.get("release_at"):
        said = _("{actor} approved {subject} for {time}.")
        time = _format_time(detail["release_at"])
        return said.format(actor=actor, subject=subject, time=time)
    said = _("{actor} approved {subject} and put it on hold.")
    return said.format(actor=actor, subject=subject)


def _describe_rescheduling(actor: str, subject: str, detail: Detail) -> str:
    values = {"actor": actor, "subject": subject, "time": _format_time(detail["to"])}
    if not detail.get("from"):
        return _("{actor} set the release of {subject} for {time}.").format(**values)
    said = _("{actor} set the release of {subject} for {time} instead of {before}.")
    return said.format(**values, before=_format_time(detail["from"]))


def _describe_withdrawal(actor: str, subject: str, detail: Detail) -> str:
    if detail.get("kind") == "gone":
        if not (target := detail.get("target")):
            said = _("{actor} removed {subject} from the site, with a notice.")
            return said.format(actor=actor, subject=subject)
        said = _("{actor} removed {subject} from the site, sending readers to {target}.")
        return said.format(actor=actor, subject=subject, target=target)
    said = _("{actor} withdrew {subject}: its words stand under a notice.")
    return said.format(actor=actor, subject=subject)


def _describe_erasure(actor: str, subject: str, detail: Detail) -> str:
    if detail.get("what") == "target":
        return _(
            "%(actor)s erased where readers of %(subject)s were sent: that address was erased."
        ) % {"actor": actor, "subject": subject}
    return _("%(actor)s erased the words of %(subject)s.") % {"actor": actor, "subject": subject}


def _describe_discarding(actor: str, subject: str, detail: Detail) -> str:
    when = _format_time(detail["discarded_at"])
    return _(
        "%(actor)s erased the words of this draft. %(discarded_by)s had discarded it on %(when)s."
    ) % {"actor": actor, "discarded_by": detail["discarded_by"], "when": when}


def _describe_metadata_change(actor: str, subject: str, detail: Detail) -> str:
    named = {"at", *(name for name in RELATED_KEYS if _are_ids(detail.get(name)))}
    changed = sorted(str(name).replace("_", " ") for name in detail if name not in named)
    if not changed:
        return _("{actor} changed the details.").format(actor=actor)
    said = _("{actor} changed the details: {names}.")
    return said.format(actor=actor, names=", ".join(changed))


def _describe_signoff_request(actor: str, subject: str, detail: Detail) -> str:
    return _("%(actor)s asked %(person)s to sign off %(subject)s.") % {
        "actor": actor,
        "person": _format_person(detail),
        "subject": subject,
    }


def _describe_revocation(actor: str, subject: str, detail: Detail) -> str:
    return _("%(actor)s cancelled the link of %(person)s to %(subject)s.") % {
        "actor": actor,
        "person": _format_person(detail),
        "subject": subject,
    }


def _make_reply_describer(template: "StrOrPromise") -> Describer:
    def describe(actor: str, subject: str, detail: Detail) -> str:
        # The system writes the event of a reply by link; a colleague, of one by telephone.
        by_telephone = (
            "" if actor == str(SYSTEM) else _(", by telephone to %(actor)s") % {"actor": actor}
        )
        said = str(template).format(person=_format_person(detail), subject=subject)
        return f"{said}{by_telephone}."

    return describe


def _format_person(detail: Detail) -> str:
    name, organisation = str(detail["name"]), detail.get("on_behalf_of")
    return f"{name} ({organisation})" if organisation else name


def _format_time(iso: str) -> str:
    return format_long(dt.datetime.fromisoformat(iso))


def _make_describer(template: "StrOrPromise") -> Describer:
    return lambda actor, subject, detail: str(template).format(actor=actor, subject=subject)


SENTENCES: dict[Action, Describer] = {
    Action.SUBMITTED: _describe_submission,
    Action.SENT_BACK: _make_describer(_lazy("{actor} sent {subject} back.")),
    Action.COUNTERSIGNATURE_REQUESTED: _describe_countersign_request,
    Action.COUNTERSIGNED: _make_describer(_lazy("{actor} countersigned {subject}.")),
    Action.APPROVED: _describe_approval,
    Action.PUBLISHED_NOW: _make_describer(_lazy("{actor} published {subject} at once.")),
    Action.RESCHEDULED: _describe_rescheduling,
    Action.PUT_ON_HOLD: _make_describer(_lazy("{actor} put {subject} on hold.")),
    Action.CANCELLED: _make_describer(_lazy("{actor} cancelled {subject}.")),
    Action.PUBLISHED_URGENTLY: _make_describer(
        _lazy("{actor} published {subject} urgently, without a second person.")
    ),
    Action.SECOND_LOOK_TAKEN: _make_describer(_lazy("{actor} took the second look at {subject}.")),
    Action.WITHDRAWN: _describe_withdrawal,
    Action.RESTORED: _make_describer(
        _lazy("{actor} put withdrawn words in review again, as {subject}.")
    ),
    Action.SUPPRESSED: _make_describer(_lazy("{actor} removed {subject} from the site.")),
    Action.ERASURE_REQUESTED: _make_describer(
        _lazy("{actor} asked to erase the words of {subject}.")
    ),
    Action.ERASED: _describe_erasure,
    Action.IMPORTED: _make_describer(_lazy("{actor} imported {subject}.")),
    Action.DISCARDED: _describe_discarding,
    Action.GROUPED: _make_describer(_lazy("{actor} set this to be published together.")),
    Action.UNGROUPED: _make_describer(_lazy("{actor} ended publishing this together.")),
    Action.FILE_DOWNLOADED: _make_describer(
        _lazy("{actor} downloaded the whole file of {subject}.")
    ),
    Action.METADATA_CHANGED: _describe_metadata_change,
    Action.SIGNOFF_REQUESTED: _describe_signoff_request,
    Action.PREVIEW_REVOKED: _describe_revocation,
    Action.AGREED: _make_reply_describer(_lazy("{person} agreed to {subject}")),
    Action.OBJECTED: _make_reply_describer(_lazy("{person} objected to {subject}")),
    Action.ACCOUNT_CHANGED: _make_describer(_lazy("{actor} changed an account.")),
    Action.MERGED: _make_describer(_lazy("{actor} merged two entries.")),
    Action.RECORD_CHANGED: _make_describer(_lazy("{actor} changed an entry.")),
    Action.PAGE_CHANGED: _make_describer(_lazy("{actor} changed a page about the site.")),
    Action.SEALED: _make_describer(_lazy("{actor} sealed the record.")),
    Action.BASELINE: _make_describer(
        _lazy("{actor} restored this statement from an export of an earlier version.")
    ),
}
