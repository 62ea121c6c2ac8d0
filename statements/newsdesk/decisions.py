"""The decisions of the review page: each a small form with one button, which calls one verb.

Nothing is required by the forms: the verbs say what is missing, in sentences with a cure. What a
decision's `obstacles` lists would be refused, so its button is not shown.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from statements import workflow
from statements.models import Edition, State, Withdrawal
from statements.newsdesk.spoken_time import instant, quick_choices, said
from statements.readiness import Problem
from statements.roles import MANAGERS, holds
from statements.rules import obstacles


@dataclass(frozen=True)
class Seen:
    """What was on the screen that a decision comes from."""

    digest: str
    version: int


class Decision(forms.Form):
    """One button. `folded` ones open first, and say what will follow."""

    key: str
    verb: str
    button: str
    title = ""
    help = ""
    consequences: tuple[str, ...] = ()
    folded = False
    tone = ""
    onward: Edition | None = None  # what `act` returned

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")
        self.edition, self.by, self.at = edition, by, at

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return obstacles(cls.verb, edition, by=by, at=at)

    def act(self, seen: Seen) -> Edition | None:
        """Call the verb; returns the edition to look at next if it is another one."""
        raise NotImplementedError

    def done(self, edition: Edition) -> str:
        """What happened, told from the edition as it is now."""
        raise NotImplementedError

    def refuse(self, problems: list[Problem]) -> None:
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, str(problem))

    def typed(self) -> list[str]:
        """What the person wrote, passwords apart: shown again when the form itself is gone."""
        return [
            self.data[name]
            for name, field in self.fields.items()
            if isinstance(field.widget, forms.Textarea) and self.data.get(name, "").strip()
        ]

    @property
    def is_open(self) -> bool:
        return self.is_bound or not self.folded

    @property
    def times(self) -> list[tuple[str, str]]:
        return []


# --- Parts ----------------------------------------------------------------------------------------


def _words(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea({"rows": rows}),
    )


def _password() -> forms.CharField:
    return forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class LocalTimeInput(forms.TextInput):
    input_type = "datetime-local"


class ReleasesLater(Decision):
    """A decision that names a release time: typed in the house's zone, or one of those offered."""

    offer = "Or release at"
    release_at = forms.CharField(
        label="Release time", required=False, widget=LocalTimeInput, max_length=40
    )
    which = forms.ChoiceField(
        label="This time comes twice. Which one?",
        choices=[("first", "The first time"), ("second", "The second time")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        zone = timezone.get_default_timezone_name()
        now = timezone.localtime(at)
        self.fields[
            "release_at"
        ].help_text = f"In the time of {zone}, where it is {now:%H:%M %Z} now."
        self.agreed = _agreed_time(edition, at)
        if self.agreed:
            self.initial["release_at"] = f"{timezone.localtime(self.agreed):%Y-%m-%dT%H:%M}"
        if not self.data.get("which"):
            self.which_field = self.fields.pop("which")

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "release_at" in self.errors:
            return cleaned
        try:
            cleaned["instant"] = self._instant(cleaned.get("release_at", ""))
        except ValidationError as error:
            self.add_error("release_at", error)
            if error.code == "twice":
                self.fields["which"] = self.which_field
        return cleaned

    def _instant(self, typed: str) -> dt.datetime:
        if offered := self.data.get("offered"):
            return _offered(offered)
        if not typed:
            raise ValidationError("Choose a release time.")
        return instant(typed, which=self.cleaned_data.get("which", ""))

    @property
    def times(self) -> list[tuple[str, str]]:
        """Value and label of the times offered as buttons, the agreed one first."""
        offered = [self.agreed] if self.agreed and self.agreed != self.edition.release_at else []
        offered += [time for time in quick_choices(self.at) if time not in offered]
        return [(time.astimezone(dt.UTC).isoformat(), said(time)) for time in offered]


def _offered(value: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or timezone.is_naive(time):
        raise ValidationError("That time was not offered. Choose a release time.")
    return time


def _agreed_time(edition: Edition, at: dt.datetime) -> dt.datetime | None:
    """The time this edition has, else the one that an earlier edition still waits for."""
    if edition.release_at:
        return edition.release_at
    scheduled = edition.statement.editions.approved().filter(release_at__gt=at)
    return scheduled.order_by("release_at").values_list("release_at", flat=True).first()


def _goes_out(edition: Edition) -> str:
    if edition.state == State.CANCELLED:
        return f"Edition {edition.sequence} was cancelled: a newer edition takes its place."
    if edition.release_at is None:
        return f"Edition {edition.sequence} is held: nothing is public until somebody releases it."
    return f"Edition {edition.sequence} goes out on {said(edition.release_at)}."


# --- In review ------------------------------------------------------------------------------------


class _Approval(Decision):
    verb = "approve"
    tone = "go"

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return super().obstacles(edition, by=by, at=at) or workflow.time_problems(edition, at, at)

    def _approve(self, seen: Seen, release_at: dt.datetime | None) -> None:
        workflow.approve(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_at=release_at,
        )


class ApproveFor(ReleasesLater, _Approval):
    key = "approve-for"
    title = "Approve for a time"
    offer = "Or approve for"
    button = "Approve for this time"

    def act(self, seen: Seen) -> None:
        self._approve(seen, self.cleaned_data["instant"])

    def done(self, edition: Edition) -> str:
        return f"Approved. {_goes_out(edition)}"


class ApproveNow(_Approval):
    key = "approve-now"
    title = "Approve and release now"
    button = "Approve and release now"
    help = "The public reads it at once."

    def act(self, seen: Seen) -> None:
        self._approve(seen, self.at)

    def done(self, edition: Edition) -> str:
        return f"Approved and released: edition {edition.sequence} is public now."


class ApproveAndHold(_Approval):
    key = "approve-and-hold"
    title = "Approve and hold"
    button = "Approve and hold"
    help = "The words are agreed. Nothing is public until somebody names a time."
    tone = ""

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return obstacles("approve", edition, by=by, at=at)

    def act(self, seen: Seen) -> None:
        self._approve(seen, None)

    def done(self, edition: Edition) -> str:
        return f"Approved. {_goes_out(edition)}"


class SendBack(Decision):
    key = "send-back"
    verb = "send_back"
    title = "Send back"
    button = "Send back with this note"
    note = _words("What should change?", "Its writers read this on their front page.")

    def act(self, seen: Seen) -> None:
        workflow.send_back(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def done(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} was sent back with your note."


class Countersign(Decision):
    key = "countersign"
    verb = "countersign"
    title = "Countersign"
    button = "Countersign"
    help = (
        "Agree to exactly these words as a second person, so that one of their writers may approve."
    )

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        if edition.countersigned_by:
            self.help = (
                f"{edition.countersigned_by} has countersigned already. "
                "Your name would replace theirs."
            )

    def act(self, seen: Seen) -> None:
        workflow.countersign(self.edition, by=self.by, at=self.at, seen_digest=seen.digest)

    def done(self, edition: Edition) -> str:
        return f"You countersigned edition {edition.sequence}."


class ReleaseUrgently(Decision):
    key = "release-urgently"
    verb = "release_urgently"
    title = "Urgent release, without a second person"
    button = "Release urgently"
    folded = True
    tone = "grave"
    consequences = (
        "The words are public at once, though nobody but their writers has agreed to them.",
        "Everybody on the newsdesk is told by mail.",
        "It stays on the front page until a second person has looked at what went out.",
        "Your name and your reason stay on the record for ever.",
    )
    reason = _words("Why can it not wait?")
    password = _password()

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        """Where the ordinary way is open, no debt is made."""
        if found := super().obstacles(edition, by=by, at=at):
            return found
        if not obstacles("approve", edition, by=by, at=at) or edition.state == State.APPROVED:
            return [Problem("", "There is no need: two people stand behind these words.")]
        return workflow.time_problems(edition, at, at)

    def act(self, seen: Seen) -> None:
        workflow.release_urgently(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            reason=self.cleaned_data["reason"],
            password=self.cleaned_data["password"],
        )

    def done(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} is public now. Ask somebody to take the second look."


# --- Approved -------------------------------------------------------------------------------------


class ReleaseNow(Decision):
    key = "release-now"
    verb = "release_now"
    title = "Release now"
    button = "Release now"
    help = "The public reads it at once."
    tone = "go"

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return super().obstacles(edition, by=by, at=at) or workflow.time_problems(edition, at, at)

    def act(self, seen: Seen) -> None:
        workflow.release_now(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
        )

    def done(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} is public now."


class Retime(ReleasesLater):
    key = "retime"
    verb = "retime"
    title = "Set the release time"
    button = "Release at this time"

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return super().obstacles(edition, by=by, at=at) or workflow.time_problems(edition, at, at)

    def act(self, seen: Seen) -> None:
        workflow.retime(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_at=self.cleaned_data["instant"],
        )

    def done(self, edition: Edition) -> str:
        return _goes_out(edition)


class Hold(Decision):
    key = "hold"
    verb = "hold"
    title = "Hold"
    button = "Hold"
    help = "It does not go out. It stays approved until somebody names a new time."
    tone = "stop"
    note = _words("Why? (you may leave this empty)", rows=2)

    def act(self, seen: Seen) -> None:
        workflow.hold(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def done(self, edition: Edition) -> str:
        return _goes_out(edition)


class Cancel(Decision):
    key = "cancel"
    verb = "cancel"
    title = "Cancel this edition"
    button = "Cancel this edition"
    folded = True
    tone = "stop"
    consequences = (
        "This edition never becomes public.",
        "The working copy stays as it is, and can be submitted again.",
    )
    note = _words("Why? (you may leave this empty)", rows=2)

    def act(self, seen: Seen) -> None:
        workflow.cancel(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def done(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} was cancelled."


class SecondLook(Decision):
    key = "second-look"
    verb = "second_look"
    title = "Second look"
    button = "I have read these words"
    help = "One person released them alone. If they are wrong, withdraw them or start a correction."
    tone = "go"
    note = _words("Remark (you may leave this empty)", rows=2)

    def act(self, seen: Seen) -> None:
        workflow.second_look(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def done(self, edition: Edition) -> str:
        return f"You took the second look at edition {edition.sequence}."


# --- Taking back ----------------------------------------------------------------------------------


class Withdraw(Decision):
    key = "withdraw"
    verb = "withdraw"
    title = "Withdraw"
    button = "Withdraw"
    folded = True
    tone = "grave"
    consequences = (
        "It leaves every list, feed, search and sitemap within seconds.",
        "With a notice, its own page keeps the words, under your notice.",
        "Gone, the words are taken away: its address answers with your notice, or sends readers "
        "on.",
        "An edition that is scheduled to follow is held.",
        "Copies that others have made stay where they are.",
    )
    kind = forms.ChoiceField(
        label="How?", choices=Withdrawal.Kind.choices, required=False, widget=forms.RadioSelect
    )
    notice = _words("What should readers know?", "The public reads this.")
    target = forms.CharField(
        label="Send readers to",
        help_text="Only for what is gone, and only if you like: /statements/… or https://…",
        required=False,
        max_length=300,
    )

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        if edition.withdrawals.exists():  # under a notice: it can only go further
            kind: Any = self.fields["kind"]
            kind.choices = [(Withdrawal.Kind.GONE, Withdrawal.Kind.GONE.label)]

    def act(self, seen: Seen) -> None:
        workflow.withdraw(self.edition, by=self.by, at=self.at, **self.cleaned_data)

    def done(self, edition: Edition) -> str:
        if edition.withdrawals.filter(kind=Withdrawal.Kind.GONE).exists():
            return f"Edition {edition.sequence} was withdrawn: its words are gone."
        return f"Edition {edition.sequence} was withdrawn: its words stand under your notice."


class Restore(Decision):
    key = "restore"
    verb = "restore"
    title = "Restore"
    button = "Put these words in review again"
    folded = True
    consequences = (
        "The same words become a new edition, in review.",
        "Nothing is public until it is approved again.",
        "An edition that is in review now is cancelled.",
    )

    def act(self, seen: Seen) -> Edition:
        return workflow.restore(self.edition, by=self.by, at=self.at)

    def done(self, edition: Edition) -> str:
        return f"These words are in review again, as edition {edition.sequence}."


class Suppress(Decision):
    key = "suppress"
    verb = "suppress"
    title = "Remove this earlier wording"
    button = "Remove it for good"
    folded = True
    tone = "grave"
    consequences = (
        "The public reads “Earlier wording removed” in its place, for good: there is no way back.",
        "The newsdesk can still read it, and the record keeps it.",
    )
    reason = _words("Why?", "This stays on the record.")

    def act(self, seen: Seen) -> None:
        workflow.suppress(self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"])

    def done(self, edition: Edition) -> str:
        return f"The public no longer reads edition {edition.sequence}."


class AskErasure(Decision):
    key = "ask-erasure"
    verb = "ask_erasure"
    title = "Ask for an erasure"
    button = "Ask for the erasure"
    folded = True
    tone = "grave"
    consequences = (
        "For a court order or a request under data protection law, and for nothing else.",
        "Another manager decides. Until then nothing changes.",
        "Then the words are gone from this system for ever; that they stood here stays on the "
        "record.",
    )
    reason = _words("Which order or request?", "This stays on the record: do not repeat the words.")

    def act(self, seen: Seen) -> None:
        workflow.ask_erasure(
            self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"]
        )

    def done(self, edition: Edition) -> str:
        return "You asked for the erasure. Another manager decides."


class Erase(Decision):
    key = "erase"
    verb = "erase"
    title = "Erase these words"
    button = "Erase these words for ever"
    folded = True
    tone = "grave"
    consequences = (
        "The words of this edition, and of every edition of this statement with the same words, "
        "are erased for ever. Nobody can bring them back.",
        "The working copy is emptied if it still holds them.",
        "That they stood here, and who erased them, stays on the record.",
    )
    password = _password()

    def act(self, seen: Seen) -> None:
        workflow.erase(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            password=self.cleaned_data["password"],
        )

    def done(self, edition: Edition) -> str:
        return f"The words of edition {edition.sequence} were erased."


# --- All of them ----------------------------------------------------------------------------------

DECISIONS: dict[str, type[Decision]] = {
    decision.key: decision
    for decision in (
        *(SecondLook, ApproveFor, ApproveNow, ApproveAndHold, ReleaseNow, Retime, Hold),
        *(SendBack, Countersign, Cancel, ReleaseUrgently),
        *(Withdraw, Restore, Suppress, AskErasure, Erase),
    )
}


def open_decisions(
    edition: Edition, *, by, at: dt.datetime, bound: Decision | None = None
) -> list[Decision]:
    """The decisions that this person can take now; `bound` stands in for the one just refused."""
    return [
        bound if bound and bound.key == key else decision(edition=edition, by=by, at=at)
        for key, decision in DECISIONS.items()
        if not decision.obstacles(edition, by=by, at=at)
    ]


def why_not(edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
    """What stands in the way of the decision that this edition waits for, with the way on."""
    waits_for: list[type[Decision]] = []
    if edition.state == State.IN_REVIEW:
        waits_for.append(ApproveNow)
    if edition.state == State.APPROVED and not (edition.release_at and edition.release_at <= at):
        waits_for.append(ReleaseNow)
    if edition.rule == "urgent" and not edition.second_look_by_id:
        waits_for.append(SecondLook)
    if edition.erasure_asked_by_id and not edition.erased_at and holds(by, MANAGERS):
        waits_for.append(Erase)
    return [
        problem for decision in waits_for for problem in decision.obstacles(edition, by=by, at=at)
    ]
