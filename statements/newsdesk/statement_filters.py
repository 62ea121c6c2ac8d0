"""The filters of the statement list: by speaker, theme, writer and year.

Each offers a limited number of choices: the first by name, and the chosen one, because the page of
a speaker or a theme links here with its own.
"""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from organisations.models import Speaker
from statements import clock
from statements.models import Contribution, Edition, Passage, Statement, Theme, ThemedStatement
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS, count_rows
from statements.newsdesk.request_values import parse_number
from statements.newsdesk.user_names import get_display_name
from statements.publicness import listed_within

MAX_CHOICES = 25


class _RelatedFilter(admin.SimpleListFilter):
    statement_column = "statement"

    def get_candidates(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_rows(self, pk: int) -> QuerySet[Any]:
        """Return the rows that tie statements to this choice by `statement_column`."""
        raise NotImplementedError

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        rows = list(self.get_candidates()[:MAX_CHOICES])
        chosen = parse_number(self.value())
        if chosen is not None and chosen not in [row.pk for row in rows]:
            rows = [*self.get_candidates().filter(pk=chosen), *rows]
        return [(str(row.pk), self.get_label(row)) for row in rows]

    def get_label(self, row: Any) -> str:
        return str(row)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        if self.value() is None:
            return queryset
        chosen = parse_number(self.value())
        if chosen is None:
            return queryset.none()
        rows = self.get_rows(chosen)
        if count_rows(rows) > MAX_COUNTED_ROWS:
            # So common that reading the list in its order soon finds a page of them.
            return queryset.filter(Exists(rows.filter(**{self.statement_column: OuterRef("pk")})))
        return queryset.filter(pk__in=rows.values(self.statement_column))


class SpeakerFilter(_RelatedFilter):
    title = "speaker"
    parameter_name = "speaker"

    def get_candidates(self) -> QuerySet[Speaker]:
        return Speaker.objects.order_by("name")

    def get_rows(self, pk: int) -> QuerySet[Passage]:
        return Passage.objects.filter(speaker=pk)


class ThemeFilter(_RelatedFilter):
    title = "theme"
    parameter_name = "theme"
    statement_column = "content_object"

    def get_candidates(self) -> QuerySet[Theme]:
        themes: QuerySet[Theme] = Theme.objects.order_by("name")
        return themes

    def get_rows(self, pk: int) -> QuerySet[ThemedStatement]:
        rows: QuerySet[ThemedStatement] = ThemedStatement.objects.filter(tag=pk)
        return rows


class WriterFilter(_RelatedFilter):
    title = "who wrote"
    parameter_name = "writer"

    def get_candidates(self) -> QuerySet[User]:
        return User.objects.filter(is_staff=True).order_by("-is_active", "username")

    def get_label(self, row: User) -> str:
        return get_display_name(row)

    def get_rows(self, pk: int) -> QuerySet[Contribution]:
        return Contribution.objects.filter(user=pk)


class YearFilter(admin.SimpleListFilter):
    """Filter by the year of the first release, in the site's time zone.

    The query uses the index edition_first_release_idx.
    """

    title = "first released in"
    parameter_name = "year"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        released = Edition.objects.filter(release_at__isnull=False).order_by("first_release_at")
        first = released.values_list("first_release_at", flat=True).first()
        if first is None:
            return []
        years = range(timezone.localtime(clock.now()).year, timezone.localtime(first).year - 1, -1)
        return [(str(year), str(year)) for year in years[:MAX_CHOICES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        year = parse_number(self.value())
        if self.value() is None:
            return queryset
        if year is None or not 1900 <= year <= 9000:
            return queryset.none()
        zone = timezone.get_default_timezone()
        start, end = (dt.datetime(y, 1, 1, tzinfo=zone) for y in (year, year + 1))
        released = Edition.objects.filter(listed_within(start, end), release_at__isnull=False)
        return queryset.filter(pk__in=released.values("statement"))
