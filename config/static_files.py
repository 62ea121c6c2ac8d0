"""Addresses of style sheets and scripts, which a page can do without."""

import logging
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

NEEDED_FILES = (
    "public.css",
    "newsdesk/tokens.css",
    "newsdesk/components.css",
    "newsdesk/shell.css",
    "newsdesk/autosave.js",
)

logger = logging.getLogger(__name__)


class ForgivingManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Give an address to a file that was not collected, so that pages come out, without it.

    Django raises ValueError instead, and every page would be an error.
    """

    # A script that imports another gets its address with the hash, as pages do: else it would run
    # twice.
    support_js_module_import_aggregation = True
    missing_names: ClassVar[set[str]] = set()

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            if name not in self.missing_names:
                self.missing_names.add(name)
                logger.warning("%s was not collected: run manage.py collectstatic.", name)
            return name


def find_missing_files() -> list[str]:
    """Return which of the most important files this process cannot serve."""
    storage: Any = staticfiles_storage  # a lazy object of the class in STORAGES
    if not isinstance(storage, ForgivingManifestStorage):
        return []  # in development and in tests they are served from their source
    names: dict[str, str] = storage.hashed_files
    return [name for name in NEEDED_FILES if not _is_served(names.get(name))]


def _is_served(hashed_name: str | None) -> bool:
    return hashed_name is not None and (Path(settings.STATIC_ROOT) / hashed_name).exists()
