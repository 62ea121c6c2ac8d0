"""Publish statements for the tests of the public side."""

from collections.abc import Callable

import pytest

from statements.models import Edition, Theme
from tests.cast import NOON, approve_edition, make_statement, submit_statement


@pytest.fixture
def publish(ann, ed) -> Callable[..., Edition]:
    """publish(headline, …): a statement that came out at noon, or at `at`."""

    def publish(headline="A comment", at=NOON, themes=(), **fields) -> Edition:
        statement = make_statement(ann, headline, **fields)
        for theme in themes:
            statement.themes.add(Theme.objects.get_or_create(name=theme, slug=theme)[0])
        return approve_edition(
            submit_statement(statement, by=ann, at=at), by=ed, at=at, release_at=at
        )

    return publish
