"""Make the page of a draft that nobody submitted, from content that need not be saved."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from organisations.models import Speaker
from statements.content.byline import make_byline
from statements.content.schema import canonical
from statements.models import Edition, Statement, Theme
from statements.published.editions import PublicName, StatementPage, contact_details

NO_ROW = 0
"""The id of an edition that does not exist: no query finds anything of it."""


def build_draft_page(
    statement: Statement, content: Mapping[str, Any], *, themes: Iterable[Theme] = ()
) -> StatementPage:
    """Return the page of this content as if it had been submitted and released.

    `statement` has the metadata, and need not be saved. No neighbours are looked for.
    """
    return StatementPage(
        edition=_make_edition(statement, content),
        publisher_slug=statement.organisation.slug if statement.organisation else "",
        contact=contact_details(statement.contact) if statement.contact else {},
        themes=[PublicName(theme.pk, theme.slug, theme.name) for theme in themes],
        original_id=statement.translation_of_id,
        speaker_id=None,
    )


def _make_edition(statement: Statement, content: Mapping[str, Any]) -> Edition:
    """Return an unsaved edition, first released when its authors want it released."""
    dated_on = content["dated_on"]
    return Edition(
        pk=NO_ROW,
        statement_id=statement.pk or NO_ROW,
        content=canonical(content),
        headline=content["headline"],
        summary=content["summary"],
        byline=make_byline(content),
        kind=content["kind"],
        language=content["language"],
        dated_on=dt.date.fromisoformat(dated_on) if dated_on else None,
        slug=content["slug"],
        amendment=content["amendment"],
        public_note=content["note"],
        first_release_at=statement.first_release_at or statement.requested_release_at,
    )


def name_speakers(speakers: Iterable[Speaker]) -> list[PublicName]:
    """Return each speaker once, as a public page names those who have a profile page."""
    by_id = {speaker.pk: speaker for speaker in speakers}
    return [PublicName(pk, speaker.slug, speaker.name) for pk, speaker in by_id.items()]
