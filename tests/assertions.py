"""A verb that says no says it in one whole sentence, and leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from statements.models import (
    Address,
    Answer,
    Attachment,
    Contribution,
    Edition,
    EditionFile,
    EditionVoice,
    Event,
    Passage,
    Preview,
    PreviewKey,
    Remark,
    Stale,
    Statement,
    StoredFile,
    Withdrawal,
)
from statements.workflow import Refused

KEPT = [
    *(Statement, Passage, Attachment, StoredFile, Contribution),
    *(Edition, EditionVoice, EditionFile, Address, Withdrawal, Event),
    *(Preview, PreviewKey, Answer, Remark),
]


def everything() -> list[list[tuple]]:
    """Every column of every row that a verb may write."""
    return [list(model.objects.order_by("pk").values_list()) for model in KEPT]


@contextmanager
def _says(kind: type[Exception], sentence: str) -> Iterator[None]:
    before = everything()
    with pytest.raises(kind) as said:
        yield
    assert str(said.value) == sentence
    assert everything() == before


def refused(sentence: str):
    return _says(Refused, sentence)


def stale(sentence: str):
    return _says(Stale, sentence)


def denied(sentence: str):
    return _says(PermissionDenied, sentence)


@contextmanager
def refused_by_the_database(*sentences: str) -> Iterator[None]:
    """An IntegrityError that carries one of these: the rule's own words, or a constraint's name."""
    from django.db import IntegrityError

    with pytest.raises(IntegrityError) as said, transaction.atomic():
        yield
    assert any(sentence in str(said.value) for sentence in sentences), str(said.value)
