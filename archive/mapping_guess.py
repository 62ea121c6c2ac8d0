"""The mapping that a lot seems to ask for."""

from contextlib import suppress
from dataclasses import replace
from itertools import islice

from archive.formats import recognise
from archive.import_source import Lot
from archive.mapping import Mapping
from archive.readers.row import NothingToRead
from archive.readers.source import DAMAGED

MOST_ASKED = 50


def proposed(lot: Lot) -> Mapping:
    """With what the source's own names seem to mean.

    Without them where its files name things differently: then each file is understood by itself.
    """
    found: list[dict[str, list[str]]] = []
    for file in islice(lot.files, MOST_ASKED):
        with suppress(NothingToRead, *DAMAGED):  # said of that file, in its turn
            form = recognise(file)
            if form is not None and form.propose is not None:
                found.append(form.propose(file))
    alike = found and all(one == found[0] for one in found)
    return replace(lot.mapping, fields=found[0] if alike else {})
