"""Write every public statement as a line of JSON, oldest first: python -m bench.lines FILE.

Only what its page shows, so that another product can be filled with the same content.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def main(file: Path) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with file.open("w", encoding="utf-8") as out:
        for statement in read_public_statements():
            out.write(json.dumps(statement, ensure_ascii=False) + "\n")


def read_public_statements() -> Iterator[dict]:
    from statements import clock
    from statements.public.article import build_article
    from statements.published.editions import public_editions

    editions = public_editions(at=clock.now()).order_by("first_release_at", "statement_id")
    editions = editions.prefetch_related("statement__themes")
    for edition in editions.iterator(chunk_size=500):
        content = edition.content_data
        publisher = content["organisations"][0]
        publisher_keys = ("slug", "name", "boilerplate", "reuse_terms")
        themes = sorted(edition.statement.themes.all(), key=lambda theme: theme.name)
        yield {
            "slug": edition.slug,
            "headline": edition.headline,
            "summary": edition.summary,
            "kind": edition.kind,
            "released": edition.first_release_at.isoformat(),
            "organisation": {name: publisher[name] for name in publisher_keys},
            "voices": _list_voices(content),
            "themes": [{"slug": theme.slug, "name": theme.name} for theme in themes],
            "body": list(_iter_blocks(build_article(content, [], lambda digest, name: name))),
        }


def _list_voices(content: dict) -> list[dict]:
    speakers = [passage["speaker"] for passage in content["blocks"] if passage["speaker"]]
    keys = ("slug", "name", "role", "organisation")
    voices = [{key: speaker[key] for key in keys} for speaker in speakers]
    return [voice for place, voice in enumerate(voices) if voice not in voices[:place]]


def _iter_blocks(article) -> Iterator[tuple[str, object]]:
    for section in article.sections:
        if section.heading:
            yield "heading", section.heading
        if section.number:
            words = {"attribution": section.attribution, "words": str(section.html)}
            yield "quotation", words
        else:
            yield "paragraph", str(section.html)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
