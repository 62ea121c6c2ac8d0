"""The passages of the statement form: what kind of block each is, and its words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.content.tables import is_table_block
from statements.drafting.table_passages import split_at_tables
from statements.models import Passage
from statements.newsdesk.new_names import NewSpeakerMixin, UsableNamesMixin
from statements.newsdesk.ordered_formset import (
    OrderedForm,
    OrderedFormSet,
    is_marked_for_deletion,
)
from statements.newsdesk.rich_text import (
    MAX_TEXT_BYTES,
    RichTextField,
    count_bytes,
    to_blocks,
)
from statements.parsing.html_paragraphs import describe_merged_cells
from statements.parsing.outer_quotation_marks import strip_outer_quotation_marks

MAX_PASSAGES = 200
MAX_STATEMENT_BYTES = 400_000
"""Of all passages: eight hours of speech. The pages about a statement compare all of them."""
PLACING_FIELDS = {"kind", "place"}
"""What a new row may have without being filled in."""


class BlockKind(TextChoices):
    """What a passage of the form is; the draft itself tells it from its columns."""

    QUOTE = "quote", gettext_lazy("Quotation")
    TELL = "tell", gettext_lazy("Narration")
    TABLE = "table", gettext_lazy("Table")
    PICTURE = "picture", gettext_lazy("Picture")


def read_kind(passage: Passage) -> BlockKind:
    """Return what this passage is; a new one is a quotation until somebody says otherwise."""
    if passage.picture_id:
        return BlockKind.PICTURE
    if passage.speaker_id or passage.awaits_speaker or passage.pk is None:
        return BlockKind.QUOTE
    return BlockKind.TABLE if is_table_block(passage.body) else BlockKind.TELL


class PassageForm(NewSpeakerMixin, OrderedForm):
    """The words of one voice, without quotation marks round them: the page adds those."""

    body = RichTextField(label=gettext_lazy("Words"))
    kind = forms.ChoiceField(
        choices=BlockKind.choices, required=False, label=gettext_lazy("Kind of passage")
    )

    shows = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Passage
        fields: list[str] = []

    removed_marks = False
    lacks_picture = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("kind", read_kind(self.instance).value)
        self.initial.setdefault("shows", str(self.instance.picture_id or ""))
        if "heading" in self.fields:  # absent for somebody who may only read
            heading, line = self.fields["heading"], self.fields["attribution"]
            heading.label, line.label = _("Sub-heading"), _("Line before the words")
            heading.widget = forms.Textarea({"class": "typed subhead", "rows": 1})
            line.widget = forms.Textarea({"class": "typed said", "rows": 1})

    @cached_property
    def shown_kind(self) -> BlockKind:
        """Return what the page shows: as posted, but a chosen speaker makes a quotation."""
        posted = self["kind"].value()
        if posted in BlockKind and not (posted == BlockKind.TELL and self._has_unmoved_speaker()):
            return BlockKind(posted)
        return read_kind(self.instance)

    def _has_unmoved_speaker(self) -> bool:
        return bool(self["speaker"].value()) and self.initial.get("kind") == BlockKind.TELL

    @property
    def words_html(self) -> SafeString:
        """The words as the page will show them, without quotation marks."""
        source = str(self["body"].value() or "")
        if count_bytes(source) > MAX_TEXT_BYTES:
            return SafeString("")
        return mark_safe("".join(to_blocks(source)))  # noqa: S308 - canonical blocks

    def has_changed(self) -> bool:
        """Take a new row that only has a kind and a place for none."""
        changed = set(self.changed_data)
        return bool(changed - PLACING_FIELDS if self.instance.pk is None else changed)

    @property
    def table_messages(self) -> list[str]:
        """What saving changes in a table that was typed or pasted."""
        return describe_merged_cells(self.data.get(self.add_prefix("body")) or "")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("kind") == BlockKind.PICTURE:
            return self._clean_picture()
        self._match_role()
        self._match_kind()
        body = self.cleaned_data.get("body")
        if body and self.cleaned_data.get("speaker"):
            self._clean_spoken(body.split("\n"))
        return self.cleaned_data

    def _clean_picture(self) -> dict[str, Any]:
        """Drop the words of a place that became a picture’s."""
        words = {"heading": "", "attribution": "", "body": "", "speaker": None, "appointment": None}
        self.cleaned_data |= {name: words[name] for name in words if name in self.fields}
        self.instance.awaits_speaker = False
        return self.cleaned_data

    def _match_kind(self) -> None:
        """Let go of the speaker of what was made narration; note a quotation that lacks one."""
        kind = self.cleaned_data.get("kind") or self.initial["kind"]
        if self.cleaned_data.get("speaker") and kind != BlockKind.QUOTE:
            if "kind" in self.changed_data:
                self.cleaned_data["speaker"] = self.cleaned_data["appointment"] = None
            else:
                kind = BlockKind.QUOTE
        self.instance.awaits_speaker = (
            kind == BlockKind.QUOTE
            and not self.cleaned_data.get("speaker")
            and "speaker" not in self.errors
        )

    def _clean_spoken(self, blocks: list[str]) -> None:
        """Remove the marks round the words; saving takes the tables out of them."""
        if all(map(is_table_block, blocks)):
            self.add_error(
                "speaker", _("A table has no speaker: leave it empty, or write what was said.")
            )
            return
        bare = strip_outer_quotation_marks(blocks)
        self.removed_marks = bare != blocks
        self.cleaned_data["body"] = "\n".join(bare)

    def _match_role(self) -> None:
        """Choose the speaker of a role; drop the role of the speaker before."""
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
                _(
                    "%(speaker)s holds the role “%(role)s”, and the words are %(name)s’s. "
                    "Choose a role of the speaker, or leave it empty."
                )
                % {"speaker": role.speaker, "role": role.role, "name": speaker},
            )


class PassageFormSet(UsableNamesMixin, OrderedFormSet):
    """Refuse words that are too long in all before anything parses them."""

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        bodies = [str(data[name]) for name in data if name.endswith("-body")] if data else []
        # A longer passage is refused by its own field.
        self.size = sum(size for size in map(count_bytes, bodies) if size <= MAX_TEXT_BYTES)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if self.size > MAX_STATEMENT_BYTES:
            form.fields["body"] = TooLongField(label=_("Words"), size=self.size)

    def decide_deletions_again(self) -> None:
        """Forget which rows go: validation found them before the places had their pictures."""
        self.__dict__.pop("_deleted_form_indexes", None)

    def _should_delete_form(self, form: Any) -> bool:
        """Let the place go of a picture that went."""
        is_marked = super()._should_delete_form(form)  # type: ignore[misc]  # no stub
        return bool(is_marked) or form.lacks_picture

    def save(self, commit: bool = True) -> list[Model]:
        """Save the passages, and give each table in them a passage of its own."""
        saved = super().save(commit)
        if commit:
            split_at_tables(self.instance)
        return saved

    def clean(self) -> None:
        """Refuse more passages than the form can send back; those it was opened with stay."""
        count = sum(not is_marked_for_deletion(form) for form in self.forms)
        if count > max(MAX_PASSAGES, self.initial_form_count()):
            raise ValidationError(
                _(
                    "This would be %(count)s passages, and a statement holds %(most)s at "
                    "most. Put passages of one speaker together, or publish several statements."
                )
                % {"count": count, "most": MAX_PASSAGES}
            )


class TooLongField(RichTextField):
    """Shows the words of a passage again, and refuses them unread."""

    def __init__(self, *, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True

    def to_python(self, value: Any) -> str:
        raise ValidationError(
            _(
                "The words of all passages take %(size)s KB, and a statement holds %(most)s KB "
                "at most. Publish them as several statements, or attach them as a file."
            )
            % {"size": f"{self.size // 1000:,}", "most": MAX_STATEMENT_BYTES // 1000}
        )
