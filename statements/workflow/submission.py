"""Submit a draft to the editors."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements import readiness
from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.content.reading import same_words_and_slug
from statements.content.schema import Content, complete_content
from statements.models import (
    Action,
    Amendment,
    Edition,
    StaleVersion,
    State,
    Statement,
)
from statements.notifications import newsdesk
from statements.publicness import released_by
from statements.readiness import Problem
from statements.roles import NEWSDESK, require_group
from statements.workflow import asking
from statements.workflow.freezing import create_edition
from statements.workflow.hands import (
    UnconfirmedChanges,
    UnsavedChanges,
    clear_amendment,
    find_unsaved_changes,
    record_hands,
)
from statements.workflow.rules import find_current_edition
from statements.workflow.scheduling import cancel_edition
from statements.workflow.slugs import choose_slug, slug_problems
from statements.workflow.transitions import raise_if, transition


@transition
def submit(
    statement: Statement,
    *,
    by: User,
    at: dt.datetime,
    seen_version: int,
    confirmed_changes: str = "",
    editor: User | None = None,
) -> Edition:
    """Freeze the draft as the next numbered edition, for the editors to review.

    The draft stays open and becomes another edition later. An edition that is still in review is
    replaced; a scheduled one stays scheduled. Once an edition was public, the draft's `amendment`
    says which kind of change this is, and all kinds but a typo need a correction note. Both
    are cleared in the draft: they are about this edition.

    Raises UnconfirmedChanges if the content differs from what was saved last, because a record that
    it names changed; `confirmed_changes` is the token of the differences that the submitter read.

    `editor` is asked by name to decide, unless they are away: then all editors are asked.
    """
    require_group(by, NEWSDESK, _("submit a statement"))
    statement = lock_and_read(statement.pk)
    if statement.version != seen_version:
        raise StaleVersion(
            _("Somebody saved this statement after you opened it. Look again, then submit.")
        )
    if statement.discarded_at:
        raise_if([Problem("", _("This draft is in the bin."), _("Take it back first."))])
    raise_if(readiness.blocking(readiness.submission_problems(statement)))
    content = _complete_draft(statement, at)
    raise_if(_submission_problems(statement, content, at))
    changes = _confirm_changes(statement, content, by=by, confirmed=confirmed_changes)
    replace_in_review(statement, by=by, at=at)
    edition = create_edition(statement, content, by=by, at=at)
    clear_amendment(statement, slug=edition.slug)
    raise_if(asking.editor_problems(editor, edition, by=by))
    editor = asking.find_present(editor, at=at)
    write_event(
        statement,
        Action.SUBMITTED,
        by=by,
        at=at,
        edition=edition,
        note=edition.public_note,
        detail={"amendment": edition.amendment}
        | _describe_changes(changes)
        | asking.event_detail(editor),
    )
    newsdesk.notify(Action.SUBMITTED, edition, by=by, person=editor)
    return edition


def _confirm_changes(
    statement: Statement, content: Content, *, by: User, confirmed: str
) -> UnsavedChanges | None:
    changes = find_unsaved_changes(statement, content)
    if changes is None:
        return None
    if changes.token != confirmed:
        raise UnconfirmedChanges(changes)
    record_hands(statement, changes, slug=content["slug"], by=by)
    return changes


def find_unconfirmed_changes(statement: Statement, *, at: dt.datetime) -> UnsavedChanges | None:
    """Return what the submitter would have to confirm now."""
    return find_unsaved_changes(statement, _complete_draft(statement, at))


def _describe_changes(changes: UnsavedChanges | None) -> dict[str, list[str]]:
    if changes is None:
        return {}
    return {
        "confirmed": list(dict.fromkeys(change.label for change in changes.differences)),
        "changed_by": [user.get_username() for user in changes.changed_by],
    }


def _complete_draft(statement: Statement, at: dt.datetime) -> dict[str, Any]:
    current = find_current_edition(statement, at)
    return complete_content(
        statement.content(),
        slug=choose_slug(statement, at),
        based_on=str(current.uuid) if current else "",
    )


def _submission_problems(statement: Statement, content: Content, at: dt.datetime) -> list[Problem]:
    problems = []
    if not statement.contributions.exists():
        problems.append(
            Problem("", _("Nobody has written these words yet."), _("Save them first."))
        )
    last = statement.editions.exclude(state=State.CANCELLED).order_by("-sequence").first()
    if last and last.state != State.SENT_BACK and not _has_changed(last.content_data, content):
        problems.append(
            Problem(
                "",
                _("Nothing has changed since edition %(number)s.") % {"number": last.sequence},
                _("Change the words."),
            )
        )
    return problems + _amendment_problems(statement, content, at) + slug_problems(statement)


def _has_changed(before: Content, content: Content) -> bool:
    """Tell whether words or slug changed, or a correction note that says something else."""
    if content["note"] not in ("", before.get("note", "")):
        return True
    return not same_words_and_slug(before, content)


def _amendment_problems(statement: Statement, content: Content, at: dt.datetime) -> list[Problem]:
    amendment, problems = content["amendment"], []
    was_public = statement.editions.filter(released_by(at)).exists()
    if was_public and not amendment:
        problems.append(readiness.missing_kind_problem())
    if amendment and amendment not in Amendment.values:
        problems.append(
            Problem(
                "amendment",
                _("“%(amendment)s” is no kind of amendment.") % {"amendment": amendment},
            )
        )
    elif amendment and amendment != Amendment.TYPO and not content["note"]:
        problems.append(readiness.missing_note_problem(Amendment(amendment)))
    return problems


def replace_in_review(statement: Statement, *, by: User, at: dt.datetime) -> None:
    """Cancel the edition in review, because a newer one takes its place."""
    for edition in statement.editions.in_review():
        cancel_edition(edition, by=by, at=at, note="Replaced by a newer submission.")
