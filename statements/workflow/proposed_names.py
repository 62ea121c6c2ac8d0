"""Confirm the names that a draft proposed. Approval does, in its own transaction."""

from collections import defaultdict
from typing import Any

from django.db.models import Q

from statements.content.schema import list_passages
from statements.models import Edition, ProposedName


def confirm_names(edition: Edition) -> dict[str, Any]:
    """Confirm every proposed name that this edition uses; return the detail for the event.

    The names are those of its passages, also where another draft proposed them, and the themes of
    its statement. Call it before anything gets a release time: triggers refuse the opposite.
    """
    used = find_names_in_use(edition)
    ids: dict[str, set[int]] = defaultdict(set)
    for proposal in used:
        ids[proposal.kind].add(proposal.name.pk)
    for kind, numbers in ids.items():
        ProposedName.objects.filter(**{f"{kind}__in": numbers}).delete()
    return {"confirmed": {kind: sorted(numbers) for kind, numbers in ids.items()}} if ids else {}


def find_names_in_use(edition: Edition) -> list[ProposedName]:
    """Return the proposed names that an edition uses."""
    candidates = ProposedName.objects.filter(
        Q(speaker__voices__edition=edition)
        | Q(organisation__voices__edition=edition)
        | Q(appointment__speaker__voices__edition=edition)
        | Q(theme__items__content_object=edition.statement_id)
    ).select_related("speaker", "appointment__organisation", "organisation", "theme")
    appointments = set(edition.voices.values_list("appointment", flat=True))
    roles = _list_roles(edition)
    return [
        proposal
        for proposal in candidates.distinct()
        if proposal.appointment is None
        or proposal.appointment.pk in appointments
        or (proposal.appointment.role, proposal.appointment.organisation.slug) in roles
    ]


def _list_roles(edition: Edition) -> set[tuple[str, str]]:
    """Return role and organisation of every speaker; a speaker is listed under one of them."""
    speakers = [passage["speaker"] for passage in list_passages(edition.content_data)]
    return {
        (speaker["role"], (speaker["organisation"] or {}).get("slug", ""))
        for speaker in speakers
        if speaker and speaker["role"]
    }
