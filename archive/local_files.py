"""Find the local files that a row names, in the folder or zip that was given.

Only files that were given are found, so no path leads out of the source. Nothing is fetched.
"""

import posixpath
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from archive.readers.source import SourceFile

SIZE_SUFFIX = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")
"""WordPress adds this to the names of smaller copies of a picture."""


class LocalFiles:
    """The files of an import source, by path and by the last part of their names."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._files_by_path: dict[str, SourceFile] = {}
        self._paths_by_name: dict[str, list[str]] = {}
        for file in files:
            if file.has_siblings:
                self._files_by_path[file.name] = file
                self._paths_by_name.setdefault(PurePosixPath(file.name).name, []).append(file.name)

    def find(self, url: str, *, named_in: str) -> SourceFile | None:
        """Return the file that a URL in the file `named_in` means; None where none was given."""
        if not self._files_by_path:
            return None
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return None
        path = unquote(parts.path).replace("\\", "/")
        if parts.scheme not in ("", "http", "https", "file") or not path.strip("/"):
            return None
        for candidate in dict.fromkeys((SIZE_SUFFIX.sub("", path), path)):
            if known_path := self._find_path(
                candidate, named_in=named_in, relative=not (parts.netloc or path[0] == "/")
            ):
                return self._files_by_path[known_path]
        return None

    def _find_path(self, path: str, *, named_in: str, relative: bool) -> str:
        if relative:
            joined = posixpath.normpath(posixpath.join(posixpath.dirname(named_in), path))
            leads_out = joined.startswith("..")
            return (
                joined
                if joined in self._files_by_path
                else self._find_by_ending(path, min_parts=1 + leads_out)
            )
        bare = path.lstrip("/")
        return bare if bare in self._files_by_path else self._find_by_ending(bare, min_parts=2)

    def _find_by_ending(self, path: str, *, min_parts: int) -> str:
        """Return the only file whose path ends like this one, by at least `min_parts` names.

        URLs of the old site start with other folders than a copy of its files. One name is not
        enough for a URL, because many files are called logo.png.
        """
        parts = PurePosixPath(posixpath.normpath(path)).parts
        best: dict[int, list[str]] = {}
        for name in self._paths_by_name.get(parts[-1], []):
            best.setdefault(_count_common_parts(parts, PurePosixPath(name).parts), []).append(name)
        most = max(best, default=0)
        return best[most][0] if most >= min_parts and len(best[most]) == 1 else ""


def _count_common_parts(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    pairs = zip(reversed(first), reversed(second), strict=False)
    return next(
        (count for count, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second))
    )
