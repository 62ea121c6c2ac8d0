"""Guess the mapping of an import source from the names in its files."""

from contextlib import suppress
from dataclasses import replace
from itertools import islice

from archive.formats import detect_format
from archive.import_source import ImportSource
from archive.mapping import Mapping
from archive.readers.row import UnreadableSource
from archive.readers.source import READ_ERRORS

MAX_FILES_READ = 50


def guess_mapping(source: ImportSource) -> Mapping:
    """Return the mapping with a guess of what the source's own field names mean.

    Without a guess where its files use different names: then each file is understood by itself.
    """
    guesses: list[dict[str, list[str]]] = []
    for file in islice(source.statement_files, MAX_FILES_READ):
        with suppress(UnreadableSource, *READ_ERRORS):  # reported when the file is imported
            form = detect_format(file)
            if form is not None and form.guess_fields is not None:
                guesses.append(form.guess_fields(file))
    is_uniform = guesses and all(guess == guesses[0] for guess in guesses)
    return replace(source.mapping, fields=guesses[0] if is_uniform else {})
