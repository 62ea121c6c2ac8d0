"""Keep new people, organisations and themes in memory, so that a dry run writes nothing."""

from collections.abc import Iterable

from django.db import models, transaction

from organisations.models import Organisation, Speaker
from statements.drafting.name_slugs import choose_name_slug, load_slugs
from statements.models import Theme

MAX_NAME_CHARS = 200


class NewObjects:
    """The new objects that nobody has saved yet, in the order in which to save them."""

    def __init__(self) -> None:
        self._unsaved: list[models.Model] = []
        self._slugs: dict[type[models.Model], set[str]] = {
            model: load_slugs(model) for model in (Speaker, Organisation, Theme)
        }

    def add(self, new_object: models.Model) -> None:
        self._unsaved.append(new_object)

    def choose_slug(
        self, model: type[models.Model], name: str, *, words: Iterable[str] = ()
    ) -> str:
        slug = choose_name_slug(model, name, words=words, taken=self._slugs[model])
        self._slugs[model].add(slug)
        return slug

    def pop(self) -> list[models.Model]:
        """Return the new objects since the last call."""
        new, self._unsaved = self._unsaved, []
        return new

    @staticmethod
    @transaction.atomic
    def save(new: list[models.Model]) -> None:
        for new_object in new:
            new_object.save()
