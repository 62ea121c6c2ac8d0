"""Where the title of a statement leads: to its form, its review or its own page."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery
from django.db.models.query import QuerySet
from django.urls import reverse

from statements.models import Edition, State
from statements.roles import EDITORS, is_in_group


def get_statement_url(statement: Any, user: User) -> str:
    """Return where the title of a statement leads this person.

    A draft leads to its form. Once it was submitted, it leads to its own page; for an editor, while
    it is in review, to the review. A list sets the newest edition first, in its own query
    (`annotate_newest_edition`) or by hand, and asks for the groups of the user once.
    """
    pk, state = _find_newest_edition(statement)
    if pk is None:
        return reverse("admin:statements_statement_change", args=[statement.pk])
    if state == State.IN_REVIEW and _is_editor(user):
        return reverse("admin:statements_edition_review", args=[pk])
    return get_hub_url(statement.pk)


def get_edition_url(edition: Edition, user: User) -> str:
    """Return where the title leads in a list of editions that are the newest of their statement."""
    if edition.state == State.IN_REVIEW and _is_editor(user):
        return reverse("admin:statements_edition_review", args=[edition.pk])
    return get_hub_url(edition.statement_id)


def get_hub_url(statement_id: int) -> str:
    return reverse("admin:statements_statement_hub", args=[statement_id])


def annotate_newest_edition(statements: QuerySet[Any]) -> QuerySet[Any]:
    """Set `last_edition`, `last_state` and `last_at` on each statement."""
    newest = Edition.objects.filter(statement=OuterRef("pk")).order_by("-sequence")
    annotated: QuerySet[Any] = statements.annotate(
        last_edition=Subquery(newest.values("pk")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("submitted_at")[:1]),
    )
    return annotated


def set_newest_edition(statement: Any, editions: list[Edition]) -> None:
    """Set what `get_statement_url` asks for, from all editions of the statement in order."""
    statement.last_edition = editions[-1].pk if editions else None
    statement.last_state = editions[-1].state if editions else None


def _find_newest_edition(statement: Any) -> tuple[int | None, str | None]:
    if hasattr(statement, "last_edition"):
        return statement.last_edition, statement.last_state
    newest = Edition.objects.filter(statement=statement.pk).order_by("-sequence")
    return newest.values_list("pk", "state").first() or (None, None)


def _is_editor(user: User) -> bool:
    """Ask once for each request: this decides where a link leads, and permits nothing."""
    known: dict[str, bool] = vars(user)
    if "leads_to_reviews" not in known:
        known["leads_to_reviews"] = is_in_group(user, EDITORS)
    return known["leads_to_reviews"]
