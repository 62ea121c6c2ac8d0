"""Freeze content as an edition, with its attributions, files and slug."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from statements.content.byline import make_byline
from statements.content.schema import digest_of
from statements.content.slugs import slug_base
from statements.models import (
    ApprovalRule,
    Edition,
    EditionAttribution,
    EditionFile,
    Passage,
    Statement,
    StatementSlug,
)
from statements.readiness import Problem
from statements.workflow.transitions import Refused


def create_edition(
    statement: Statement,
    text: str,
    *,
    by: User,
    at: dt.datetime,
    amendment: str,
    public_note: str,
    **decision: Any,
) -> Edition:
    """Save the draft as an edition, with copies of everything that readers see."""
    contributors = statement.contributions.order_by("user").values_list("user_id", flat=True)
    edition = build_edition(
        statement,
        text,
        sequence=find_next_sequence(statement),
        slug=_reserve_slug(statement),
        amendment=amendment,
        public_note=public_note,
        submitted_by=by,
        submitted_at=at,
        contributors="," + "".join(f"{pk}," for pk in contributors),
        **decision,
    )
    edition.save(force_insert=True)
    EditionAttribution.objects.bulk_create(
        build_attributions(edition, statement.passages.in_order())
    )
    attach_files(edition, statement)
    return edition


def build_edition(statement: Statement, text: str, **fields: Any) -> Edition:
    """Return an unsaved edition with this content."""
    assert statement.organisation, "A submission without a publisher is refused before this."
    content = json.loads(text)
    return Edition(
        statement=statement,
        content=text,
        digest=digest_of(text),
        headline=content["headline"],
        summary=content["summary"],
        byline=make_byline(content),
        kind=statement.kind,
        organisation=statement.organisation,
        language=statement.language,
        dated_on=statement.dated_on,
        requested_release_at=statement.requested_release_at,
        **fields,
    )


def find_next_sequence(statement: Statement) -> int:
    """Return the number of the next edition."""
    last = statement.editions.order_by("-sequence").values_list("sequence", flat=True).first()
    return (last or 0) + 1


def build_attributions(edition: Edition, passages: Iterable[Passage]) -> list[EditionAttribution]:
    """Return the unsaved rows that list the edition under its speakers and organisations."""
    roles: dict[int, int | None] = {}
    organisations = {edition.organisation_id}
    for passage in passages:
        if passage.speaker_id:
            role = passage.resolve_appointment(
                explicit_roles_only=edition.rule == ApprovalRule.IMPORT
            )
            roles[passage.speaker_id] = roles.get(passage.speaker_id) or (role.pk if role else None)
            organisations |= {role.organisation_id} if role else set()
    shared_columns = {
        "edition_id": edition.pk,
        "statement_id": edition.statement_id,
        "first_release_at": edition.first_release_at,
        "release_at": edition.release_at,
        "live_until": edition.live_until,
    }
    return [
        *(
            EditionAttribution(speaker_id=pk, appointment_id=role, **shared_columns)
            for pk, role in sorted(roles.items())
        ),
        *(EditionAttribution(organisation_id=pk, **shared_columns) for pk in sorted(organisations)),
    ]


def attach_files(edition: Edition, statement: Statement) -> None:
    """Record the files that the edition carries, narrower pictures included."""
    names: dict[int, str] = {}
    for attachment in statement.attachments.in_order():
        for file in (attachment.file, *attachment.file.narrower.all()):
            names.setdefault(file.pk, attachment.name)
    EditionFile.objects.bulk_create(
        EditionFile(edition=edition, file_id=pk, name=name) for pk, name in names.items()
    )


def slug_problems(statement: Statement) -> list[Problem]:
    """Return a problem if the chosen slug belongs to another statement."""
    conflicts = StatementSlug.objects.filter(slug=statement.slug).exclude(statement=statement)
    return [_slug_taken_problem(statement.slug)] if statement.slug and conflicts.exists() else []


def _slug_taken_problem(slug: str) -> Problem:
    return Problem(
        "slug",
        f"The address “{slug}” belongs to another statement.",
        "Choose another, or leave it empty.",
    )


def _reserve_slug(statement: Statement) -> str:
    """Reserve the slug that the draft has, else one made from the headline."""
    if statement.slug:
        reserved, _ = StatementSlug.objects.get_or_create(
            slug=statement.slug, defaults={"statement": statement}
        )
        if reserved.statement_id != statement.pk:  # taken since slug_problems looked
            raise Refused([_slug_taken_problem(statement.slug)])
        return statement.slug
    slug = base = slug_base(statement.headline, default="statement")
    number = 1
    while not StatementSlug.objects.get_or_create(slug=slug, defaults={"statement": statement})[1]:
        number += 1
        slug = f"{base}-{number}"
    return slug
