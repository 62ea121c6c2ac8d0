"""Changes to accounts and groups, put on the record.

By signals, so that a change made in a shell stands there as well; the newsdesk says who acts.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from statements import clock
from statements.audit.events import write_event
from statements.models import Action

WATCHED_FIELDS = ("username", "email", "is_active", "is_staff", "is_superuser", "password")
_acting_user: ContextVar = ContextVar("acting", default=None)


@contextmanager
def acting_user(user: User):
    """Everything in this block is done by user, as far as the record of accounts is concerned."""
    token = _acting_user.set(user)
    try:
        yield
    finally:
        _acting_user.reset(token)


def connect_signals() -> None:
    user_model = get_user_model()
    for signal, receiver in (
        (pre_save, _before_save),
        (post_save, _after_save),
        (pre_delete, _before_delete),
    ):
        signal.connect(receiver, sender=user_model, dispatch_uid=receiver.__name__)
    m2m_changed.connect(
        _after_groups_change, sender=user_model.groups.through, dispatch_uid="groups_changed"
    )
    pre_delete.connect(_before_group_delete, sender=Group, dispatch_uid="group_deleted")


def _before_save(instance, raw, using: str, **kwargs: Any) -> None:
    instance._was = None if instance._state.adding else _read_watched_fields(instance, using)


def _read_watched_fields(instance, using: str) -> dict | None:
    return (
        type(instance)
        ._default_manager.using(using)
        .filter(pk=instance.pk)
        .values(*WATCHED_FIELDS)
        .first()
    )


def _after_save(instance, created, raw, update_fields, **kwargs: Any) -> None:
    if raw:
        return
    was = instance._was or {}
    changed = {
        name: getattr(instance, name)
        for name in WATCHED_FIELDS
        if was.get(name) != getattr(instance, name) and (not update_fields or name in update_fields)
    }
    if "password" in changed:
        changed["password"] = "changed"
    if created or changed:
        _write_account_event(instance, "Account made" if created else "Account changed", changed)


def _before_delete(instance, **kwargs: Any) -> None:
    _write_account_event(instance, "Account deleted", {})


def _after_groups_change(instance, action, reverse, model, pk_set, **kwargs: Any) -> None:
    said = {"post_add": "Added to", "post_remove": "Removed from", "pre_clear": "Removed from"}
    if action not in said:
        return
    if reverse:  # group.user_set.add(user)
        members = instance.user_set.all() if pk_set is None else model.objects.filter(pk__in=pk_set)
        for user in members:
            _write_account_event(user, f"{said[action]} {instance.name}", {})
        return
    groups = instance.groups.all() if pk_set is None else model.objects.filter(pk__in=pk_set)
    if names := ", ".join(sorted(group.name for group in groups)):
        _write_account_event(instance, f"{said[action]} {names}", {})


def _before_group_delete(instance, **kwargs: Any) -> None:
    """The rows that go with it send no signal of their own."""
    for user in instance.user_set.all():
        _write_account_event(user, f"Removed from {instance.name}", {})


def _write_account_event(user: User, note: str, changed: dict) -> None:
    with transaction.atomic():
        write_event(
            None,
            Action.ACCOUNT_CHANGED,
            by=_acting_user.get(),
            at=clock.now(),
            note=f"{note}: {user.get_username()}",
            detail=changed,
        )
