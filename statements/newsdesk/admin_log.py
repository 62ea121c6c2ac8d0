"""Keep words out of Django's admin log, which would repeat headlines, also those of others."""

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from statements.models import Statement
from statements.newsdesk.request_values import get_user


class WordlessLogMixin:
    """Log who saved which statement, and no words. What changed is in its history."""

    def log_addition(self, request: HttpRequest, obj: Statement, message: Any) -> LogEntry:
        return _log_action(request, obj, ADDITION)

    def log_change(self, request: HttpRequest, obj: Statement, message: Any) -> LogEntry:
        return _log_action(request, obj, CHANGE)


def _log_action(request: HttpRequest, statement: Statement, action: int) -> LogEntry:
    return LogEntry.objects.create(
        user=get_user(request),
        content_type=ContentType.objects.get_for_model(statement),
        object_id=str(statement.pk),
        object_repr=f"Statement {statement.pk}",
        action_flag=action,
    )
