"""The beginning of a quotation, to show it away from its statement. Pure functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from statements.content import rendering
from statements.content.quotation_marks import get_marks

MAX_EXCERPT_WORDS = 60


@dataclass(frozen=True)
class QuoteExcerpt:
    """An excerpt; `number` is part of its address on the statement's page: #quote-2."""

    number: int
    text: str


def find_first_quotation(content: Mapping[str, Any], slugs: Collection[str]) -> QuoteExcerpt | None:
    """Return the first quotation by a speaker with one of these slugs."""
    for passage in rendering.render_passages(content):
        if passage.number and passage.speaker and passage.speaker["slug"] in slugs:
            return QuoteExcerpt(
                passage.number, cut_first_paragraph(passage.html, content["language"])
            )
    return None


def cut_first_paragraph(html: str, language: str) -> str:
    """Return the first paragraph as text in quotation marks, cut after 60 words."""
    closing = get_marks(language).closing
    paragraph = rendering.render_block_as_text(html).partition("\n")[0]
    words = paragraph.split(" ")
    if len(words) > MAX_EXCERPT_WORDS:
        return " ".join(words[:MAX_EXCERPT_WORDS]).rstrip(",;:–— ") + f" …{closing}"
    return paragraph if paragraph.endswith(closing) else paragraph + closing
