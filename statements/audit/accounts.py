"""Write an event for each change to an account or a group, and log failed sign-ins.

Signals also catch changes made in a shell. The newsdesk says who acts, with `acting_user`.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, User
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from statements import clock
from statements.audit.compared import ACCOUNT
from statements.audit.events import write_event
from statements.audit.state import make_key
from statements.models import Action, Event

logger = logging.getLogger(__name__)

WATCHED_FIELDS = ("username", "email", "is_active", "is_staff", "is_superuser", "password")
GROUP_CHANGES = {
    "post_add": "Added to",
    "post_remove": "Removed from",
    "pre_clear": "Removed from",
}
"""m2m_changed action → the beginning of the event's note."""

_acting_user: ContextVar[User | None] = ContextVar("acting", default=None)


@contextmanager
def acting_user(user: User | AnonymousUser) -> Iterator[None]:
    """Name this user in events of accounts and records as the one who acts, within this block."""
    token = _acting_user.set(user if isinstance(user, User) else None)
    try:
        yield
    finally:
        _acting_user.reset(token)


def get_acting_user() -> User | None:
    """Return the person who acts, or None in a shell or a task."""
    return _acting_user.get()


def connect_signals() -> None:
    """Connect the receivers of this module; called when Django starts."""
    pre_save.connect(_before_save, sender=User, dispatch_uid="account_before_save")
    post_save.connect(_after_save, sender=User, dispatch_uid="account_after_save")
    pre_delete.connect(_before_delete, sender=User, dispatch_uid="account_before_delete")
    m2m_changed.connect(
        _after_groups_change, sender=User.groups.through, dispatch_uid="groups_changed"
    )
    pre_delete.connect(_before_group_delete, sender=Group, dispatch_uid="group_deleted")
    user_login_failed.connect(log_failed_sign_in, dispatch_uid="sign_in_failed")


def log_failed_sign_in(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Log the account's id: what was typed as a name may be a password."""
    users = User.objects.filter(username=credentials.get("username"))
    user_id = users.values_list("pk", flat=True).first()
    logger.warning("Sign-in failed for %s", f"user {user_id}" if user_id else "no known user")


# --- Accounts -------------------------------------------------------------------------------------


def _before_save(instance: Any, using: str, **kwargs: Any) -> None:
    instance._was = None if instance._state.adding else _read_watched_fields(instance, using)  # noqa: SLF001 - _after_save compares


def _read_watched_fields(user: User, using: str) -> dict[str, Any] | None:
    values: dict[str, Any] | None = (
        User.objects.using(using).filter(pk=user.pk).values(*WATCHED_FIELDS).first()
    )
    return values


def _after_save(
    instance: Any, created: bool, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    if raw:
        return
    was = instance._was or {}  # noqa: SLF001 - set by _before_save
    changed = {
        name: getattr(instance, name)
        for name in WATCHED_FIELDS
        if was.get(name) != getattr(instance, name) and (not update_fields or name in update_fields)
    }
    if "password" in changed:
        changed["password"] = "changed"
    if "username" in changed and was:
        changed["renamed"] = [was["username"], instance.get_username()]
    if created or changed:
        note = "Account made" if created else "Account changed"
        flags = {name: changed[name] for name in ACCOUNT.stated if name in changed}
        _write_account_event(instance, note, changed, flags)


def _before_delete(instance: User, **kwargs: Any) -> None:
    _write_account_event(instance, "Account deleted", {}, None)


def record_password_link(user: User) -> None:
    """Write that a link to set a password is sent to this person."""
    _write_account_event(user, "Link to set a password sent", {}, {})


def was_address_changed(user: User) -> bool:
    """Return whether somebody else changed the e-mail address since this person last signed in.

    A link to set a password would then let that somebody into the account.
    """
    if user.last_login is None:
        return False
    changes = Event.objects.filter(
        statement=None,
        action=Action.ACCOUNT_CHANGED,
        at__gt=user.last_login,
        detail__contains='"email":',
    ).exclude(by=user)
    details = changes.values_list("detail", flat=True)
    return any(json.loads(detail).get("user") == user.pk for detail in details)


# --- Groups ---------------------------------------------------------------------------------------


def _after_groups_change(
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    if action not in GROUP_CHANGES:
        return
    if reverse:  # group.user_set.add(user)
        users = instance.user_set.all() if pk_set is None else User.objects.filter(pk__in=pk_set)
        for user in users:
            _write_group_event(user, [instance.name], action)
        return
    groups = instance.groups.all() if pk_set is None else Group.objects.filter(pk__in=pk_set)
    if names := sorted(group.name for group in groups):
        _write_group_event(instance, names, action)


def _before_group_delete(instance: Group, **kwargs: Any) -> None:
    """Write the events before the deletion: rows deleted by a cascade send no signal."""
    for user in instance.user_set.all():
        _write_group_event(user, [instance.name], "pre_clear")


def _write_group_event(user: User, names: list[str], action: str) -> None:
    """State each group by itself: the others may have been changed behind the product's back."""
    note = f"{GROUP_CHANGES[action]} {', '.join(names)}"
    is_member = action == "post_add"
    _write_account_event(user, note, {}, {f"group:{name}": is_member for name in names})


def _write_account_event(
    user: User, note: str, changed: dict[str, Any], stated: dict[str, Any] | None
) -> None:
    """Write the event; `stated` is what it changed for good, None if the account is deleted."""
    key = make_key(ACCOUNT, [user.get_username()])
    with transaction.atomic():
        write_event(
            None,
            Action.ACCOUNT_CHANGED,
            by=get_acting_user(),
            at=clock.now(),
            note=f"{note}: {user.get_username()}",
            detail=changed | {"user": user.pk},
            rows={} if stated == {} else {key: stated},
        )
