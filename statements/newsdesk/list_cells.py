"""The template tag for the cells of a list: with headings, and with words for yes and no."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

register = template.Library()
CELL = re.compile(r"<td\b")
BOOLEAN_ICON = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"]*" alt="[^"]*">')
WORDS = {"yes": _("Yes"), "no": _("No"), "unknown": "–"}


@register.simple_tag
def label_cells(cells: Iterable[str], headers: Iterable[dict[str, Any]]) -> SafeString:
    """Return the cells of a row, each with the heading of its column.

    On a narrow screen a row is a card, where the headings are out of sight.
    """
    return mark_safe("".join(map(_label_cell, cells, headers)))  # noqa: S308 - Django's own cells


def _label_cell(cell: str, header: dict[str, Any]) -> str:
    label = escape(capfirst(str(header["text"])))
    cell = BOOLEAN_ICON.sub(lambda icon: escape(str(WORDS[icon[1]])), cell)
    return CELL.sub(f'<td data-label="{label}"', cell, count=1)
