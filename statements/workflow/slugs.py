"""Choose and reserve the slug of a statement, without telling what else has one."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from statements.content.slugs import propose_slugs, slug_base
from statements.models import Statement, StatementSlug
from statements.readiness import Problem
from statements.workflow.transitions import Refused

MIN_UUID_LETTERS = 6


def slug_taken_problem(slug: str) -> Problem:
    """Return the one sentence for a taken slug, whatever has it."""
    return Problem(
        "slug",
        _("The address “%(slug)s” is taken.") % {"slug": slug},
        _("Choose another, or leave it empty: then one is made from the headline."),
    )


def slug_problems(statement: Statement) -> list[Problem]:
    """Return a problem if the chosen slug belongs to another statement."""
    if statement.slug and _find_taken([statement.slug], statement):
        return [slug_taken_problem(statement.slug)]
    return []


def choose_slug(statement: Statement, at: dt.datetime) -> str:
    """Return the slug that the draft has, else the first free one made from the headline.

    Where all are taken, it ends in letters of the statement's UUID: a thousand statements of one
    day may be called “Press release”.
    """
    if statement.slug:
        return statement.slug
    candidates = list_candidates(statement, at)
    taken = _find_taken(candidates, statement)
    return next(slug for slug in candidates if slug not in taken)


def list_candidates(statement: Statement, at: dt.datetime) -> list[str]:
    """Return the slugs that could be made from the headline, the best first."""
    organisation = statement.organisation
    name = slug_base(organisation.short_name, default=organisation.slug) if organisation else ""
    day = statement.dated_on or timezone.localdate(at)
    proposed = dict.fromkeys(propose_slugs(statement.headline, name, day))
    first, letters = next(iter(proposed)), statement.uuid.hex
    return [*proposed, f"{first}-{letters[:MIN_UUID_LETTERS]}", f"{first[:60]}-{letters}"]


def _find_taken(slugs: Sequence[str], statement: Statement) -> set[str]:
    return StatementSlug.objects.find_taken(slugs, but_not=statement)


def reserve_slug(statement: Statement, slug: str) -> None:
    """Reserve a slug for this statement for ever. One that was erased comes back to nobody."""
    if StatementSlug.objects.find_erased(slug).exists():
        raise Refused([slug_taken_problem(slug)])
    reserved, _ = StatementSlug.objects.get_or_create(slug=slug, defaults={"statement": statement})
    if reserved.statement_id != statement.pk:  # taken since it was chosen
        raise Refused([slug_taken_problem(slug)])


def assign_slugs(statements: Sequence[tuple[Statement, dt.datetime]]) -> list[str]:
    """Return a free slug for each statement with its release time, as `choose_slug` would."""
    first_choices = [
        statement.slug or list_candidates(statement, at)[0] for statement, at in statements
    ]
    taken = _find_all_taken(first_choices)
    alternatives = {
        index: list_candidates(*statements[index])
        for index, slug in enumerate(first_choices)
        if slug in taken or first_choices.index(slug) < index
    }
    taken |= _find_all_taken([slug for slugs in alternatives.values() for slug in slugs])
    assigned = []
    for index, slug in enumerate(first_choices):
        candidates = [slug, *alternatives.get(index, ())]
        assigned.append(next(candidate for candidate in candidates if candidate not in taken))
        taken.add(assigned[-1])
    return assigned


def _find_all_taken(slugs: Sequence[str]) -> set[str]:
    return StatementSlug.objects.find_taken(slugs)
