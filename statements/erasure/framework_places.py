"""Places of Django and of the libraries: admin log, sessions, sign-in attempts, the task queue."""

from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from statements.erasure.place import Erasure, Place
from statements.models import Statement

MESSAGES_KEY = "_messages"
"""Where django.contrib.messages keeps messages that nobody has seen yet."""


def _erase_admin_log(erasure: Erasure) -> None:
    """Empty what a shell or another program wrote: the newsdesk's own lines hold no words."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Statement),
        object_id=str(erasure.statement.pk),
    )
    entries.update(object_repr="", change_message="")


def _erase_messages(erasure: Erasure) -> None:
    """Drop what waits to be shown, which may name a headline. Nobody is signed out."""
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if data.pop(MESSAGES_KEY, None) is not None:
            session.session_data = Session.objects.encode(data)
            session.save(update_fields=["session_data"])


def _erase_sign_in_attempts(erasure: Erasure) -> None:
    """Drop addresses that somebody asked for without being signed in, such as a search."""
    AccessAttempt.objects.exclude(get_data="", post_data="").update(get_data="", post_data="")


def _erase_task_errors(erasure: Erasure) -> None:
    """Drop what tasks failed with. What they were given are ids, and the failed ones run again."""
    DBTaskResult.objects.exclude(traceback="").update(traceback="")


FRAMEWORK_PLACES = [
    Place(
        "Lines of the admin log about the statement lose their text.",
        {"admin.LogEntry": "object_repr change_message"},
        _erase_admin_log,
    ),
    Place(
        "Messages that wait to be shown are dropped.",
        {"sessions.Session": "session_data"},
        _erase_messages,
    ),
    Place(
        "Addresses in sign-in attempts are dropped.",
        {"axes.AccessAttempt": "get_data post_data"},
        _erase_sign_in_attempts,
    ),
    Place(
        "Error texts in the task queue are dropped.",
        {"django_tasks_database.DBTaskResult": "traceback"},
        _erase_task_errors,
    ),
]
