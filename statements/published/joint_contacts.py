"""The press contacts of those who publish a statement beside its first publisher."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from organisations.models import Contact
from statements.published.editions import CONTACT_FIELDS


@dataclass(frozen=True)
class JointContact:
    """The usual press contact of a further publisher, as it is now."""

    publisher: str
    details: dict[str, str]


def load_joint_contacts(
    publishers: Sequence[Mapping[str, str]], first_contact: Mapping[str, str]
) -> list[JointContact]:
    """Return the usual contact of each publisher but the first, in their order.

    The contact chosen for the statement is not repeated. One query, if there are several.
    """
    further = {publisher["slug"]: publisher for publisher in publishers[1:]}
    if not further:
        return []
    contacts = _load_usual_contacts(list(further))
    return [
        JointContact(publisher.get("short_name") or publisher["name"], contacts[slug])
        for slug, publisher in further.items()
        if slug in contacts and contacts[slug] != first_contact
    ]


def _load_usual_contacts(slugs: list[str]) -> dict[str, dict[str, str]]:
    """Return the usual contacts by slug; an edition keeps the slug that was former since."""
    current, former = "organisation__slug", "organisation__former_slugs__slug"
    rows = Contact.objects.filter(
        Q(**{f"{current}__in": slugs}) | Q(**{f"{former}__in": slugs}), is_default=True
    ).values(current, former, *CONTACT_FIELDS)
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        details = {name: row[name] for name in CONTACT_FIELDS}
        found |= {slug: details for slug in (row[former], row[current]) if slug}
    return found
