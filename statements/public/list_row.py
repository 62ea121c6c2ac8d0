"""A statement as it stands in a list, written out once for all that it says there.

When one statement comes, a list has one new row, and the others are as they were.
"""

import functools
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from statements.published.editions import KIND_LABELS, amendment_tag

MAX_CACHED_ROWS = 2000


def render_row(edition: Any, of: str = "") -> SafeString:
    """The row of an edition, with a link to who speaks in it unless the list is `of` that slug.

    What was found in it by a search stands in the place of its summary, and is not remembered.
    """
    retracted = edition.amendment == "retraction"
    tag = amendment_tag(edition.amendment)
    speaker = "" if edition.speaker_slug == of else edition.speaker_slug
    kind, byline = KIND_LABELS[edition.kind], edition.byline
    said = (kind, tag, retracted, edition.slug, edition.language, byline, speaker)
    if found := getattr(edition, "excerpt", None):
        return _render_html(*said, found.headline, "", found.text)
    return _render_html_cached(*said, edition.headline, edition.summary)


def _render_html(
    kind: str,
    tag: str,
    retracted: bool,
    slug: str,
    language: str,
    byline: str,
    speaker: str | None,
    headline: str,
    summary: str,
    extract: str = "",
) -> SafeString:
    html = render_to_string("statements/_row.html", locals())
    return mark_safe(html)  # noqa: S308 - from a template, which escapes


_render_html_cached = functools.lru_cache(maxsize=MAX_CACHED_ROWS)(_render_html)
