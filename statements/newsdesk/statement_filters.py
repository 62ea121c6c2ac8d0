"""Whom and what the list of statements can be narrowed to. Choices are bounded: the first by name,
and whichever is chosen already, as the page of a speaker or a theme leads here with one."""

import datetime as dt

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from organisations.models import Speaker
from statements import clock
from statements.models import Contribution, Edition, Passage, Theme, ThemedStatement
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS, count_rows
from statements.publicness import listed_within

MAX_CHOICES = 25


def parse_id(value: str | None) -> int | None:
    """A row number from an address; None for what can be none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None


class _RelatedFilter(admin.SimpleListFilter):
    column = "statement"

    def get_candidates(self) -> QuerySet:
        raise NotImplementedError

    def get_rows(self, pk: int) -> QuerySet:
        """The rows by which statements belong to this one; `column` is where they name them."""
        raise NotImplementedError

    def lookups(self, request, model_admin):
        rows = list(self.get_candidates()[:MAX_CHOICES])
        chosen = parse_id(self.value())
        if chosen is not None and chosen not in [row.pk for row in rows]:
            rows = [*self.get_candidates().filter(pk=chosen), *rows]
        return [(str(row.pk), self.get_label(row)) for row in rows]

    def get_label(self, row) -> str:
        return str(row)

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        chosen = parse_id(self.value())
        if chosen is None:
            return queryset.none()
        rows = self.get_rows(chosen)
        if (
            count_rows(rows) > MAX_COUNTED_ROWS
        ):  # so many that the list soon meets them as it is walked
            return queryset.filter(Exists(rows.filter(**{self.column: OuterRef("pk")})))
        return queryset.filter(pk__in=rows.values(self.column))


class SpeakerFilter(_RelatedFilter):
    title = "speaker"
    parameter_name = "speaker"

    def get_candidates(self) -> QuerySet:
        return Speaker.objects.order_by("name")

    def get_rows(self, pk: int) -> QuerySet:
        return Passage.objects.filter(speaker=pk)


class ThemeFilter(_RelatedFilter):
    title = "theme"
    parameter_name = "theme"
    column = "content_object"

    def get_candidates(self) -> QuerySet:
        return Theme.objects.order_by("name")

    def get_rows(self, pk: int) -> QuerySet:
        return ThemedStatement.objects.filter(tag=pk)


class WriterFilter(_RelatedFilter):
    title = "who wrote"
    parameter_name = "writer"

    def get_candidates(self) -> QuerySet:
        return User.objects.filter(is_staff=True).order_by("-is_active", "username")

    def get_label(self, row) -> str:
        return row.get_full_name() or row.get_username()

    def get_rows(self, pk: int) -> QuerySet:
        return Contribution.objects.filter(user=pk)


class YearFilter(admin.SimpleListFilter):
    """By the year of first release, as the house's clock counts it; walks edition_first_release_idx."""

    title = "first released in"
    parameter_name = "year"

    def lookups(self, request, model_admin):
        released = Edition.objects.filter(release_at__isnull=False).order_by("first_release_at")
        first = released.values_list("first_release_at", flat=True).first()
        if first is None:
            return []
        years = range(timezone.localtime(clock.now()).year, timezone.localtime(first).year - 1, -1)
        return [(str(year), str(year)) for year in years[:MAX_CHOICES]]

    def queryset(self, request, queryset):
        year = parse_id(self.value())
        if self.value() is None:
            return queryset
        if year is None or not 1900 <= year <= 9000:
            return queryset.none()
        zone = timezone.get_default_timezone()
        begins, ends = (dt.datetime(y, 1, 1, tzinfo=zone) for y in (year, year + 1))
        released = Edition.objects.filter(listed_within(begins, ends), release_at__isnull=False)
        return queryset.filter(pk__in=released.values("statement"))
