"""What is brought in together, and the digest that a second person agrees to."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.mapping import Mapping
from archive.readers.source import Found, Source, find


@dataclass
class Lot:
    """Everything that is brought in together: the files, and how to understand them."""

    found: list[Found]
    mapping: Mapping

    @property
    def files(self) -> Iterator[Source]:
        return itertools.chain.from_iterable(one.files for one in self.found)

    def digest(self) -> str:
        """What a second person agrees to: these bytes, understood in this way."""
        total = hashlib.sha256(self.mapping.toml().encode())
        for found in self.found:
            total.update(found.digest().encode())
        return total.hexdigest()

    def names(self) -> str:
        return ", ".join(dict.fromkeys(file.name for file in itertools.islice(self.files, 20)))


def lot_of(paths: Iterable[Path], mapping: Mapping) -> Lot:
    """Raises NothingToRead with a sentence."""
    return Lot([find(path) for path in paths], mapping)
