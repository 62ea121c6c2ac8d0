"""What the review page says about agreement and remarks, and the small forms that stand there."""

import datetime as dt
from dataclasses import dataclass, field

from django import forms
from django.db.models import Count

from statements.models import Answer, Edition, Opening, Preview, Remark
from statements.newsdesk.decisions.base import words_field
from statements.newsdesk.time_fields import LocalTimeInput
from statements.newsdesk.time_format import instant, said
from statements.signoff.actions import LONGEST_DAYS, LONGEST_NAME, not_to_be_answered

MOST_PREVIEWS = 100
MOST_OPENINGS = 200
MOST_REMARKS = 200


# --- Who was asked, and what they said ------------------------------------------------------------


@dataclass
class Person:
    """Somebody outside who was asked, or who answered, with what counts for this edition."""

    whom: str
    edition: Edition
    preview: Preview | None = None
    answer: Answer | None = None
    opened: list[str] = field(default_factory=list)
    times_opened: int = 0
    link: str = ""
    can_send_again: bool = False
    can_revoke: bool = False

    @property
    def agrees(self) -> bool:
        return self._on_these_words and self.answer is not None and self.answer.agrees

    @property
    def tone(self) -> str:
        if self.agrees:
            return "public"
        return "stopped" if self.answer and self._on_these_words else "review"

    @property
    def word(self) -> str:
        if self.agrees:
            return "Agreed"
        return "Not yet" if self.answer and self._on_these_words else "No answer"

    @property
    def sentence(self) -> str:
        if self.answer is None:
            return ""
        what = "Agreed to" if self.answer.agrees else "“Not yet” to"
        how = f", by telephone to {self.answer.recorded_by}" if self.answer.recorded_by else ""
        when = f"on {said(self.answer.given_at)}{how}"
        if self._on_these_words:
            return f"{what} these words {when}."
        return f"{what} edition {self.answer.edition.sequence} {when}. The words are not the same."

    @property
    def _on_these_words(self) -> bool:
        return self.answer is not None and self.answer.digest == self.edition.digest


@dataclass(frozen=True)
class Unasked:
    """Somebody who speaks in these words, or a body that speaks by them, whom nobody asked."""

    name: str
    role: str
    on_behalf_of: str

    @property
    def whom(self) -> str:
        facts = ", ".join(filter(None, [self.role, self.on_behalf_of]))
        return f"{self.name} ({facts})" if facts else self.name


def section(edition: Edition, *, at: dt.datetime, bound: forms.Form | None = None) -> dict:
    """What `_agreed`, `_agreement` and `_remarks` show. A fixed number of queries."""
    closed = not_to_be_answered(edition, at)
    people = _people(edition, at=at, closed=bool(closed))
    remarks = list(
        Remark.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition")
        .defer("edition__content")
        .order_by("-pk")[:MOST_REMARKS]
    )[::-1]
    return {
        "people_asked": people,
        "agreed_count": sum(person.agrees for person in people),
        "unasked": [] if closed else _unasked(edition, people),
        "agreement_closed": closed[0].sentence if closed else "",
        "ask_form": bound if isinstance(bound, AskForm) else AskForm(),
        "phone_form": bound if isinstance(bound, PhoneForm) else PhoneForm(),
        "remark_form": bound if isinstance(bound, RemarkForm) else RemarkForm(),
        "refused_form": bound,
        "remarks": [one for one in remarks if one.edition_id == edition.pk],
        "other_remarks": [one for one in remarks if one.edition_id != edition.pk],
    }


def _people(edition: Edition, *, at: dt.datetime, closed: bool) -> list[Person]:
    """One line a person, in the order in which they were first asked."""
    previews = list(
        Preview.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition")
        .defer("edition__content")
        .annotate(times_opened=Count("openings"))
        .order_by("-pk")[:MOST_PREVIEWS]
    )[::-1]
    answers = list(
        Answer.objects.filter(edition__statement=edition.statement_id)
        .select_related("edition", "recorded_by")
        .defer("edition__content")
        .order_by("-pk")[:MOST_PREVIEWS]
    )[::-1]
    openings = Opening.objects.filter(preview__edition__statement=edition.statement_id)
    opened: dict[int, list[str]] = {}
    for opening in openings.order_by("-pk")[:MOST_OPENINGS]:
        opened.setdefault(opening.preview_id, []).append(said(opening.at))
    found: dict[tuple[str, str], Person] = {}
    for preview in previews:
        person = found.setdefault(_key(preview), Person(preview.whom, edition))
        _take_preview(person, preview, opened.get(preview.pk, []), at=at, closed=closed)
    for answer in answers:
        person = found.setdefault(_key(answer), Person(answer.whom, edition))
        _take_answer(person, answer)
    return list(found.values())


def _key(one: Preview | Answer) -> tuple[str, str]:
    return one.name.casefold(), one.on_behalf_of.casefold()


def _take_preview(person: Person, preview, opened: list[str], *, at, closed: bool) -> None:
    """The newest link counts, but never one to another edition before one to this."""
    if person.preview and person.preview.edition_id == person.edition.pk != preview.edition_id:
        return
    person.preview = preview
    person.opened, person.times_opened = opened, preview.times_opened
    person.link = _link(preview, person.edition, at)
    person.can_revoke = preview.works(at)
    person.can_send_again = not closed


def _link(preview: Preview, edition: Edition, at: dt.datetime) -> str:
    which = "" if preview.edition_id == edition.pk else f" for edition {preview.edition.sequence}"
    if preview.revoked_at:
        return f"Link{which} revoked on {said(preview.revoked_at)}."
    if preview.expires_at <= at:
        return f"Link{which} expired on {said(preview.expires_at)}."
    return f"Link{which} works until {said(preview.expires_at)}."


def _take_answer(person: Person, answer: Answer) -> None:
    """The newest answer counts, but never one on other words before one on these."""
    digest = person.edition.digest
    if person.answer and person.answer.digest == digest != answer.digest:
        return
    person.answer = answer


def _unasked(edition: Edition, people: list[Person]) -> list[Unasked]:
    """Everybody who speaks, unless they were asked, or somebody was on behalf of their body."""
    asked = [person.preview or person.answer for person in people]
    names = {one.name.casefold() for one in asked if one}
    bodies = {one.on_behalf_of.casefold() for one in asked if one and one.on_behalf_of}
    found = {}
    for passage in edition.words["passages"]:
        if voice := passage["speaker"]:
            body = (voice["organisation"] or {}).get("name", "")
            if voice["name"].casefold() not in names and body.casefold() not in bodies:
                found[voice["name"], body] = Unasked(voice["name"], voice["role"], body)
    return list(found.values())


# --- Forms ----------------------------------------------------------------------------------------


class _Small(forms.Form):
    key: str
    title: str

    def __init__(self, data=None):
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")


class _Named(_Small):
    name = forms.CharField(label="Who", max_length=LONGEST_NAME, help_text="As they are addressed.")
    on_behalf_of = forms.CharField(
        label="On behalf of (you may leave this empty)", max_length=LONGEST_NAME, required=False
    )


class AskForm(_Named):
    key = "ask"
    title = "Ask somebody to agree"
    email = forms.EmailField(
        label="E-mail (you may leave this empty)",
        required=False,
        help_text="They are mailed a link and nothing else. You get one to copy as well.",
    )
    days = forms.IntegerField(
        label="The link works for how many days?", min_value=1, max_value=LONGEST_DAYS, initial=7
    )


class PhoneForm(_Named):
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
    text = words_field("Note", "What they wanted changed, or how you know that it was they.")

    def clean_given_at(self) -> dt.datetime | None:
        typed = self.cleaned_data["given_at"]
        return instant(typed, which="second") if typed else None  # the later one: both have passed


class RemarkForm(_Small):
    key = "remark"
    title = "Add a remark"
    text = words_field("Your remark", "Everybody on the newsdesk reads it. It stays for good.")
