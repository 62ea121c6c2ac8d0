"""Describe what is imported together, and the digest that a second manager approves."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from django.conf import settings

from archive.beside_files import BesideFiles, find_beside_files
from archive.mapping import Mapping
from archive.readers.source import SourceFile, SourceFiles, find_files
from statements.integrity.keys import keyed_hash


@dataclass
class ImportSource:
    """The files that are imported together, and how to understand them."""

    file_sets: list[SourceFiles]
    mapping: Mapping

    @property
    def files(self) -> Iterator[SourceFile]:
        return itertools.chain.from_iterable(files.files for files in self.file_sets)

    @cached_property
    def beside_files(self) -> BesideFiles:
        """Return the files that belong to statements and are none."""
        return find_beside_files(self.files, self.mapping)

    @property
    def statement_files(self) -> Iterator[SourceFile]:
        return (file for file in self.files if file not in self.beside_files)

    def digest(self) -> str:
        """Return the keyed hash of these bytes, understood by this mapping."""
        total = hashlib.sha256(self.mapping.to_toml().encode())
        for files in self.file_sets:
            total.update(files.digest().encode())
        return keyed_hash("import source", total.hexdigest())

    def format_names(self) -> str:
        return ", ".join(dict.fromkeys(file.name for file in itertools.islice(self.files, 20)))


def load_source(paths: Iterable[Path], mapping: Mapping) -> ImportSource:
    """Find the files under the paths. Raises UnreadableSource with a sentence.

    Times without a zone are in that of the site, unless the mapping names another.
    """
    mapping = replace(mapping, time_zone=mapping.time_zone or settings.TIME_ZONE)
    return ImportSource([find_files(path) for path in paths], mapping)
