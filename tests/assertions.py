"""Assert that a refusal is one exact sentence, and leaves everything as it was."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from statements.models import (
    Attachment,
    Contribution,
    Edition,
    EditionAttribution,
    EditionFile,
    Event,
    EventText,
    Passage,
    PreviewLink,
    PreviewToken,
    ReleaseGroup,
    Remark,
    SignOff,
    StaleVersion,
    Statement,
    StatementSlug,
    StoredFile,
    Withdrawal,
)
from statements.workflow import Refused

WRITTEN_MODELS = [
    *(Statement, Passage, Attachment, StoredFile, Contribution),
    *(Edition, EditionAttribution, EditionFile, StatementSlug, Withdrawal, Event, EventText),
    *(PreviewLink, PreviewToken, SignOff, Remark, ReleaseGroup),
]


def read_all_rows() -> list[list[tuple]]:
    """Every column of every row that a transition may write."""
    return [list(model.objects.order_by("pk").values_list()) for model in WRITTEN_MODELS]


@contextmanager
def _assert_raises(kind: type[Exception], sentence: str) -> Iterator[None]:
    before = read_all_rows()
    with pytest.raises(kind) as said:
        yield
    assert str(said.value) == sentence
    assert read_all_rows() == before


def assert_refused(sentence: str):
    return _assert_raises(Refused, sentence)


def assert_stale(sentence: str):
    return _assert_raises(StaleVersion, sentence)


def assert_denied(sentence: str):
    return _assert_raises(PermissionDenied, sentence)


@contextmanager
def assert_database_refuses(*sentences: str) -> Iterator[None]:
    """An IntegrityError that carries one of these: the rule's own words, or a constraint's name."""
    from django.db import IntegrityError

    with pytest.raises(IntegrityError) as said, transaction.atomic():
        yield
    assert any(sentence in str(said.value) for sentence in sentences), str(said.value)


def read_detail(event: Event) -> dict:
    """The detail of an event without the values and the texts' hashes that it states."""
    detail = json.loads(event.detail) if event.detail else {}
    return {key: value for key, value in detail.items() if key not in ("rows", "texts")}
