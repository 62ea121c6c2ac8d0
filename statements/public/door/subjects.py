"""Themes, speakers and bodies as readers meet them on pages of their own: one query each.

Those with a public edition only: any other cannot be told from one that does not exist. Shown as
they are now, for they lie outside the words.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models.functions import Lower

from organisations.models import Contact
from statements.public.editions import PUBLIC_NAMES, Named, called, reached


@dataclass(frozen=True)
class Entry:
    """A line of an index: a name, where the alphabet has it, and the date of its newest."""

    slug: str
    name: str
    place: str
    newest: dt.datetime


@dataclass(frozen=True)
class Subject:
    """Whose page it is, and the text that managers wrote about it."""

    named: Named
    about: str


@dataclass(frozen=True)
class Body(Subject):
    short_name: str
    website: str


def index(what: str, *, start: str, most: int, at: dt.datetime) -> list[Entry]:
    """At most so many names in the order of the alphabet, from these letters on.

    Steps once along an index for each name there is, whatever the size of the archive.
    """
    rows = PUBLIC_NAMES[what](at).annotate(place=Lower("name")).filter(place__gte=start.lower())
    listed = rows.order_by("place", "pk").values_list("slug", "name", "place", "newest")
    return [Entry(*row) for row in listed[:most]]


def theme(slug: str, *, at: dt.datetime) -> Subject | None:
    row = PUBLIC_NAMES["theme"](at).filter(called("theme", slug)).first()
    return Subject(Named(row.pk, row.slug, row.name), row.description) if row else None


def speaker(slug: str, *, at: dt.datetime) -> Subject | None:
    """With every address that they had: words of that day were frozen with the one they had."""
    columns = ("pk", "slug", "name", "biography", "former_slugs__slug")
    rows = PUBLIC_NAMES["speaker"](at).filter(called("speaker", slug)).values(*columns)
    if not rows:
        return None
    one, former = rows[0], {row["former_slugs__slug"] for row in rows} - {None}
    return Subject(Named(one["pk"], one["slug"], one["name"], frozenset(former)), one["biography"])


def organisation(slug: str, *, at: dt.datetime) -> Body | None:
    row = PUBLIC_NAMES["organisation"](at).filter(called("organisation", slug)).first()
    if row is None:
        return None
    named = Named(row.pk, row.slug, row.name)
    return Body(named, row.boilerplate, row.short_name, row.website)


def contacts(body: Body) -> list[dict[str, str]]:
    """Whom journalists ring. To enter a contact is to print it: none waits for a statement."""
    rows = Contact.objects.filter(organisation=body.named.pk).order_by("name", "pk")
    return [reached(contact) for contact in rows]
