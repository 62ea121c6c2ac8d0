"""Read frozen content, and tell whether two contents say the same. Pure functions.

Everything that asks “are these the same words?” calls `same_words`.
"""

import json
from typing import Any

from statements.content.schema import FIELDS, NARRATION, QUOTATION, Content, canonical


def read_content(text: str) -> dict[str, Any]:
    """Return the content that was frozen as this text, in the shape of schema 2."""
    content: dict[str, Any] = json.loads(text)
    return _upgrade(content) if content.get("schema") == 1 and "erased" not in content else content


def _upgrade(content: dict[str, Any]) -> dict[str, Any]:
    """Bring schema 1 into the shape of schema 2. What it did not have stays empty."""
    upgraded = {key: value for key, value in content.items() if key not in _SCHEMA_1_KEYS}
    publisher = content["organisation"]
    return upgraded | {
        "organisations": [publisher] if publisher else [],
        "blocks": [_upgrade_passage(passage) for passage in content["passages"]],
    }


_SCHEMA_1_KEYS = ("organisation", "passages")


def _upgrade_passage(passage: dict[str, Any]) -> dict[str, Any]:
    upgraded = {key: value for key, value in passage.items() if key != "blocks"}
    return upgraded | {
        "id": "",
        "type": QUOTATION if passage["speaker"] else NARRATION,
        "paragraphs": passage["blocks"],
    }


def same_words(a: Content, b: Content) -> bool:
    """Return whether two contents say the same.

    Ignored are salt, `based_on`, the ids of blocks, and what is about one edition: the kind of
    amendment, the correction note and the slug. Erased content is the same as nothing.
    """
    if a.get("erased") or b.get("erased"):
        return False
    return _words_of(a) == _words_of(b)


def _words_of(content: Content) -> dict[str, Any]:
    words = {
        field.key: content[field.key]
        for field in FIELDS
        if field.key in content and not field.is_about_edition
    }
    words["blocks"] = [{**block, "id": ""} for block in content["blocks"]]
    if quotation := content.get("pull_quotation"):
        words["pull_quotation"] = quotation["text"]
    return words


def canonical_words(content: Content) -> str:
    """Return a text that is equal for contents with the same words."""
    return canonical(_words_of(content))


def same_words_and_slug(a: Content, b: Content) -> bool:
    """Return whether two contents say the same at the same address; schema 1 held no slug."""
    return same_words(a, b) and ("slug" not in a or "slug" not in b or bool(a["slug"] == b["slug"]))
