"""The two databases that the golden files describe, each at one instant that never moves."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from statements import clock
from statements.caching import version, versioned_lru
from tests.golden.sample_statements import create_sample_statements

FROZEN_AT = dt.datetime(2044, 7, 6, 12, 0, tzinfo=dt.UTC)
"""So far ahead that no trigger, which asks the database's own clock, finds anything released."""


@contextmanager
def demo_database() -> Iterator[None]:
    """Load the demonstration at FROZEN_AT, and undo everything at the end."""
    with _fixed_circumstances(), _rolled_back():
        call_command("load_demo", stdout=io.StringIO())
        yield


@contextmanager
def sample_database() -> Iterator[None]:
    """Create the generated statements at FROZEN_AT, and undo everything at the end."""
    with _fixed_circumstances(), _rolled_back():
        create_sample_statements(at=FROZEN_AT)
        yield


@contextmanager
def _fixed_circumstances() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: FROZEN_AT)
        patch.setattr(timezone, "now", lambda: FROZEN_AT)  # created_at and changed_at
        patch.setattr(settings, "SECURITY_CONTACT", "mailto:security@example.org")
        patch.setenv("DEMO_PASSWORD", "correct horse battery staple")
        yield


@contextmanager
def _rolled_back() -> Iterator[None]:
    _clear_caches()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    _clear_caches()


def _clear_caches() -> None:
    versioned_lru.clear_all()
    version.reset()
