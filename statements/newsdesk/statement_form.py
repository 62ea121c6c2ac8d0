"""The form in which a statement is written.

`clean` refuses everything that can be refused: after it, a refusal would lose what was typed. On
POST the admin has locked the row, so `clean` compares with what will be saved over.
"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import readiness
from statements.content.quotation_marks import quote_headline
from statements.content.schema import canonical
from statements.drafting.translation import find_taken_language
from statements.models import (
    Amendment,
    Event,
    RelatedStatement,
    Statement,
    StatementSlug,
    Theme,
)
from statements.newsdesk import autosave, block_actions, field_words, merge_texts
from statements.newsdesk.conflict import (
    Conflict,
    build_conflict,
    last_event_number,
    list_events_since,
    metadata_digest,
    was_submitted,
)
from statements.newsdesk.joint_publishers import JointPublishersField, offer_joint_publishers
from statements.newsdesk.new_names import NewThemesField, refuse_new_themes
from statements.newsdesk.ordered_formset import (
    OrderedForm,
    OrderedFormSet,
    is_marked_for_deletion,
)
from statements.newsdesk.rich_text import (
    LongTextField,
    RichTextField,
)
from statements.newsdesk.row_choices import RowsField
from statements.newsdesk.time_fields import LocalTimeField
from statements.newsdesk.usual_contact import ContactSelect, find_contact_to_set
from statements.workflow.slugs import slug_taken_problem

MAX_LEFTOVER_CHARS = 1_500_000  # a document has up to 1 MB, and messages are added
HEAD_LABELS = {"headline": gettext_lazy("Headline"), "summary": gettext_lazy("Summary")}
METADATA_FIELDS = ("themes", "contact", "translation_of")


class KindRadios(forms.RadioSelect):
    """The kinds of amendment, each with what readers will see of it for a script to show."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        shown = Amendment(option["value"]).public_label
        option["attrs"]["data-shown"] = f"{shown} {_('on release')}"
        return option


class StatementForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no type at run time
    """Content and metadata of a statement. The admin sets the attributes of the class."""

    by: User | None = None
    can_edit_metadata = True
    was_public = False
    submitted_data: QueryDict | None = None  # takes the place of the POST data that are passed in

    themes: forms.Field = RowsField(Theme.objects.all(), required=False)
    joint_publishers: forms.Field = JointPublishersField()
    new_themes = NewThemesField(
        label=gettext_lazy("New themes"),
        help_text=gettext_lazy("Themes that are not in the list, with commas between them."),
        required=False,
    )
    notes_to_editors = RichTextField(label=gettext_lazy("Notes to editors"))
    leftover_text = LongTextField(
        label=field_words.LABELS["leftover_text"],
        required=False,
        max_length=MAX_LEFTOVER_CHARS,
        widget=AdminTextareaWidget,
        help_text=field_words.HINTS["leftover_text"],
    )
    amendment = forms.ChoiceField(
        choices=Amendment.choices,
        required=False,
        label=gettext_lazy("Kind of change"),
        widget=KindRadios,
    )
    requested_release_at = LocalTimeField(
        label=gettext_lazy("Requested release"), help_text=field_words.REQUESTED_RELEASE
    )
    embargo_until = LocalTimeField(
        label=gettext_lazy("Embargo until"), help_text=field_words.EMBARGO_UNTIL
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_metadata = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_content = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_parts = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_event = forms.IntegerField(widget=forms.HiddenInput, required=False)
    autosave_key = forms.CharField(
        widget=forms.HiddenInput, required=False, initial=autosave.make_key
    )

    class Meta:
        model = Statement
        fields: list[str] = []
        labels = field_words.LABELS
        widgets = {"contact": ContactSelect}
        help_texts = field_words.HINTS

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and self.submitted_data is not None:
            data = self.submitted_data
        super().__init__(data, *args, **kwargs)
        self.conflict: Conflict | None = None
        self.set_contact: Any = None  # the usual press contact, if it was set here
        self.events_since_opened: list[Event] = []
        self.metadata_digest = metadata_digest(self.instance, with_metadata=self.can_edit_metadata)
        # Before validation, which sets the new values on the instance.
        self.saved_content = canonical(self.instance.content()) if self.instance.pk else ""
        self._set_initial()
        offer_joint_publishers(self)
        if not self.can_edit_metadata:
            self.fields.pop("themes", None)
            self.fields.pop("new_themes", None)
        if "headline" in self.fields:
            self.fields["headline"].required = False  # missing only when it is submitted
        self._set_widgets()
        if "organisation" in self.fields:
            publishers = Q(publishes=True) | Q(pk=self.instance.organisation_id)
            field: Any = self.fields["organisation"]
            field.limit_choices_to = {}
            field.queryset = field.queryset.model.objects.filter(publishers)

    def _set_widgets(self) -> None:
        """Let headline and summary look as they will be read, and grow with what is typed."""
        for name, style in (("headline", "typed h"), ("summary", "typed sum")):
            if name in self.fields:
                field = self.fields[name]
                field.widget = forms.Textarea({"class": style, "rows": 1})
                field.widget.attrs["placeholder"] = field.label = HEAD_LABELS[name]
        if not self.instance.pk and "headline" in self.fields:
            self.fields["headline"].widget.attrs["autofocus"] = True

    def _set_initial(self) -> None:
        columns = {field.name for field in Statement._meta.concrete_fields}  # noqa: SLF001  # public in all but name
        self.initial["seen_version"] = self.instance.version
        self.initial["seen_metadata"] = self.metadata_digest
        self.initial["seen_content"] = salted_hmac("seen content", self.saved_content).hexdigest()
        self.initial["seen_event"] = last_event_number(self.instance)
        self.initial["seen_parts"] = merge_texts.digest_parts(
            self.instance, sorted(columns & set(self.fields))
        )
        if self.instance.pk:
            self.initial["themes"] = list(self.instance.themed.values_list("tag", flat=True))

    @property
    def token(self) -> str:
        """The saved state that a form saves over."""
        return f"{self.instance.version}-{self.metadata_digest}"

    @property
    def restored_from(self) -> str:
        """When the restored text was typed, in words; "" if the form restores none."""
        return str(self.data.get("_restore", ""))

    @property
    def is_rearranged(self) -> bool:
        """Whether this only adds or moves a passage, and saves nothing."""
        return block_actions.is_requested(self.data)

    @property
    def is_submitting(self) -> bool:
        return "_submit" in self.data

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.restored_from:
            self.add_error(None, ValidationError(_("Read it, then save it."), code="restored"))
        if self.is_rearranged:
            self.add_error(None, ValidationError(_("Go on, then save it."), code="rearranged"))
        self._refuse_saved_form()
        self._refuse_stale_form()
        self._refuse_taken_slug()
        self._set_usual_contact()
        names = self.cleaned_data.get("new_themes")
        if names and (refusal := refuse_new_themes(self.instance, by=self.by)):
            self.add_error("new_themes", refusal)
        if self.cleaned_data.get("translation_of") == self.instance and self.instance.pk:
            self.add_error("translation_of", _("A statement is no translation of itself."))
        self._refuse_taken_language()
        if self.is_submitting and self.was_public:
            self._refuse_unmarked_change()
        return self.cleaned_data

    def _refuse_taken_language(self) -> None:
        """Refuse the language of the original, and one that it was translated into already."""
        original = self.cleaned_data.get("translation_of", self.instance.translation_of)
        language = self.cleaned_data.get("language")
        if language and original != self.instance:
            taken = find_taken_language(self.instance, language, original)
            if taken:
                self.add_error("language", taken)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the publisher, which was chosen from those offered.

        The model limits it to organisations that publish today, and would refuse a draft of one
        that has stopped.
        """
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # no stub
        return exclusions | {"organisation"}

    def _refuse_saved_form(self) -> None:
        """Refuse a form that was saved before and came back by the browser's back button.

        It gets a new key: sending it again means another statement.
        """
        key = self.cleaned_data.get("autosave_key", "")
        if self.instance.pk or not key or not autosave.is_closed(key, by=self.by):
            return
        posted: Any = self.data
        data = posted.copy()  # the posted data are immutable
        data["autosave_key"] = autosave.make_key()
        self.data = data
        sentence = _(
            "This was saved before: you find it among the statements. If you save it again, it "
            "becomes another one."
        )
        self.add_error(None, ValidationError(sentence, code="saved"))

    def _refuse_stale_form(self) -> None:
        if not self.instance.pk:
            return
        seen_version = self.cleaned_data.get("seen_version") or 0
        seen_token = f"{seen_version}-{self.cleaned_data.get('seen_metadata')}"
        if seen_token == self.token or self._has_only_decisions():
            return
        self.conflict = build_conflict(
            self.instance, seen_version=seen_version, by=self.by, token=self.token
        )
        sentence = _("Not saved yet. Choose which words to keep, then save.")
        self.add_error(None, ValidationError(sentence, code="stale"))

    def _has_only_decisions(self) -> bool:
        """Return whether there were decisions since the form was opened, but no saves."""
        if self.cleaned_data.get("seen_content") != self.initial["seen_content"]:
            return False
        events = list_events_since(self.instance, self.cleaned_data.get("seen_event") or 0)
        seen = self.cleaned_data.get("seen_metadata")
        if seen != self.metadata_digest and not (
            was_submitted(events) and seen == self._digest_own_metadata()
        ):
            return False
        if was_submitted(events) and not self.cleaned_data.get("slug"):
            self.cleaned_data["slug"] = self.initial.get("slug", "")
        self.events_since_opened = events
        return True

    def _digest_own_metadata(self) -> str:
        """Digest the metadata as they would be if submitting had cleared nothing."""
        overrides = {
            name: self.cleaned_data.get(name, "")
            for name in ("slug", "amendment", "public_note")
            if name in self.fields
        }
        return metadata_digest(self.instance, with_metadata=self.can_edit_metadata, **overrides)

    def _refuse_taken_slug(self) -> None:
        slug = self.cleaned_data.get("slug")
        if not slug:
            return
        reserved = (
            StatementSlug.objects.filter(slug=slug).exclude(statement=self.instance.pk).first()
        )
        drafts = Statement.objects.not_discarded().filter(slug=slug)
        draft = drafts.exclude(pk=self.instance.pk).first()
        if owner := (reserved.statement if reserved else draft):
            self.add_error(
                "slug",
                _(
                    "The address “%(slug)s” belongs to %(headline)s. Choose another, or leave it "
                    "empty."
                )
                % {"slug": slug, "headline": quote_headline(owner)},
            )
        elif StatementSlug.objects.find_erased(slug).exists():
            self.add_error("slug", str(slug_taken_problem(slug)))

    def _set_usual_contact(self) -> None:
        self.set_contact = find_contact_to_set(self)
        if self.set_contact:
            self.cleaned_data["contact"] = self.set_contact

    def _refuse_unmarked_change(self) -> None:
        amendment = self.cleaned_data.get("amendment")
        if not amendment:
            self.add_error("amendment", str(readiness.missing_kind_problem()))
        elif amendment != Amendment.TYPO and not self.cleaned_data.get("public_note", "").strip():
            self.add_error("public_note", str(readiness.missing_note_problem(amendment)))


class RelatedForm(OrderedForm):
    class Meta:
        model = RelatedStatement
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        to = self.cleaned_data.get("to")
        if to is not None and to.pk == self.instance.statement_id:
            self.add_error("to", _("A statement is not related to itself: choose another."))
        return self.cleaned_data


class RelatedFormSet(OrderedFormSet):
    def clean(self) -> None:
        """Name an article that is in the list twice: Django’s message is about constraints."""
        articles = set()
        for form in self.forms:
            to = getattr(form, "cleaned_data", {}).get("to")
            if to is None or is_marked_for_deletion(form):
                continue
            if to.pk in articles:
                form.add_error(
                    "to",
                    _("%(headline)s is in this list already.") % {"headline": quote_headline(to)},
                )
            articles.add(to.pk)

    def validate_unique(self) -> None:
        """Leave this to `clean`."""


def with_anchors(problems: Sequence[readiness.Problem]) -> list[tuple[readiness.Problem, str]]:
    """Return each problem with the anchor of its field on the form, "" if it has none."""
    return [(problem, _find_anchor(problem.field)) for problem in problems]


def _find_anchor(field: str) -> str:
    if not re.fullmatch(r"[a-z_0-9-]+", field):
        return ""
    return "passages-group" if field == "passages" else f"id_{field}"
