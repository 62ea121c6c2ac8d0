"""Documents as press offices type them, and helpers that show how they are parsed."""

from statements.content.rendering import render_block_as_text, render_plain_text
from statements.parsing.draft import Draft
from statements.parsing.text import parse_text

DAVE = "Dave Hill, President of the Association of Directors of Children’s Services, said:"
JANE = "Cllr Jane Smith, Chair of the Children and Young People Board, said:"
LONG = "This is a paragraph that nobody would mistake for a heading."


def content_of(draft: Draft, language: str = "en") -> dict:
    """Return the content that submitting the unchanged draft freezes."""
    passages = []
    for passage in draft.passages:
        speaker = {"name": passage.speaker_name, "slug": passage.speaker_name, "role": passage.role}
        passages.append(
            {
                "type": "quotation" if passage.is_quoted else "narration",
                "heading": passage.heading,
                "attribution": passage.attribution,
                "speaker": speaker if passage.is_quoted else None,
                "paragraphs": list(passage.blocks),
            }
        )
    notes = list(draft.notes_to_editors)
    return {
        "headline": draft.headline,
        "language": language,
        "blocks": passages,
        "notes_to_editors": notes,
    }


def printed(source: str | bytes, language: str = "en") -> str:
    return render_plain_text(content_of(parse_text(source), language))


def shape(source: str) -> list[tuple[str, str, bool, list[str]]]:
    """Return heading, speaker, whether it is quoted, and texts of each passage."""
    return [
        (
            passage.heading,
            passage.speaker_name,
            passage.is_quoted,
            [render_block_as_text(block) for block in passage.blocks],
        )
        for passage in parse_text(source).passages
    ]


def document(*blocks: str) -> str:
    return "\n\n".join(blocks)
