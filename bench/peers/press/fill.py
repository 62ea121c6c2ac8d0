"""Publish the statements in a file of bench/lines.py as pages: python -m press.fill FILE."""

import datetime as dt
import functools
import json
import sys
from pathlib import Path

import django

BATCH = 500


def main(file: Path) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from press.models import StatementIndexPage, StatementPage

    index = StatementIndexPage.objects.first() or _index()
    existing_slugs = set(StatementPage.objects.values_list("slug", flat=True))
    with file.open(encoding="utf-8") as lines:
        statements = [
            statement
            for statement in map(json.loads, lines)
            if statement["slug"] not in existing_slugs
        ]
    _fill(index, statements)
    _analyse()


def _index():
    from wagtail.models import Site

    from press.models import StatementIndexPage

    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=StatementIndexPage(title="Statements", slug="statements"))


def _fill(index, statements: list[dict]) -> None:
    from django.db import transaction

    for start in range(0, len(statements), BATCH):
        batch = statements[start : start + BATCH]
        with transaction.atomic():
            _add(index, batch)
        done = start + len(batch)
        sys.stderr.write(f"\r{done:,} of {len(statements):,} statements are Wagtail pages ")
    sys.stderr.write("\n" if statements else "")


def _add(index, batch: list[dict]) -> None:
    """Add pages as `index.add_child` would one by one, with fewer queries."""
    from wagtail.models import Page

    from press.models import StatementPage, Theme, Voice

    pages = [
        _page(index, place, statement) for place, statement in enumerate(batch, index.numchild + 1)
    ]
    columns = [field.attname for field in Page._meta.local_concrete_fields if field.name != "id"]
    page_rows = Page.objects.bulk_create(
        [Page(**{name: getattr(page, name) for name in columns}) for page in pages]
    )
    for page, row in zip(pages, page_rows, strict=True):
        page.pk = row.pk
    # bulk_create refuses a model whose columns are in two tables; this writes the second.
    StatementPage.objects._insert(
        pages, fields=StatementPage._meta.local_concrete_fields, using="default"
    )
    through = StatementPage.themes.through
    through.objects.bulk_create(
        through(statementpage_id=page.pk, theme_id=_get_or_create(Theme, **theme).pk)
        for page, statement in zip(pages, batch, strict=True)
        for theme in statement["themes"]
    )
    Voice.objects.bulk_create(
        voice
        for page, statement in zip(pages, batch, strict=True)
        for voice in _voices(page, statement)
    )
    index.numchild += len(batch)
    index.save(update_fields=["numchild"])


def _page(index, place: int, statement: dict):
    from press.models import Organisation, StatementPage

    released = dt.datetime.fromisoformat(statement["released"])
    return StatementPage(
        path=StatementPage._get_path(index.path, index.depth + 1, place),
        depth=index.depth + 1,
        url_path=f"{index.url_path}{statement['slug']}/",
        locale=index.locale,
        title=statement["headline"],
        draft_title=statement["headline"],
        slug=statement["slug"],
        first_published_at=released,
        last_published_at=released,
        summary=statement["summary"],
        kind=statement["kind"],
        date=released,
        organisation=_get_or_create(Organisation, **statement["organisation"]),
        body=json.dumps([{"type": kind, "value": value} for kind, value in statement["body"]]),
    )


def _voices(page, statement: dict):
    from press.models import Organisation, Speaker, Voice

    for place, voice in enumerate(statement["voices"]):
        yield Voice(
            page_id=page.pk,
            sort_order=place,
            speaker=_get_or_create(Speaker, name=voice["name"], slug=voice["slug"]),
            organisation=_get_or_create(Organisation, **voice["organisation"])
            if voice["organisation"]
            else None,
            role=voice["role"],
        )


@functools.cache
def _get_or_create(model, *, slug: str, **facts):
    return model.objects.get_or_create(slug=slug, defaults=facts)[0]


def _analyse() -> None:
    """Update the planner's statistics, as in production."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]))
