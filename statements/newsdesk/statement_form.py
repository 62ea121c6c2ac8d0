"""The form in which a statement is written. Every refusal is in `clean`: later it would cost words.

On POST the admin has locked the row, so what `clean` compares is what will be saved over.
"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from statements import readiness
from statements.content.quotation_marks import quote_headline
from statements.models import (
    Amendment,
    Event,
    Passage,
    RelatedStatement,
    Statement,
    StatementSlug,
    Theme,
)
from statements.newsdesk import autosave, merge_texts
from statements.newsdesk.conflict import (
    Conflict,
    build_conflict,
    content_digest,
    last_event_number,
    list_events_since,
    metadata_digest,
    was_submitted,
)
from statements.newsdesk.ordered_formset import OrderedForm, OrderedFormSet
from statements.newsdesk.rich_text import RichTextField
from statements.newsdesk.time_fields import LocalTimeField
from statements.parsing.outer_quotation_marks import strip_outer_quotation_marks

METADATA_FIELDS = ("themes", "contact", "translation_of")


class StatementForm(forms.ModelForm):
    """The words and what lies beside them. The admin sets who writes and what they may change."""

    by = None
    can_edit_metadata = True
    was_public = False

    themes = forms.ModelMultipleChoiceField(Theme.objects.all(), required=False)
    notes_to_editors = RichTextField(label="Notes to editors")
    amendment = forms.ChoiceField(
        choices=[("", "Choose…"), *Amendment.choices],
        required=False,
        label="Kind of change",
        help_text="All but a typing error carry a public note.",
    )
    requested_release_at = LocalTimeField(
        label="Wanted release",
        help_text="When it should go out, if you know: the editors see it, and decide.",
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_beside = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_words = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_parts = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_event = forms.IntegerField(widget=forms.HiddenInput, required=False)
    autosave_key = forms.CharField(
        widget=forms.HiddenInput({"autocomplete": "off"}), required=False, initial=autosave.make_key
    )

    class Meta:
        model = Statement
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: Conflict | None = None
        self.events_since_opened: list[Event] = []
        self.metadata_digest = metadata_digest(self.instance, with_metadata=self.can_edit_metadata)
        self.initial["seen_version"] = self.instance.version
        self.initial["seen_beside"] = self.metadata_digest
        self.initial["seen_words"] = content_digest(self.instance)
        self.initial["seen_event"] = last_event_number(self.instance)
        columns = {field.name for field in Statement._meta.concrete_fields} & set(self.fields)
        self.initial["seen_parts"] = merge_texts.digest_parts(self.instance, sorted(columns))
        if self.instance.pk:
            self.initial["themes"] = list(self.instance.themed.values_list("tag", flat=True))
        if not self.can_edit_metadata:
            self.fields.pop("themes", None)
        if "headline" in self.fields:
            self.fields["headline"].required = False  # missing only when it is submitted
        if "organisation" in self.fields:
            publishers = Q(publishes=True) | Q(pk=self.instance.organisation_id)
            field: Any = self.fields["organisation"]
            field.limit_choices_to = {}
            field.queryset = field.queryset.model.objects.filter(publishers)

    @property
    def token(self) -> str:
        return f"{self.instance.version}-{self.metadata_digest}"

    @property
    def restored_from(self) -> str:
        """When the text was typed that this form takes back, in words; "" if it does not."""
        return self.data.get("_restore", "")

    @property
    def is_submitting(self) -> bool:
        return "_submit" in self.data

    def clean(self) -> dict:
        super().clean()
        if self.restored_from:
            self.add_error(None, ValidationError("Read it, then save it.", code="restored"))
        self._refuse_saved_form()
        self._refuse_stale_form()
        self._refuse_taken_slug()
        if self.cleaned_data.get("translation_of") == self.instance and self.instance.pk:
            self.add_error("translation_of", "A statement is no translation of itself.")
        if self.is_submitting and self.was_public:
            self._refuse_unmarked_change()
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        """The publisher was chosen from those offered; the model’s own limit, to who publishes
        today, would refuse a draft of a body that has stopped."""
        return super()._get_validation_exclusions() | {"organisation"}  # type: ignore[misc]

    def _refuse_saved_form(self) -> None:
        """A browser's way back shows a form as it was sent. It gets a key of its own: to be sent
        once more, it is meant to be another statement."""
        key = self.cleaned_data.get("autosave_key", "")
        if self.instance.pk or not key or not autosave.is_closed(key, by=self.by):
            return
        data: Any = self.data
        self.data = data.copy()
        self.data["autosave_key"] = autosave.make_key()  # type: ignore[index]
        told = (
            "This was saved before: you find it among the statements. Saved once more, it becomes "
            "another one."
        )
        self.add_error(None, ValidationError(told, code="saved"))

    def _refuse_stale_form(self) -> None:
        if not self.instance.pk:
            return
        seen = self.cleaned_data.get("seen_version") or 0
        if (
            f"{seen}-{self.cleaned_data.get('seen_beside')}" == self.token
            or self._has_only_decisions()
        ):
            return
        self.conflict = build_conflict(
            self.instance, seen_version=seen, by=self.by, token=self.token
        )
        told = "Nothing was saved: somebody was quicker. Choose above, then save."
        self.add_error(None, ValidationError(told, code="stale"))

    def _has_only_decisions(self) -> bool:
        """Whether nobody wrote meanwhile: what is saved is what this form was opened with."""
        if self.cleaned_data.get("seen_words") != self.initial["seen_words"]:
            return False
        events = list_events_since(self.instance, self.cleaned_data.get("seen_event") or 0)
        seen = self.cleaned_data.get("seen_beside")
        if seen != self.metadata_digest and not (
            was_submitted(events) and seen == self._digest_own_metadata()
        ):
            return False
        if was_submitted(events) and not self.cleaned_data.get("slug"):
            self.cleaned_data["slug"] = self.initial.get("slug", "")
        self.events_since_opened = events
        return True

    def _digest_own_metadata(self) -> str:
        """What lies beside the words, as it would be had submitting taken nothing away."""
        mine = {
            name: self.cleaned_data.get(name, "")
            for name in ("slug", "amendment", "public_note")
            if name in self.fields
        }
        return metadata_digest(self.instance, with_metadata=self.can_edit_metadata, **mine)

    def _refuse_taken_slug(self) -> None:
        slug = self.cleaned_data.get("slug")
        if not slug:
            return
        holder = StatementSlug.objects.filter(slug=slug).exclude(statement=self.instance.pk).first()
        draft = Statement.objects.filter(slug=slug).exclude(pk=self.instance.pk).first()
        if other := (holder.statement if holder else draft):
            self.add_error(
                "slug",
                f"The address “{slug}” belongs to {quote_headline(other)}. Choose another, or leave it "
                "empty.",
            )

    def _refuse_unmarked_change(self) -> None:
        amendment = self.cleaned_data.get("amendment")
        if not amendment:
            self.add_error(
                "amendment",
                "This statement has been public: say what kind of change this is.",
            )
        elif amendment != Amendment.TYPO and not self.cleaned_data.get("public_note", "").strip():
            self.add_error(
                "public_note",
                f"A {Amendment(amendment).label.lower()} carries a public note: "
                "say what was wrong and what is right.",
            )


class PassageForm(OrderedForm):
    """Words of one voice. Marks round quoted words are taken off: the page puts them there."""

    body = RichTextField(label="Words")

    class Meta:
        model = Passage
        fields: list[str] = []

    marks_taken = False

    def clean(self) -> dict:
        super().clean()
        self._settle_role()
        body = self.cleaned_data.get("body")
        if body and self.cleaned_data.get("speaker"):
            bare = "\n".join(strip_outer_quotation_marks(body.split("\n")))
            self.marks_taken = bare != body
            self.cleaned_data["body"] = bare
        return self.cleaned_data

    def _settle_role(self) -> None:
        """A role brings its speaker; another speaker drops the role of the one before."""
        role, speaker = self.cleaned_data.get("appointment"), self.cleaned_data.get("speaker")
        if role is None or role.speaker == speaker:
            return
        if "appointment" not in self.changed_data:
            self.cleaned_data["appointment"] = None
        elif speaker is None:
            self.cleaned_data["speaker"] = role.speaker
        else:
            self.add_error(
                "appointment",
                f"{role.speaker} holds the role “{role.role}”, and the words are {speaker}’s. "
                "Choose a role of the speaker, or leave it empty.",
            )


class RelatedForm(OrderedForm):
    class Meta:
        model = RelatedStatement
        fields: list[str] = []

    def clean(self) -> dict:
        super().clean()
        to = self.cleaned_data.get("to")
        if to is not None and to.pk == self.instance.statement_id:
            self.add_error("to", "A statement does not stand beneath itself: choose another.")
        return self.cleaned_data


class RelatedFormSet(OrderedFormSet):
    def clean(self) -> None:
        """Names the one that stands there twice; Django’s own sentence speaks of constraints."""
        seen = set()
        for form in self.forms:
            to = form.cleaned_data.get("to") if hasattr(form, "cleaned_data") else None
            if to is None or self._should_delete_form(form):  # type: ignore[attr-defined]
                continue
            if to.pk in seen:
                form.add_error("to", f"{quote_headline(to)} is in this list already.")
            seen.add(to.pk)

    def validate_unique(self) -> None:
        """Said by `clean`."""


def with_anchors(problems: Sequence[readiness.Problem]) -> list[tuple[readiness.Problem, str]]:
    """Each problem with the anchor of its place on the form, "" if it has none."""
    return [(problem, _find_anchor(problem.field)) for problem in problems]


def _find_anchor(field: str) -> str:
    if not re.fullmatch(r"[a-z_0-9-]+", field):
        return ""
    return "passages-group" if field == "passages" else f"id_{field}"
