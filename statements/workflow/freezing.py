"""The words as they are frozen: an edition with its voices, files and address."""

import datetime as dt
import json
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.text import slugify

from statements.content.byline import make_byline
from statements.content.schema import digest_of
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
    **decision,
) -> Edition:
    """Write the edition with its voices and address; everything copied, nothing referred to."""
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


def build_edition(statement: Statement, text: str, **facts) -> Edition:
    """An edition of these words, not yet in the database."""
    assert statement.organisation, "Readiness asks for a publisher before words are frozen."
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
        **facts,
    )


def find_next_sequence(statement: Statement) -> int:
    last = statement.editions.order_by("-sequence").values_list("sequence", flat=True).first()
    return (last or 0) + 1


def build_attributions(edition: Edition, passages: Iterable[Passage]) -> list[EditionAttribution]:
    """The lists that the edition is to stand in, with its own times."""
    roles: dict[int, int | None] = {}
    bodies = {edition.organisation_id}
    for passage in passages:
        if passage.speaker_id:
            role = passage.resolve_appointment(
                explicit_roles_only=edition.rule == ApprovalRule.IMPORT
            )
            roles[passage.speaker_id] = roles.get(passage.speaker_id) or (role.pk if role else None)
            bodies |= {role.organisation_id} if role else set()
    same = {
        "edition_id": edition.pk,
        "statement_id": edition.statement_id,
        "first_release_at": edition.first_release_at,
        "release_at": edition.release_at,
        "live_until": edition.live_until,
    }
    return [
        *(
            EditionAttribution(speaker_id=pk, appointment_id=role, **same)
            for pk, role in sorted(roles.items())
        ),
        *(EditionAttribution(organisation_id=pk, **same) for pk in sorted(bodies)),
    ]


def attach_files(edition: Edition, statement: Statement) -> None:
    """Every file of the working copy, and of a picture the narrower ones too."""
    names: dict[int, str] = {}
    for attachment in statement.attachments.in_order():
        for file in (attachment.file, *attachment.file.narrower.all()):
            names.setdefault(file.pk, attachment.name)
    EditionFile.objects.bulk_create(
        EditionFile(edition=edition, file_id=pk, name=name) for pk, name in names.items()
    )


def slug_problems(statement: Statement) -> list[Problem]:
    taken = StatementSlug.objects.filter(slug=statement.slug).exclude(statement=statement)
    return [_slug_taken_problem(statement.slug)] if statement.slug and taken.exists() else []


def _slug_taken_problem(slug: str) -> Problem:
    return Problem(
        "slug",
        f"The address “{slug}” belongs to another statement.",
        "Choose another, or leave it empty.",
    )


def _reserve_slug(statement: Statement) -> str:
    """The writer's own address, else the one it has, else one made from the headline."""
    if statement.slug:
        address, _ = StatementSlug.objects.get_or_create(
            slug=statement.slug, defaults={"statement": statement}
        )
        if address.statement_id != statement.pk:  # taken since we looked
            raise Refused([_slug_taken_problem(statement.slug)])
        return statement.slug
    root, number = slug_base(statement.headline), 1
    while True:
        slug = root if number == 1 else f"{root}-{number}"
        _, made = StatementSlug.objects.get_or_create(slug=slug, defaults={"statement": statement})
        if made:
            return slug
        number += 1


def slug_base(headline: str) -> str:
    return slugify(headline)[:90].strip("-") or "statement"
