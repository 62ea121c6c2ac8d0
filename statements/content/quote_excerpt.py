"""Cut the beginning of a quotation, to show it outside its statement. Pure functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from statements.content import rendering
from statements.content.quotation_marks import get_marks

MAX_EXCERPT_WORDS = 60


@dataclass(frozen=True)
class QuoteExcerpt:
    """`number` is the one in its address on the page of the statement: #quote-2."""

    number: int
    text: str


def find_first_quotation(content: Mapping[str, Any], slugs: Collection[str]) -> QuoteExcerpt | None:
    """Return the first quotation in this content by a speaker with one of these slugs."""
    for passage in rendering.render_passages(content):
        if passage.number and passage.speaker and passage.speaker["slug"] in slugs:
            return QuoteExcerpt(
                passage.number, cut_first_paragraph(passage.html, content["language"])
            )
    return None


def cut_first_paragraph(html: str, language: str) -> str:
    """Return the first paragraph as text, quotation marks included, cut after 60 words."""
    closing = get_marks(language).closing
    first = rendering.render_block_as_text(html).partition("\n")[0]
    words = first.split(" ")
    if len(words) > MAX_EXCERPT_WORDS:
        return " ".join(words[:MAX_EXCERPT_WORDS]).rstrip(",;:–— ") + f" …{closing}"
    return first if first.endswith(closing) else first + closing
