"""The blocks of the content: quotations, narration, tables and pictures. Pure functions.

In the draft, each is one passage. A passage by nobody that holds a table and nothing else is frozen
as a block of type `table`:

    {"id": "…", "type": "table", "heading": "", "caption": "Homes built",
     "header": ["Year", "Homes"], "rows": [["2025", "310"], ["2026", "402"]]}

`header` is empty if the table has no header row. `"row_headers": true` says that the first cell of
each row is its header; the key is absent otherwise. Cells are inline HTML, `caption` is plain text.

A picture stands between the others, and what is printed with it is among the files of the content:

    {"id": "…", "type": "picture", "digest": "<SHA-256 of one of the files>"}
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from statements.content.tables import from_data, is_table_block, parse_table

QUOTATION, NARRATION, TABLE, PICTURE = "quotation", "narration", "table", "picture"
_TYPES = (QUOTATION, NARRATION, TABLE)


def freeze_block(block_id: str, passage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the block of these frozen fields of a passage, see `schema.PASSAGE_FIELDS`."""
    paragraphs = passage["paragraphs"]
    if passage["speaker"]:
        return {"id": block_id, "type": QUOTATION, **passage}
    if len(paragraphs) == 1 and is_table_block(paragraphs[0]) and not passage["attribution"]:
        heading = {"heading": passage["heading"]}
        return {"id": block_id, "type": TABLE} | heading | parse_table(paragraphs[0]).to_data()
    return {"id": block_id, "type": NARRATION, **passage}


def freeze_picture(block_id: str, digest: str) -> dict[str, Any]:
    """Return the block of the file with this digest, which is a picture."""
    return {"id": block_id, "type": PICTURE, "digest": digest}


def list_picture_places(blocks: Iterable[Mapping[str, Any]]) -> dict[int, list[str]]:
    """Return the digests of the pictures after each passage, by the number of the passage.

    Those before the first passage are under -1.
    """
    places: dict[int, list[str]] = {}
    passage = -1
    for block in blocks:
        if block["type"] == PICTURE:
            places.setdefault(passage, []).append(block["digest"])
        else:
            passage += 1
    return places


def as_passages(blocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks with the fields of a passage; a picture has none, and is left out."""
    return [_as_passage(block) for block in blocks if block["type"] in _TYPES]


def _as_passage(block: Mapping[str, Any]) -> Any:
    if block["type"] != TABLE:
        return block  # the same object: the newsdesk adds to it
    table = from_data(block).to_html()
    return {**block, "speaker": None, "attribution": "", "paragraphs": [table]}


def iter_written_texts(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each text of the blocks exactly as the content has it, with its tags."""
    for block in blocks:
        if block["type"] == TABLE:
            yield from (block["heading"], block["caption"], *from_data(block).cells)
        elif block["type"] in _TYPES:
            yield from (block["heading"], *block["paragraphs"])
