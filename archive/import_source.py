"""What is brought in together, and the digest that a second person agrees to."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.mapping import Mapping
from archive.readers.source import SourceFile, SourceFiles, find_files


@dataclass
class ImportSource:
    """Everything that is brought in together: the files, and how to understand them."""

    file_sets: list[SourceFiles]
    mapping: Mapping

    @property
    def files(self) -> Iterator[SourceFile]:
        return itertools.chain.from_iterable(one.files for one in self.file_sets)

    def digest(self) -> str:
        """What a second person agrees to: these bytes, understood in this way."""
        total = hashlib.sha256(self.mapping.to_toml().encode())
        for found in self.file_sets:
            total.update(found.digest().encode())
        return total.hexdigest()

    def format_names(self) -> str:
        return ", ".join(dict.fromkeys(file.name for file in itertools.islice(self.files, 20)))


def load_source(paths: Iterable[Path], mapping: Mapping) -> ImportSource:
    """Raises NothingToRead with a sentence."""
    return ImportSource([find_files(path) for path in paths], mapping)
