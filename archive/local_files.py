"""What lies beside the words in the folder or zip that was given: found by what a row says of it.

Only a file that was given is ever found, so that no path leads elsewhere. Nothing is fetched.
"""

import posixpath
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from archive.readers.source import SourceFile

SIZE_SUFFIX = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")
"""How WordPress names the smaller copies of a picture; the picture itself lies beside them."""


class LocalFiles:
    """The files of a lot, by their paths and by their last names."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._files_by_path: dict[str, SourceFile] = {}
        self._paths_by_name: dict[str, list[str]] = {}
        for file in files:
            if file.has_siblings:
                self._files_by_path[file.name] = file
                self._paths_by_name.setdefault(PurePosixPath(file.name).name, []).append(file.name)

    def find(self, address: str, *, named_in: str) -> SourceFile | None:
        """The file that this address means, named in the file `of`; None where none was given."""
        if not self._files_by_path:
            return None
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        path = unquote(parts.path).replace("\\", "/")
        if parts.scheme not in ("", "http", "https", "file") or not path.strip("/"):
            return None
        for wanted in dict.fromkeys((SIZE_SUFFIX.sub("", path), path)):
            if found := self._find_path(
                wanted, named_in=named_in, relative=not (parts.netloc or path[0] == "/")
            ):
                return self._files_by_path[found]
        return None

    def _find_path(self, path: str, *, named_in: str, relative: bool) -> str:
        if relative:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(named_in), path))
            leads_out = beside.startswith("..")
            return (
                beside
                if beside in self._files_by_path
                else self._find_by_ending(path, min_parts=1 + leads_out)
            )
        bare = path.lstrip("/")
        return bare if bare in self._files_by_path else self._find_by_ending(bare, min_parts=2)

    def _find_by_ending(self, path: str, *, min_parts: int) -> str:
        """The one file whose path ends as this does, in at least so many names.

        An old site's addresses begin elsewhere than a folder of its files does; and there are many
        called logo.png, so that one name is not enough for an address.
        """
        wanted = PurePosixPath(posixpath.normpath(path)).parts
        best: dict[int, list[str]] = {}
        for name in self._paths_by_name.get(wanted[-1], []):
            best.setdefault(_count_common_parts(wanted, PurePosixPath(name).parts), []).append(name)
        most = max(best, default=0)
        return best[most][0] if most >= min_parts and len(best[most]) == 1 else ""


def _count_common_parts(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
