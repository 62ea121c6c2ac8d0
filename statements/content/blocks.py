"""The blocks of the content: quotations, narration and tables. Pure functions.

In the draft, each is one passage. A passage by nobody that holds a table and nothing else is frozen
as a block of type `table`:

    {"id": "…", "type": "table", "heading": "", "caption": "Homes built",
     "header": ["Year", "Homes"], "rows": [["2025", "310"], ["2026", "402"]]}

`header` is empty if the table has no header row. `"row_headers": true` says that the first cell of
each row is its header; the key is absent otherwise. Cells are inline HTML, `caption` is plain text.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from statements.content.tables import from_data, is_table_block, parse_table

QUOTATION, NARRATION, TABLE = "quotation", "narration", "table"
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
