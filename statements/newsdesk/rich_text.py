"""Form fields for text: rich text where scripts run, plain paragraphs where they do not.

Every text of the newsdesk comes in through one of these, without control characters and of a
bounded length, so that no text can break a page or keep a worker busy.
"""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.utils.translation import gettext as _
from django_prose_editor.widgets import prose_editor_base_media
from js_asset import Media, Script

from statements.content import html
from statements.content.characters import normalise_text
from statements.content.links import clean_url
from statements.newsdesk.time_fields import DayField, DayInput

MAX_TEXT_BYTES = 100_000
"""Far more than a speech; cleaning takes time that grows with the size."""
MAX_LONG_TEXT_CHARS = 10_000
"""Of a text without formatting, such as a summary, a note or a biography."""

TAG = re.compile(
    r"</?(?:p|br|ul|ol|li|strong|em|b|i|u|a|sup|sub|s|strike|del|ins|div|span|h[1-6]|blockquote"
    r"|section|article|pre|font|small|mark|dl|dt|dd|table|caption|t[rdh])\b[^<>]*>|<!--",
    re.IGNORECASE,
)
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def to_blocks(source: str) -> list[str]:
    """Return typed text as canonical blocks; a blank line starts a paragraph.

    The editor sends HTML. Without scripts it is plain text, or saved HTML with text added to it.
    """
    text = normalise_text(source)
    if TAG.search(text):
        return html.clean_blocks(BLANK_LINE.sub("<br><br>", text))
    return [block for part in BLANK_LINE.split(text) if (block := html.make_paragraph(part))]


class RichTextWidget(AdminTextareaWidget):
    """A text area that rich_text.js turns into the editor."""

    scripts: tuple[str, ...] = ("paste.js", "paste_split.js", "rich_text.js")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-rich-text": "", "rows": 8} | (attrs or {}))

    @property
    def media(self) -> Media:
        return prose_editor_base_media + Media(
            css={"all": ["newsdesk/rich_text.css", "newsdesk/paste.css"]},
            js=[Script(f"newsdesk/{name}", type="module") for name in self.scripts],
        )


class RichTextField(forms.CharField):
    """Clean the text to canonical HTML, one block a line."""

    widget = RichTextWidget
    max_bytes = MAX_TEXT_BYTES

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "strip": False} | kwargs)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\0", "")
        if (size := count_bytes(text)) > self.max_bytes:
            raise forms.ValidationError(
                _(
                    "These words take %(size)s KB, and one passage holds %(most)s KB at most. "
                    "Split them into several passages."
                )
                % {"size": f"{size // 1000:,}", "most": MAX_TEXT_BYTES // 1000}
            )
        return "\n".join(to_blocks(text))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the blocks: the browser changes line ends, and the editor some tags."""
        if count_bytes(data or "") > self.max_bytes:
            return True
        return to_blocks(initial or "") != to_blocks(data or "")


def count_bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


class LongTextField(forms.CharField):
    """Text of several lines in the form in which it is frozen, of a bounded length.

    The field has no maxlength, because browsers would cut off what somebody pastes.
    """

    def __init__(self, **kwargs: Any) -> None:
        max_length = kwargs.pop("max_length", None) or MAX_LONG_TEXT_CHARS
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str | None:
        return super().to_python(normalise_text(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class LineField(LongTextField):
    """Text of one line: a line end in it becomes a space."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text and text.replace("\n", " ").replace("\t", " ")


class AddressField(forms.URLField):
    """The address of a page, without detours and tracking."""

    def to_python(self, value: Any) -> str | None:
        url = super().to_python(value)
        return clean_url(url) if url else url


TEXT_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.CharField: {"form_class": LineField},
    models.TextField: {"form_class": LongTextField},
    models.DateField: {"form_class": DayField, "widget": DayInput},
    # These have form classes of their own.
    models.SlugField: {},
    models.EmailField: {},
    models.URLField: {"form_class": AddressField, "assume_scheme": "https"},
}
"""The `formfield_overrides` of every admin of the newsdesk."""
