"""The sign-offs and remarks on the review page, and their small forms."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.db.models import Count

from statements.content.reading import same_words
from statements.content.schema import list_passages
from statements.models import Edition, PreviewLink, PreviewVisit, Remark, SignOff
from statements.newsdesk.decisions.base import make_text_field
from statements.newsdesk.rich_text import LineField
from statements.newsdesk.time_fields import LocalTimeInput
from statements.newsdesk.time_format import format_long, parse_local
from statements.signoff.rules import MAX_LINK_DAYS, MAX_NAME_CHARS, closed_reasons

MAX_PREVIEW_LINKS = 100
MAX_VISITS = 200
MAX_REMARKS = 200
DEFAULT_LINK_DAYS = 7


# --- Who was asked, and what they replied ---------------------------------------------------------


@dataclass
class SignoffRow:
    """A person outside who was asked or replied, with what counts for this edition."""

    display_name: str
    edition: Edition
    preview_link: PreviewLink | None = None
    reply: SignOff | None = None
    visits: list[str] = field(default_factory=list)
    visit_count: int = 0
    link_status: str = ""
    can_resend: bool = False
    can_revoke: bool = False

    @property
    def agrees(self) -> bool:
        return self._is_for_this_content and self.reply is not None and self.reply.agrees

    @property
    def tone(self) -> str:
        if self.agrees:
            return "public"
        return "stopped" if self.reply and self._is_for_this_content else "review"

    @property
    def status_label(self) -> str:
        if self.agrees:
            return "Agreed"
        return "Not yet" if self.reply and self._is_for_this_content else "No answer"

    @property
    def sentence(self) -> str:
        if self.reply is None:
            return ""
        start = "Agreed to" if self.reply.agrees else "“Not yet” to"
        how = f", by telephone to {self.reply.recorded_by}" if self.reply.recorded_by else ""
        when = f"on {format_long(self.reply.given_at)}{how}"
        if self._is_for_this_content:
            return f"{start} this text {when}."
        which = f"edition {self.reply.edition.sequence}"
        return f"{start} {which} {when}. This edition has another text."

    @property
    def _is_for_this_content(self) -> bool:
        return self.reply is not None and self._is_for(self.reply)

    def _is_for(self, reply: SignOff) -> bool:
        """Tell whether the reply is to these words, in this edition or in another."""
        return reply.digest == self.edition.digest or same_words(
            reply.edition.content_data, self.edition.content_data
        )

    def add_link(
        self, link: PreviewLink, visits: list[str], visit_count: int, *, at: dt.datetime
    ) -> None:
        """Let the newest link count, but prefer one to this edition over one to another."""
        current = self.preview_link
        if current and current.edition_id == self.edition.pk != link.edition_id:
            return
        self.preview_link = link
        self.visits, self.visit_count = visits, visit_count
        self.link_status = _describe_link(link, self.edition, at)
        self.can_revoke = link.is_active(at)

    def add_reply(self, reply: SignOff) -> None:
        """Let the newest reply count, but prefer one on this text over one on another."""
        if self.reply and self._is_for(self.reply) and not self._is_for(reply):
            return
        self.reply = reply


@dataclass(frozen=True)
class MissingSignoff:
    """A speaker of this edition who was not asked for a sign-off."""

    name: str
    role: str
    on_behalf_of: str

    @property
    def display_name(self) -> str:
        facts = ", ".join(filter(None, [self.role, self.on_behalf_of]))
        return f"{self.name} ({facts})" if facts else self.name


def build_context(
    edition: Edition, *, at: dt.datetime, bound: forms.Form | None = None
) -> dict[str, Any]:
    """Return the context of the sign-off and remark sections; the queries are constant."""
    closed = closed_reasons(edition, at)
    rows = _build_rows(edition, at=at, is_closed=bool(closed))
    remarks = list(
        Remark.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition")
        .defer("edition__content")
        .order_by("-pk")[:MAX_REMARKS]
    )[::-1]
    return {
        "signoff_rows": rows,
        "agreed_count": sum(row.agrees for row in rows),
        "missing_signoffs": [] if closed else _find_missing_signoffs(edition, rows),
        "signoff_closed": closed[0].message if closed else "",
        "request_form": bound if isinstance(bound, SignoffRequestForm) else SignoffRequestForm(),
        "phone_form": bound if isinstance(bound, PhoneReplyForm) else PhoneReplyForm(),
        "remark_form": bound if isinstance(bound, RemarkForm) else RemarkForm(),
        "refused_form": bound,
        "remarks": [remark for remark in remarks if remark.edition_id == edition.pk],
        "other_remarks": [remark for remark in remarks if remark.edition_id != edition.pk],
    }


def _build_rows(edition: Edition, *, at: dt.datetime, is_closed: bool) -> list[SignoffRow]:
    links = list(
        PreviewLink.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition")
        .defer("edition__content")
        .annotate(visit_count=Count("openings"))
        .order_by("-pk")[:MAX_PREVIEW_LINKS]
    )[::-1]
    replies = list(
        SignOff.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition", "recorded_by")
        .defer("edition__content")
        .order_by("-pk")[:MAX_PREVIEW_LINKS]
    )[::-1]
    visits = _load_visits(edition)
    rows: dict[tuple[str, str], SignoffRow] = {}
    for link in links:
        row = rows.setdefault(_make_person_key(link), SignoffRow(link.display_name, edition))
        row.add_link(link, visits.get(link.pk, []), link.visit_count, at=at)
        row.can_resend = not is_closed
    for reply in replies:
        row = rows.setdefault(_make_person_key(reply), SignoffRow(reply.display_name, edition))
        row.add_reply(reply)
    return list(rows.values())


def _load_visits(edition: Edition) -> dict[int, list[str]]:
    visits = PreviewVisit.objects.filter(preview__edition__statement=edition.statement_id)
    times: dict[int, list[str]] = {}
    for visit in visits.order_by("-pk")[:MAX_VISITS]:
        times.setdefault(visit.preview_id, []).append(format_long(visit.at))
    return times


def _make_person_key(row: PreviewLink | SignOff) -> tuple[str, str]:
    return row.name.casefold(), row.on_behalf_of.casefold()


def _describe_link(link: PreviewLink, edition: Edition, at: dt.datetime) -> str:
    which = "" if link.edition_id == edition.pk else f" for edition {link.edition.sequence}"
    if link.revoked_at:
        return f"Link{which} revoked on {format_long(link.revoked_at)}."
    if link.expires_at <= at:
        return f"Link{which} expired on {format_long(link.expires_at)}."
    return f"Link{which} works until {format_long(link.expires_at)}."


def _find_missing_signoffs(edition: Edition, rows: list[SignoffRow]) -> list[MissingSignoff]:
    """Return the speakers who were not asked, and whose organisation was not asked either."""
    asked = [person for row in rows if (person := row.preview_link or row.reply)]
    names = {person.name.casefold() for person in asked}
    organisations = {person.on_behalf_of.casefold() for person in asked if person.on_behalf_of}
    missing = {}
    for passage in list_passages(edition.content_data):
        if speaker := passage["speaker"]:
            name, organisation = speaker["name"], (speaker["organisation"] or {}).get("name", "")
            if name.casefold() not in names and organisation.casefold() not in organisations:
                missing[name, organisation] = MissingSignoff(name, speaker["role"], organisation)
    return list(missing.values())


# --- Forms ----------------------------------------------------------------------------------------


class _KeyedForm(forms.Form):
    key: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")


class _PersonFieldsForm(_KeyedForm):
    name = LineField(label="Who", max_length=MAX_NAME_CHARS, help_text="As you would address them.")
    on_behalf_of = LineField(
        label="On behalf of (optional)", max_length=MAX_NAME_CHARS, required=False
    )


class SignoffRequestForm(_PersonFieldsForm):
    key = "request"
    title = "Ask somebody for their sign-off"
    email = forms.EmailField(
        label="E-mail (optional)",
        required=False,
        help_text="They get an e-mail with a link and nothing else. You get a link to copy too.",
    )
    days = forms.IntegerField(
        label="For how many days does the link work?",
        min_value=1,
        max_value=MAX_LINK_DAYS,
        initial=DEFAULT_LINK_DAYS,
    )


class PhoneReplyForm(_PersonFieldsForm):
    key = "phone"
    title = "Record a reply by telephone"
    agrees = forms.ChoiceField(
        label="What did they say?",
        choices=[("yes", "They agree to this text"), ("no", "Not yet")],
        widget=forms.RadioSelect,
    )
    given_at = forms.CharField(
        label="When (empty means just now)", required=False, widget=LocalTimeInput, max_length=40
    )
    text = make_text_field("Note", "What they want changed, or how you know who it was.")

    def clean_given_at(self) -> dt.datetime | None:
        typed = self.cleaned_data["given_at"]
        # Where the clocks go back, the later of two times: both have passed.
        return parse_local(typed, which="second") if typed else None


class RemarkForm(_KeyedForm):
    key = "remark"
    title = "Add a remark"
    text = make_text_field("Your remark", "Everybody on the newsdesk can read it. It stays.")
