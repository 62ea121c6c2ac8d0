"""Form fields for text: rich text where scripts run, plain paragraphs where they do not."""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django_prose_editor.widgets import prose_editor_admin_media
from js_asset import Media, Script

from statements.content import html

MAX_TEXT_BYTES = 100_000
"""Far more than a speech; cleaning takes time that grows with the size."""

TAG = re.compile(
    r"</?(?:p|br|ul|ol|li|strong|em|b|i|a|div|span|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE
)
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def to_blocks(source: str) -> list[str]:
    """Return typed text as canonical blocks; a blank line starts a paragraph.

    The editor sends HTML. Without scripts it is plain text, or saved HTML with text added to it.
    """
    text = html.normalise_text(source)
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
        return prose_editor_admin_media + Media(
            css={"all": ["newsdesk/statement_form.css", "newsdesk/paste.css"]},
            js=[Script(f"newsdesk/{name}", type="module") for name in self.scripts],
        )


class RichTextField(forms.CharField):
    """Clean the text to canonical HTML, one block a line."""

    widget = RichTextWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "strip": False} | kwargs)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\0", "")
        size = len(text.encode(errors="replace"))
        if size > MAX_TEXT_BYTES:
            raise forms.ValidationError(
                f"These words take {size // 1000:,} KB, and one passage holds "
                f"{MAX_TEXT_BYTES // 1000} KB at most. Split them into several passages."
            )
        return "\n".join(to_blocks(text))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the blocks: the browser changes line ends, and the editor some tags."""
        return to_blocks(initial or "") != to_blocks(data or "")


class LineField(forms.CharField):
    """Text in the form in which it is frozen.

    The field has no maxlength, because browsers would cut off what somebody pastes.
    """

    def to_python(self, value: Any) -> str | None:
        return super().to_python(html.normalise_text(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}
