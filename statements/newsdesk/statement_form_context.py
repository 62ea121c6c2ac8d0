"""What the statement form shows around its fields: status, problems, house style, a publisher."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.forms import BaseForm
from django.http import QueryDict

from organisations.models import Organisation
from statements import readiness
from statements.models import Contribution, Statement
from statements.newsdesk import house_style_panel, presence
from statements.newsdesk.statement_form import with_anchors
from statements.newsdesk.status import describe_status


def build_status_context(statement: Statement, *, by: User, at: dt.datetime) -> dict[str, Any]:
    editions = list(statement.editions.defer("content").order_by("sequence"))
    problems = readiness.submission_problems(Statement.objects.get(pk=statement.pk))
    return {
        "status": describe_status(editions, at),
        "newest_edition": editions[-1] if editions else None,
        "others": presence.describe_others(statement, by=by, at=at),
        "missing": with_anchors(readiness.blocking(problems)),
        "advice": with_anchors([problem for problem in problems if not problem.blocks]),
    }


def build_house_style_context(
    form: BaseForm, statement: Statement | None, at: dt.datetime
) -> dict[str, Any]:
    """Check the house style of the text on the page: the typed one if the form was refused."""
    if isinstance(form.data, QueryDict) and form.is_bound:
        draft = house_style_panel.text_from_form(form.data, at)
    else:
        draft = house_style_panel.text_from_statement(statement or Statement(), at)
    return house_style_panel.build_panel(draft)


def find_usual_publisher(user: User) -> int | None:
    """Return the only organisation that publishes, or the one this user wrote for last."""
    publishers = list(Organisation.objects.filter(publishes=True).values_list("pk", flat=True)[:2])
    if len(publishers) == 1:
        return publishers[0]
    own = Contribution.objects.filter(
        Q(statement__organisation__publishes=True), user=user
    ).order_by("-pk")
    return own.values_list("statement__organisation", flat=True).first()
