"""Give each table of a draft a passage of its own, by nobody."""

from statements.content.tables import is_table_block, separate_tables
from statements.models import Passage, Statement


def split_at_tables(statement: Statement) -> None:
    """Take the tables out of the passages in which somebody typed or pasted them.

    A quotation around a table goes on after it, by the same speaker.
    """
    passages = list(statement.passages.in_order())
    if not any("<table>" in passage.body for passage in passages):
        return
    parts = [part for passage in passages for part in split_passage(passage)]
    for position, part in enumerate(parts):
        part.position = position
        part.save()


def split_passage(passage: Passage) -> list[Passage]:
    """Return the parts; the first with words keeps the row, and so its id and attribution."""
    runs = separate_tables(passage.body.split("\n"))
    kept = next((index for index, run in enumerate(runs) if not is_table_block(run[0])), 0)
    heading, parts = passage.heading, []
    for index, run in enumerate(runs):
        part = passage if index == kept else Passage(statement=passage.statement)
        part.body = "\n".join(run)
        part.heading = heading if index == 0 else ""
        if is_table_block(run[0]):
            part.speaker = part.appointment = None
        else:
            part.speaker, part.appointment = passage.speaker, passage.appointment
        parts.append(part)
    return parts
