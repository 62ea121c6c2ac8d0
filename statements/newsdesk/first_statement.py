"""The last step of setting up: from nothing to a published statement, and who is needed for it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.content.quotation_marks import quote_headline
from statements.models import Contribution, Edition, State, Statement
from statements.newsdesk.statement_links import annotate_newest_edition, get_hub_url
from statements.newsdesk.time_format import format_long
from statements.newsdesk.user_names import find_colleagues, get_display_name
from statements.roles import EDITORS

MAX_NAMES = 3


def describe_first_statement(user: User) -> dict[str, str]:
    """Return text, button and address: how this person goes on with their first statement."""
    newest = Contribution.objects.filter(user=user).order_by("-pk").values("statement")[:1]
    statements = annotate_newest_edition(Statement.objects.not_discarded())
    statement: Any = statements.filter(pk__in=newest).first()
    if statement is None:
        return {
            "text": _("Start from a Word file, paste some text, or begin with a blank page."),
            "button": _("Start"),
            "url": reverse("admin:statements_statement_from_text"),
        }
    if statement.last_state not in (State.IN_REVIEW, State.APPROVED):
        text = _("%(headline)s is a draft. Submit it for review when it is ready.")
        return {
            "text": text % {"headline": quote_headline(str(statement))},
            "button": _("Continue"),
            "url": reverse("admin:statements_statement_change", args=[statement.pk]),
        }
    edition = Edition.objects.defer("content").get(pk=statement.last_edition)
    url = reverse("admin:statements_edition_review", args=[edition.pk])
    if edition.state == State.APPROVED:
        url = get_hub_url(statement.pk)
    return {
        "text": _describe_edition(edition, user),
        "button": _("Open"),
        "url": url,
    }


def _describe_edition(edition: Edition, user: User) -> str:
    words = {"headline": quote_headline(edition.headline)}
    if edition.state == State.APPROVED:
        if edition.release_at is None:
            return _("%(headline)s is on hold. Set the time when it is published.") % words
        words["time"] = format_long(edition.release_at)
        return _("%(headline)s goes public on %(time)s.") % words
    if user.pk not in edition.contributor_ids or edition.countersigned_by_id not in (None, user.pk):
        return _("%(headline)s is in review. Read it and approve it.") % words
    editors = find_colleagues(user).filter(groups__name__in=EDITORS)
    if editors.exists():
        words["names"] = _join_names(editors[:MAX_NAMES])
        return _("%(headline)s is in review. You wrote it, so %(names)s can approve it.") % words
    if find_colleagues(user).exists():
        sentence = _(
            "%(headline)s is in review. You wrote it, so ask a colleague to countersign it. Then "
            "you approve it."
        )
        return sentence % words
    sentence = _(
        "%(headline)s is in review. You wrote it, so someone else approves it: invite an editor. "
        "On your own you can publish it urgently."
    )
    return sentence % words


def _join_names(users: Iterable[User]) -> str:
    """Return names as a list in words: “A, B or C”."""
    names = [get_display_name(user) for user in users]
    if len(names) == 1:
        return names[0]
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
