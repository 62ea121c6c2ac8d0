"""Choose the slug of a new speaker, organisation or theme, without telling what else has one."""

from collections.abc import Container, Iterable, Iterator

from django.db import models

from statements.content.slugs import MAX_SLUG_CHARS, slug_base
from statements.integrity.keys import keyed_hash

MAX_ENDING_CHARS = 40
LETTERS = 8


def find_free_slug(model: type[models.Model], name: str, *, words: Iterable[str] = ()) -> str:
    """Return a slug of the name that no row has or had; see `choose_name_slug`."""
    return choose_name_slug(model, name, words=words, taken=_SlugsOf(model))


class _SlugsOf:
    """The slugs that rows of a model have or had, looked up one by one."""

    def __init__(self, model: type[models.Model]) -> None:
        self.rows = model._default_manager.all()  # noqa: SLF001  (Django's public API)

    def __contains__(self, slug: object) -> bool:
        in_use = self.rows.filter(slug=slug).exists()
        return in_use or self.rows.filter(former_slugs__slug=slug).exists()


def load_slugs(model: type[models.Model]) -> set[str]:
    """Return every slug that a row of this model has, or had before."""
    rows = model._default_manager.values_list("slug", "former_slugs__slug")  # noqa: SLF001  (Django's public API)
    return {slug for slugs in rows for slug in slugs if slug}


def choose_name_slug(
    model: type[models.Model], name: str, *, words: Iterable[str], taken: Container[str]
) -> str:
    """Return the first free slug of the name.

    A taken one goes on with words that a person might have typed, such as the organisation, and at
    last with letters that nobody can guess: a number would tell that somebody of this name is here,
    before a statement that names them is public.
    """
    return next(slug for slug in _propose_slugs(model, name, words) if slug not in taken)


def _propose_slugs(model: type[models.Model], name: str, words: Iterable[str]) -> Iterator[str]:
    kind = model.__name__.lower()
    base = slug_base(name, default=kind)
    endings = [slug_base(text, default="") for text in words if text]
    yield base
    for ending in filter(None, [*endings, "-".join(filter(None, endings))]):
        yield _append(base, ending)
    attempt = 0
    while True:
        yield _append(base, keyed_hash("slug", f"{kind}\0{name}\0{attempt}")[:LETTERS])
        attempt += 1


def _append(base: str, ending: str) -> str:
    ending = f"-{ending[:MAX_ENDING_CHARS]}".rstrip("-")
    return base[: MAX_SLUG_CHARS - len(ending)].rstrip("-") + ending
