"""Translate a statement: a new draft with its structure, in another language."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from statements.content.languages import LANGUAGES
from statements.content.quotation_marks import quote_headline
from statements.drafting.duplicate import duplicate_statement
from statements.models import Statement, lock_statement

COPIED_DATES = ("dated_on", "requested_release_at", "embargo_line", "embargo_until")
"""A translation says the same, of the same day and for the same release."""


class LanguageTaken(Exception):
    """There is a translation into this language already."""


def find_original(statement: Statement) -> Statement:
    """Return what this translates, or the statement itself."""
    return statement.translation_of or statement


def list_family(statement: Statement) -> list[Statement]:
    """Return the original and its translations, the original first."""
    original = find_original(statement)
    family = Statement.objects.not_discarded().filter(
        Q(pk=original.pk) | Q(translation_of=original.pk)
    )
    return sorted(family, key=lambda row: (row.pk != original.pk, row.pk))


def list_free_languages(statement: Statement) -> list[tuple[str, str]]:
    """Return code and name of each language that nobody has translated this into."""
    taken = {row.language for row in list_family(statement)}
    return [(code, name) for code, name in LANGUAGES if code not in taken]


def find_taken_language(statement: Statement, language: str, original: Statement | None) -> str:
    """Return why a statement cannot be in this language, as a translation or an original."""
    rows = Statement.objects.not_discarded().filter(language=language).exclude(pk=statement.pk)
    related = Q(translation_of=statement.pk) if statement.pk else Q()
    if original is not None:
        related |= Q(pk=original.pk) | Q(translation_of=original.pk)
    other = rows.filter(related).first() if related else None
    return describe_taken(other) if other else ""


def describe_taken(other: Statement) -> str:
    return _("There is one in %(language)s already: %(title)s.") % {
        "language": other.get_language_display(),
        "title": quote_headline(str(other)),
    }


@transaction.atomic
def translate_statement(
    statement: Statement, language: str, *, by: User, at: dt.datetime
) -> Statement:
    """Return a new draft with the words and structure of the original, linked to it.

    The words are a start: the checklist names those that are still the same. Raises LanguageTaken.
    """
    original = lock_statement(find_original(statement).pk)
    if taken := find_taken_language(Statement(), language, original):
        raise LanguageTaken(taken)
    dates: dict[str, Any] = {name: getattr(original, name) for name in COPIED_DATES}
    return duplicate_statement(
        original, by=by, at=at, language=language, translation_of=original, **dates
    )
