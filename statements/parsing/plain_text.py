"""Turn plain text into blocks, such as text of a PDF or an e-mail with its broken lines."""

import re
from itertools import pairwise

from statements.content.characters import normalise_characters, normalise_text
from statements.parsing.paragraphs import split_paragraphs

BULLET_MARKER = re.compile(
    r"^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]{1,}(?=\S)|^[•][ \t\u00a0]*(?=\S)"
)


def text_to_blocks(text: str) -> list[str]:
    """Return the text as blocks: lines joined, bullets as lists."""
    lines = [
        BULLET_MARKER.sub("• ", normalise_characters(line))
        for line in normalise_text(text).strip().split("\n")
    ]
    paragraphs = split_paragraphs("\n".join(unwrap_lines(lines)), headed=False)
    return [block for paragraph in paragraphs if (block := paragraph.render_block())]


def unwrap_lines(lines: list[str]) -> list[str]:
    """Join lines of about equal width, as a PDF gives them without empty lines."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < len(lines) or len(filled) < 3:
        return lines
    width = max(len(line) for line in filled)
    long_count = sum(len(line) >= 0.75 * width for line in filled)
    if not 40 <= width <= 120 or long_count * 2 < len(filled):
        return lines
    joined = [filled[0]]
    for before, line in pairwise(filled):
        if _ends_paragraph(before, line, width):
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return joined


def _ends_paragraph(before: str, line: str, width: int) -> bool:
    if line.startswith("• ") or re.match(r"[“\"„«]", line):
        return True
    return len(before) < 0.75 * width and bool(re.search(r"[.!?:”\"’»]\s*$", before))
