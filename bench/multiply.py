"""Copy the statements of a filled PostgreSQL database many times: python -m bench.multiply 1000000.

bench.fill makes each statement as people do, some tens a second. This copies its rows within the
database until there are as many statements as asked for, a little older each time. The triggers are
off meanwhile, so that the record of events is no longer whole: good for measuring the newsdesk and
nothing else. What suggests related articles is left out.
"""

import datetime as dt
import os
import sys

LEFT_OUT = ("TermPosting", "TermVector", "Suggestion", "SealedEdition", "Fingerprints")
STEP = dt.timedelta(minutes=37)
FOLLOWED = ("Statement", "Edition", "Event", "Attachment")  # their copies refer to each other


def main(wanted: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from statements.management.progress import Progress
    from statements.models import Statement

    present = Statement.objects.count()
    copies = wanted // present - 1
    progress = Progress(copies, "copies")
    models = list(find_models())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        columns = {model: find_columns(cursor, model) for model in models}
        for number in range(1, copies + 1):
            for model in models:
                cursor.execute(make_copy(model, columns[model], number))
            progress(number)
        for model in models:
            reset_sequence(cursor, model)
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE")


def find_models():
    """Yield the models whose rows belong to one statement, and the statement itself."""
    from django.apps import apps

    for model in apps.get_app_config("statements").get_models():
        related = {
            field.related_model.__name__ for field in model._meta.fields if field.is_relation
        }
        if model.__name__ not in LEFT_OUT and (
            model.__name__ == "Statement" or related & set(FOLLOWED)
        ):
            yield model


def find_columns(cursor, model) -> list[str]:
    """Return the columns of the table; triggers fill some that the model does not have."""
    from django.db import connection

    described = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return [column.name for column in described]


def make_copy(model, names: list[str], number: int) -> str:
    """Return the SQL that copies the first rows of this table, as copy of this number."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(
        make_value(fields[name], number) if name in fields else f'"{name}"' for name in names
    )
    key = model._meta.pk.column
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {values} '
        f'FROM "{model._meta.db_table}" WHERE "{key}" <= {OFFSET} ON CONFLICT DO NOTHING'
    )


OFFSET = 1_000_000
"""More than any of the copied tables has rows: the copy of a row is so much further on."""


def make_value(field, number: int) -> str:
    from django.db import models

    column = f'"{field.column}"'
    follows = field.is_relation and field.related_model.__name__ in FOLLOWED
    is_own_key = field.primary_key and not field.is_relation
    if follows or is_own_key or (field.model.__name__, field.name) == ("Event", "number"):
        return f"{column} + {number * OFFSET}"
    if isinstance(field, models.UUIDField):
        return f"md5({column}::text || '{number}')::uuid"
    if isinstance(field, models.DateTimeField):
        step = f"interval '{number * STEP.total_seconds()} seconds'"
        return f"CASE WHEN {column} < '9000-01-01' THEN {column} - {step} ELSE {column} END"
    if field.column == "slug":
        return f"left({column}, 60) || '-{number}'"
    return column


def reset_sequence(cursor, model) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
    if (sequence := cursor.fetchone()[0]) is not None:
        cursor.execute(f'SELECT setval(%s, (SELECT max("{key}") FROM "{table}"))', [sequence])


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")))
