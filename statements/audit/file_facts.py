"""Compare the files of editions with the content that names them, and with their bytes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch

from statements.audit.state import State
from statements.content.schema import digest_of
from statements.files import storage
from statements.models import Edition, EditionFile

FACTS = {"size": "size", "type": "content_type", "width": "width", "height": "height"}
"""Key in the content → column of the stored file."""
NAMED_FILE = '"files":[{'
"""What the content of an edition that carries files contains."""


def check_files(states: Iterable[State]) -> Iterator[str]:
    """Yield a sentence for each file of these editions that is not what the content says."""
    uuids = {uuid for state in states for uuid in _find_editions_with_files(state)}
    if not uuids:
        return
    files = Prefetch("files", EditionFile.objects.select_related("file"))
    editions = Edition.objects.filter(uuid__in=uuids, erased_at=None).prefetch_related(files)
    for edition in editions.order_by("pk"):
        if digest_of(edition.content) == edition.digest:  # else it is reported, and may be no JSON
            yield from storage.find_file_problems(edition)
            yield from _check_facts(edition)


def _find_editions_with_files(state: State) -> Iterator[str]:
    for key, row in state.items():
        name, _, rest = key.partition(":")
        if name == "file":
            yield rest.partition(":")[0]
        elif name == "edition" and NAMED_FILE in row["content"]:
            yield rest


def _check_facts(edition: Edition) -> Iterator[str]:
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in edition.content_data.get("files", []):
        for file in (entry, *entry["narrower"]):
            entries[file["digest"]].append(file | {"name": entry["name"]})
    for row in edition.files.all():
        # The same bytes may have been uploaded twice, under two names.
        if row.file.digest in entries and not any(
            _is_described(row, entry) for entry in entries[row.file.digest]
        ):
            yield (
                f"The file {row.file_id} of edition {edition.sequence} of statement "
                f"{edition.statement_id} is not described as in its words."
            )


def _is_described(row: EditionFile, entry: dict[str, Any]) -> bool:
    return row.name == entry["name"] and all(
        getattr(row.file, column) == entry.get(key) for key, column in FACTS.items()
    )
