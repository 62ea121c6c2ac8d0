"""The mapping that a lot seems to ask for."""

from contextlib import suppress
from dataclasses import replace
from itertools import islice

from archive.formats import detect_format
from archive.import_source import ImportSource
from archive.mapping import Mapping
from archive.readers.row import UnreadableSource
from archive.readers.source import READ_ERRORS

MAX_FILES_READ = 50


def guess_mapping(lot: ImportSource) -> Mapping:
    """With what the source's own names seem to mean.

    Without them where its files name things differently: then each file is understood by itself.
    """
    found: list[dict[str, list[str]]] = []
    for file in islice(lot.files, MAX_FILES_READ):
        with suppress(UnreadableSource, *READ_ERRORS):  # said of that file, in its turn
            form = detect_format(file)
            if form is not None and form.guess_fields is not None:
                found.append(form.guess_fields(file))
    alike = found and all(one == found[0] for one in found)
    return replace(lot.mapping, fields=found[0] if alike else {})
