"""The list of new names in a review: what a draft proposes, and which known names it might mean."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from organisations.models import Speaker
from organisations.tenures import format_day
from statements.drafting.proposals import find_proposed_names
from statements.models import ProposedName, Statement, is_confirmed
from statements.newsdesk.user_names import get_display_name
from statements.roles import MANAGERS, is_in_group

MAX_NAMESAKES = 3


@dataclass(frozen=True)
class NewName:
    """A line of the list; `namesakes` are confirmed speakers who could be the same person."""

    text: str
    kind: str
    by: str
    about: str = ""
    namesakes: list[Speaker] = field(default_factory=list)
    merge_url: str = ""


def list_new_names(statement: Statement, *, viewer: User) -> list[NewName]:
    """Return what this draft proposes, a role on the line of its speaker where both are new."""
    proposals = find_proposed_names(statement)
    speakers = {row.speaker_id for row in proposals if row.speaker_id}
    roles = [row.appointment for row in proposals if row.appointment]
    if not proposals:
        return []
    can_merge = is_in_group(viewer, MANAGERS)
    return [
        _build(proposal, roles, can_merge=can_merge)
        for proposal in proposals
        if not (proposal.appointment and proposal.appointment.speaker_id in speakers)
    ]


def _build(proposal: ProposedName, roles: list[Any], *, can_merge: bool) -> NewName:
    by = get_display_name(proposal.by)
    if proposal.speaker is not None:
        speaker = proposal.speaker
        own = [_describe_role(role) for role in roles if role.speaker_id == speaker.pk]
        namesakes = _find_namesakes(speaker)
        merge_url = reverse("admin:merge_speaker", args=[speaker.pk])
        return NewName(
            speaker.name,
            _("Speaker"),
            by,
            about="; ".join(own),
            namesakes=namesakes,
            merge_url=merge_url if can_merge and namesakes else "",
        )
    if proposal.appointment is not None:
        role = proposal.appointment
        return NewName(role.speaker.name, _("Role"), by, about=_describe_role(role))
    kind = _("Organisation") if proposal.organisation else _("Theme")
    return NewName(str(proposal.name), kind, by)


def _describe_role(role: Any) -> str:
    values = {"role": role.role, "organisation": role.organisation}
    if role.starts_on is None:
        return _("%(role)s, %(organisation)s") % values
    values["day"] = format_day(role.starts_on)
    return _("%(role)s, %(organisation)s, from %(day)s") % values


def _find_namesakes(speaker: Speaker) -> list[Speaker]:
    same = Q(given_key=speaker.given_key)
    rows = Speaker.objects.filter(same).filter(is_confirmed()).exclude(pk=speaker.pk)
    return list(rows.order_by("pk")[:MAX_NAMESAKES])
