"""Write an event for each change to a record of the site, such as an organisation or a theme.

Pages show some of these as they are now, and submitting freezes others. Signals also catch changes
made in a shell. The newsdesk says who acts, with `acting_user`.
"""

from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save, pre_delete, pre_save

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements import clock
from statements.audit.accounts import get_acting_user
from statements.audit.events import write_event
from statements.models import Action, CalendarSetting, Theme

RECORD_MODELS: tuple[type[models.Model], ...] = (
    Organisation,
    Speaker,
    Appointment,
    Contact,
    Theme,
    CalendarSetting,
)


def connect_signals() -> None:
    """Connect the receivers of this module; called when Django starts."""
    for model in RECORD_MODELS:
        label = model._meta.label_lower  # noqa: SLF001 - public in Django, despite its name
        pre_save.connect(_before_save, sender=model, dispatch_uid=f"{label}_before_save")
        post_save.connect(_after_save, sender=model, dispatch_uid=f"{label}_after_save")
        pre_delete.connect(_before_delete, sender=model, dispatch_uid=f"{label}_before_delete")


def _before_save(instance: Any, using: str, **kwargs: Any) -> None:
    instance._columns_before = (  # noqa: SLF001 - _after_save compares
        {} if instance._state.adding else _read_columns(instance, using)  # noqa: SLF001 - public in Django, despite its name
    )


def _read_columns(instance: models.Model, using: str) -> dict[str, Any]:
    rows = type(instance)._base_manager.using(using).filter(pk=instance.pk)  # noqa: SLF001 - public in Django, despite its name
    return rows.values().first() or {}


def _after_save(
    instance: Any, created: bool, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    if raw:
        return
    changed = [
        name
        for name in _find_changed_columns(instance)
        if not update_fields or name in update_fields
    ]
    if created or changed:
        _write_record_event(instance, "created" if created else "changed", changed)


def _find_changed_columns(instance: Any) -> list[str]:
    """Return the columns that differ from before; of a new row, those that are filled."""
    before = instance._columns_before  # noqa: SLF001 - set by _before_save
    values = {
        field: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields  # noqa: SLF001 - public in Django, despite its name
        if field.editable and not field.primary_key  # the others are made from these
    }
    return sorted(
        field.name
        for field, value in values.items()
        if (value != before[field.attname] if before else value)
    )


def _before_delete(instance: models.Model, **kwargs: Any) -> None:
    _write_record_event(instance, "deleted", [])


def _write_record_event(instance: models.Model, change: str, columns: list[str]) -> None:
    with transaction.atomic(savepoint=False):
        write_event(
            None,
            Action.RECORD_CHANGED,
            by=get_acting_user(),
            at=clock.now(),
            detail={
                "record": instance._meta.label_lower,  # noqa: SLF001 - public in Django, despite its name
                "id": instance.pk,
                "change": change,
                "columns": columns,
            },
        )
