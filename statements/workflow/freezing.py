"""Freeze content as an edition, with its slug, attributions and files."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from organisations.models import Organisation
from statements.content.byline import make_byline
from statements.content.schema import canonical, digest_of
from statements.models import (
    ApprovalRule,
    Edition,
    EditionAttribution,
    EditionFile,
    Passage,
    Statement,
)
from statements.workflow.slugs import reserve_slug


def create_edition(
    statement: Statement,
    content: dict[str, Any],
    *,
    by: User,
    at: dt.datetime,
    **decision: Any,
) -> Edition:
    """Save complete content as an edition, and list what it names and carries."""
    reserve_slug(statement, content["slug"])
    contributors = statement.contributions.order_by("user").values_list("user_id", flat=True)
    edition = build_edition(
        statement,
        content,
        sequence=find_next_sequence(statement),
        submitted_by=by,
        submitted_at=at,
        contributors="," + "".join(f"{pk}," for pk in contributors),
        **{"first_released_on": find_first_day(statement)} | decision,
    )
    edition.save(force_insert=True)
    EditionAttribution.objects.bulk_create(
        build_attributions(
            edition, statement.passages.in_order(), publishers=statement.list_publishers()
        )
    )
    attach_files(edition, statement)
    return edition


def build_edition(statement: Statement, content: dict[str, Any], **fields: Any) -> Edition:
    """Return an unsaved edition with this content, and copies of what lists show."""
    assert statement.organisation, "A submission without a publisher is refused before this."
    text = canonical(content)
    return Edition(
        statement=statement,
        content=text,
        digest=digest_of(text),
        headline=content["headline"],
        summary=content["summary"],
        byline=make_byline(content),
        slug=content["slug"],
        amendment=content["amendment"],
        public_note=content["note"],
        kind=statement.kind,
        organisation=statement.organisation,
        language=statement.language,
        dated_on=statement.dated_on,
        requested_release_at=statement.requested_release_at,
        embargo_line=statement.embargo_line,
        embargo_until=statement.embargo_until,
        **fields,
    )


def find_next_sequence(statement: Statement) -> int:
    """Return the number of the next edition."""
    last = statement.editions.order_by("-sequence").values_list("sequence", flat=True).first()
    return (last or 0) + 1


def find_first_day(statement: Statement) -> dt.date | None:
    """Return the day of the first release, where it was imported without a time."""
    days = statement.editions.filter(first_released_on__isnull=False)
    return days.values_list("first_released_on", flat=True).first()


def build_attributions(
    edition: Edition, passages: Iterable[Passage], *, publishers: Iterable[Organisation]
) -> list[EditionAttribution]:
    """Return the unsaved rows that list the edition under its speakers and organisations."""
    roles: dict[int, int | None] = {}
    organisations = {organisation.pk for organisation in publishers}
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
