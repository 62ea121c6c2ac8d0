"""What the review page says about agreement and remarks, and the small forms that stand there."""

import datetime as dt
from dataclasses import dataclass, field

from django import forms
from django.db.models import Count

from statements.models import Edition, PreviewLink, PreviewVisit, Remark, SignOff
from statements.newsdesk.decisions.base import make_text_field
from statements.newsdesk.time_fields import LocalTimeInput
from statements.newsdesk.time_format import format_long, parse_local
from statements.signoff.actions import MAX_LINK_DAYS, MAX_NAME_CHARS, closed_reasons

MAX_PREVIEW_LINKS = 100
MAX_VISITS = 200
MAX_REMARKS = 200


# --- Who was asked, and what they said ------------------------------------------------------------


@dataclass
class SignoffRow:
    """Somebody outside who was asked, or who answered, with what counts for this edition."""

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
        what = "Agreed to" if self.reply.agrees else "“Not yet” to"
        how = f", by telephone to {self.reply.recorded_by}" if self.reply.recorded_by else ""
        when = f"on {format_long(self.reply.given_at)}{how}"
        if self._is_for_this_content:
            return f"{what} these words {when}."
        return f"{what} edition {self.reply.edition.sequence} {when}. The words are not the same."

    @property
    def _is_for_this_content(self) -> bool:
        return self.reply is not None and self.reply.digest == self.edition.digest


@dataclass(frozen=True)
class MissingSignoff:
    """Somebody who speaks in these words, or a body that speaks by them, whom nobody asked."""

    name: str
    role: str
    on_behalf_of: str

    @property
    def display_name(self) -> str:
        facts = ", ".join(filter(None, [self.role, self.on_behalf_of]))
        return f"{self.name} ({facts})" if facts else self.name


def build_context(edition: Edition, *, at: dt.datetime, bound: forms.Form | None = None) -> dict:
    """What `_agreed`, `_agreement` and `_remarks` show. A fixed number of queries."""
    closed = closed_reasons(edition, at)
    people = _build_rows(edition, at=at, closed=bool(closed))
    remarks = list(
        Remark.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition")
        .defer("edition__content")
        .order_by("-pk")[:MAX_REMARKS]
    )[::-1]
    return {
        "people_asked": people,
        "agreed_count": sum(person.agrees for person in people),
        "unasked": [] if closed else _find_missing_signoffs(edition, people),
        "agreement_closed": closed[0].message if closed else "",
        "ask_form": bound if isinstance(bound, SignoffRequestForm) else SignoffRequestForm(),
        "phone_form": bound if isinstance(bound, PhoneReplyForm) else PhoneReplyForm(),
        "remark_form": bound if isinstance(bound, RemarkForm) else RemarkForm(),
        "refused_form": bound,
        "remarks": [one for one in remarks if one.edition_id == edition.pk],
        "other_remarks": [one for one in remarks if one.edition_id != edition.pk],
    }


def _build_rows(edition: Edition, *, at: dt.datetime, closed: bool) -> list[SignoffRow]:
    """One line a person, in the order in which they were first asked."""
    previews = list(
        PreviewLink.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition")
        .defer("edition__content")
        .annotate(visit_count=Count("openings"))
        .order_by("-pk")[:MAX_PREVIEW_LINKS]
    )[::-1]
    answers = list(
        SignOff.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition", "recorded_by")
        .defer("edition__content")
        .order_by("-pk")[:MAX_PREVIEW_LINKS]
    )[::-1]
    openings = PreviewVisit.objects.filter(preview__edition__statement=edition.statement_id)
    opened: dict[int, list[str]] = {}
    for opening in openings.order_by("-pk")[:MAX_VISITS]:
        opened.setdefault(opening.preview_id, []).append(format_long(opening.at))
    found: dict[tuple[str, str], SignoffRow] = {}
    for preview in previews:
        person = found.setdefault(
            _make_person_key(preview), SignoffRow(preview.display_name, edition)
        )
        _apply_preview_link(person, preview, opened.get(preview.pk, []), at=at, closed=closed)
    for answer in answers:
        person = found.setdefault(
            _make_person_key(answer), SignoffRow(answer.display_name, edition)
        )
        _apply_reply(person, answer)
    return list(found.values())


def _make_person_key(one: PreviewLink | SignOff) -> tuple[str, str]:
    return one.name.casefold(), one.on_behalf_of.casefold()


def _apply_preview_link(
    person: SignoffRow, preview, opened: list[str], *, at, closed: bool
) -> None:
    """The newest link counts, but never one to another edition before one to this."""
    if (
        person.preview_link
        and person.preview_link.edition_id == person.edition.pk != preview.edition_id
    ):
        return
    person.preview_link = preview
    person.visits, person.visit_count = opened, preview.visit_count
    person.link_status = _describe_link(preview, person.edition, at)
    person.can_revoke = preview.is_active(at)
    person.can_resend = not closed


def _describe_link(preview: PreviewLink, edition: Edition, at: dt.datetime) -> str:
    which = "" if preview.edition_id == edition.pk else f" for edition {preview.edition.sequence}"
    if preview.revoked_at:
        return f"Link{which} revoked on {format_long(preview.revoked_at)}."
    if preview.expires_at <= at:
        return f"Link{which} expired on {format_long(preview.expires_at)}."
    return f"Link{which} works until {format_long(preview.expires_at)}."


def _apply_reply(person: SignoffRow, answer: SignOff) -> None:
    """The newest answer counts, but never one on other words before one on these."""
    digest = person.edition.digest
    if person.reply and person.reply.digest == digest != answer.digest:
        return
    person.reply = answer


def _find_missing_signoffs(edition: Edition, people: list[SignoffRow]) -> list[MissingSignoff]:
    """Everybody who speaks, unless they were asked, or somebody was on behalf of their body."""
    asked = [person.preview_link or person.reply for person in people]
    names = {one.name.casefold() for one in asked if one}
    bodies = {one.on_behalf_of.casefold() for one in asked if one and one.on_behalf_of}
    found = {}
    for passage in edition.content_data["passages"]:
        if voice := passage["speaker"]:
            body = (voice["organisation"] or {}).get("name", "")
            if voice["name"].casefold() not in names and body.casefold() not in bodies:
                found[voice["name"], body] = MissingSignoff(voice["name"], voice["role"], body)
    return list(found.values())


# --- Forms ----------------------------------------------------------------------------------------


class _KeyedForm(forms.Form):
    key: str
    title: str

    def __init__(self, data=None):
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")


class _PersonFieldsForm(_KeyedForm):
    name = forms.CharField(
        label="Who", max_length=MAX_NAME_CHARS, help_text="As they are addressed."
    )
    on_behalf_of = forms.CharField(
        label="On behalf of (you may leave this empty)", max_length=MAX_NAME_CHARS, required=False
    )


class SignoffRequestForm(_PersonFieldsForm):
    key = "ask"
    title = "Ask somebody to agree"
    email = forms.EmailField(
        label="E-mail (you may leave this empty)",
        required=False,
        help_text="They are mailed a link and nothing else. You get one to copy as well.",
    )
    days = forms.IntegerField(
        label="The link works for how many days?", min_value=1, max_value=MAX_LINK_DAYS, initial=7
    )


class PhoneReplyForm(_PersonFieldsForm):
    key = "phone"
    title = "Record an answer by telephone"
    agrees = forms.ChoiceField(
        label="What did they say?",
        choices=[("yes", "They agree to these words"), ("no", "Not yet")],
        widget=forms.RadioSelect,
    )
    given_at = forms.CharField(
        label="When (empty means just now)", required=False, widget=LocalTimeInput, max_length=40
    )
    text = make_text_field("Note", "What they wanted changed, or how you know that it was they.")

    def clean_given_at(self) -> dt.datetime | None:
        typed = self.cleaned_data["given_at"]
        return (
            parse_local(typed, which="second") if typed else None
        )  # the later one: both have passed


class RemarkForm(_KeyedForm):
    key = "remark"
    title = "Add a remark"
    text = make_text_field("Your remark", "Everybody on the newsdesk reads it. It stays for good.")
