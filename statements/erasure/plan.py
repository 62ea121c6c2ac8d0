"""Find what an erasure of one edition covers: everything with the same words."""

from statements.content.reading import same_words
from statements.erasure.place import ErasureScope
from statements.models import Edition


def find_scope(edition: Edition) -> ErasureScope:
    """Collect what an erasure of this edition erases and what stays, before anything changes."""
    statement, words = edition.statement, edition.content_data
    equal: list[Edition] = []
    kept: list[Edition] = []
    for other in statement.editions.filter(erased_at=None).order_by("sequence"):
        (equal if same_words(other.content_data, words) else kept).append(other)
    draft = statement.content()
    is_draft_erased = same_words(draft, words)
    addresses = statement.addresses.filter(erased_at=None).values_list("slug", flat=True)
    return ErasureScope(
        statement=statement,
        editions=equal,
        kept_editions=kept,
        contents=[*(other.content_data for other in equal), *([draft] if is_draft_erased else [])],
        slugs=frozenset(addresses) - {other.slug for other in kept},
        is_draft_erased=is_draft_erased,
    )
