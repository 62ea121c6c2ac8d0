"""Fields of the statement form for people, roles and themes that nobody has entered yet.

They are fields like any other, so that autosave, restore and a conflict keep what is typed,
and an abandoned form leaves nothing behind. Saving turns them into proposals of the draft.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Script

from organisations.models import Appointment, Organisation, Speaker
from organisations.name_keys import make_given_key, split_name
from statements import clock
from statements.content.slugs import slug_base
from statements.drafting.matching import ANY, find_organisation, search_role
from statements.drafting.proposals import Proposer
from statements.models import Passage, Statement, is_usable_in
from statements.roles import MANAGERS, is_in_group

MAX_NAME_CHARS = 200
MAX_NEW_THEMES = 10
MAX_NAMESAKES = 20
MAX_THEME_CHARS = 100

if TYPE_CHECKING:
    from statements.newsdesk.ordered_formset import OrderedFormSet

    _Form = forms.ModelForm[Any]
    _FormSet = OrderedFormSet
else:
    _Form = forms.ModelForm
    _FormSet = object


class NewSpeakerMixin(_Form):
    """Three more fields of a passage: somebody new, their role, and where they hold it.

    Without a name, the role is a new one of the speaker who is chosen. `clean` sets speaker and
    role to rows that are not saved; saving the passage proposes them.
    """

    by: User | None = None
    at: dt.datetime | None = None

    class Media:
        css = {"all": ["newsdesk/voice.css"]}
        js = [Script("newsdesk/voice.js", type="module")]

    find_roles: Callable[[], dict[int, list[Appointment]]] = dict  # set by the formset
    new_speaker = forms.CharField(
        label=gettext_lazy("Name"), required=False, max_length=MAX_NAME_CHARS
    )
    new_role = forms.CharField(
        label=gettext_lazy("Role"), required=False, max_length=MAX_NAME_CHARS
    )
    new_organisation = forms.CharField(
        label=gettext_lazy("Organisation"), required=False, max_length=MAX_NAME_CHARS
    )

    def __init__(
        self, *args: Any, by: User | None = None, at: dt.datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def clean(self) -> dict[str, Any]:
        super().clean()
        name, role, organisation = (
            " ".join(self.cleaned_data.get(field, "").split())
            for field in ("new_speaker", "new_role", "new_organisation")
        )
        if role and not organisation:
            self.add_error("new_organisation", _("Add the organisation, or leave the role out."))
        elif organisation and not role:
            self.add_error("new_role", _("Add the role, or leave the organisation out."))
        elif role and not name and not self.cleaned_data.get("speaker"):
            self.add_error("new_speaker", _("Add the name, or choose the speaker."))
        elif name or role:
            self._set_voice(name, role, organisation)
        return self.cleaned_data

    def _set_voice(self, name: str, role: str, organisation: str) -> None:
        speaker = self.cleaned_data.get("speaker")  # missing where it is refused
        if name:
            speaker = Speaker(name=name, slug=slug_base(name, default="speaker"))
        self.cleaned_data["speaker"] = speaker
        self.cleaned_data["appointment"] = None
        if role:
            place = find_organisation(organisation, "") or Organisation(
                name=organisation, slug=slug_base(organisation, default="organisation")
            )
            self.cleaned_data["appointment"] = Appointment(
                speaker=speaker, organisation=place, role=role
            )

    @property
    def new_name_fields(self) -> list[forms.BoundField]:
        return [self["new_speaker"], self["new_role"], self["new_organisation"]]

    @property
    def voice(self) -> dict[str, Any]:
        """Return what the chip shows: who speaks, in which role on the day of the words."""
        passage: Passage = self.instance
        role = passage.appointment
        if role is None and passage.speaker_id:
            day = passage.statement.dated_on or timezone.localdate(self.at or clock.now())
            roles = self.find_roles().get(passage.speaker_id, [])
            in_force = [row for row in roles if row.is_in_force_on(day)]
            role = in_force[0] if len(in_force) == 1 else None
        name = passage.speaker.name if passage.speaker else ""
        fields = self.new_name_fields
        return {
            "name": name or _("Who says this?"),
            "initials": make_initials(name) or "?",
            "role": _describe_role(name, role),
            "is_new": any(field.value() or field.errors for field in fields),
            "has_errors": any(
                field.errors for field in (*fields, self["speaker"], self["appointment"])
            ),
        }

    def save(self, commit: bool = True) -> Passage:
        """Save the passage; first propose the speaker and the role that are not there yet."""
        passage: Passage = self.instance
        if commit and self.by is not None and self.at is not None:
            self._propose(passage, Proposer(passage.statement, by=self.by, at=self.at))
        saved: Passage = super().save(commit)
        return saved

    def _propose(self, passage: Passage, proposer: Proposer) -> None:
        role = passage.appointment
        if passage.speaker is not None and passage.speaker._state.adding:  # noqa: SLF001  (Django's public API)
            words = [role.organisation.name, role.role] if role else []
            found = self._find_same(passage.speaker, role)
            passage.speaker = (
                proposer.share("speaker", found)
                if found
                else proposer.propose_speaker(passage.speaker.name, words=words)
            )
        if passage.speaker is not None and role is not None and role._state.adding:  # noqa: SLF001  (as above)
            passage.appointment = proposer.propose_appointment(
                passage.speaker,
                role.role,
                proposer.propose_organisation(role.organisation.name),
                from_on=passage.statement.dated_on or timezone.localdate(proposer.at),
            )

    def _find_same(self, speaker: Speaker, role: Appointment | None) -> Speaker | None:
        """Return somebody of this name in this role, or of this name in this very draft."""
        namesakes = Speaker.objects.filter(given_key=make_given_key(speaker.name))
        own = namesakes.filter(proposals__statement=self.instance.statement).first()
        if own is not None or role is None or role.organisation._state.adding:  # noqa: SLF001  (as above)
            return own
        for namesake in namesakes.order_by("pk")[:MAX_NAMESAKES]:
            if search_role(namesake, role.role, role.organisation, day=dt.date.max, usable=ANY)[0]:
                return namesake
        return None


def make_initials(name: str) -> str:
    """Return the first letters of a person's first and last name, without titles."""
    words = split_name(name)
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def _describe_role(name: str, role: Appointment | None) -> str:
    if role is not None:
        return f"{role.role}, {role.organisation}"
    return "" if name else _("Choose a speaker")


class NewThemesField(forms.CharField):
    """Themes that are not in the list, separated by commas."""

    def clean(self, value: Any) -> Any:
        names = [" ".join(name.split()) for name in re.split("[,;\n]", super().clean(value))]
        names = list(dict.fromkeys(filter(None, names)))
        if len(names) > MAX_NEW_THEMES:
            raise forms.ValidationError(
                _("Add %(number)d themes at most.") % {"number": MAX_NEW_THEMES}
            )
        for name in names:
            if len(name) > MAX_THEME_CHARS:
                raise forms.ValidationError(
                    _("A theme has %(number)d characters at most.") % {"number": MAX_THEME_CHARS}
                )
        return names


class UsableNamesMixin(_FormSet):
    """Let a passage name what is confirmed and what its own draft proposes, and nothing else."""

    @cached_property
    def roles_of(self) -> dict[int, list[Appointment]]:
        """Return the roles of the speakers who are chosen, for their chips. One query."""
        speakers = {form.instance.speaker_id for form in self.initial_forms} - {None}
        roles: dict[int, list[Appointment]] = {pk: [] for pk in speakers}
        rows = Appointment.objects.filter(is_usable_in(self.instance.pk), speaker__in=speakers)
        for role in rows.select_related("organisation") if speakers else ():
            roles[role.speaker_id].append(role)
        return roles

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.find_roles = lambda: self.roles_of
        for name in ("speaker", "appointment"):
            if name in form.fields:
                field = form.fields[name]
                # By a subquery: joined, a name that two drafts propose would be there twice.
                usable = field.queryset.model.objects.filter(is_usable_in(self.instance.pk))
                chosen = Q(pk=getattr(form.instance, f"{name}_id"))
                field.queryset = field.queryset.filter(Q(pk__in=usable.values("pk")) | chosen)


def refuse_new_themes(statement: Statement, *, by: User | None) -> str:
    """Return why this person cannot add new themes here now; "" if they can."""
    has_time = statement.first_release_at is not None
    if not has_time or (by is not None and is_in_group(by, MANAGERS)):
        return ""
    return _(
        "This statement has a release time, so a new theme would be public with it. Ask a manager "
        "to add the theme, then choose it."
    )


def add_new_themes(statement: Statement, names: list[str], *, by: User, at: dt.datetime) -> None:
    """Give the statement these themes: proposed, or confirmed once it has a release time."""
    proposer = Proposer(statement, by=by, at=at)
    for name in names:
        theme = proposer.propose_theme(name)
        if statement.first_release_at is not None:
            theme.proposals.all().delete()
        statement.themes.add(theme)
