"""The filters of the statement list: kind, language, organisation, speaker, theme, author, dates.

Each is a part of the address. A filter with many values offers a limited number of them: the first
by name, and the chosen one, because the page of a speaker or a theme links here with its own.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.models import Organisation, Speaker
from statements.content.languages import LANGUAGES
from statements.models import (
    Contribution,
    Edition,
    JointPublisher,
    Passage,
    Statement,
    StatementKind,
    Theme,
    ThemedStatement,
)
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS, count_rows
from statements.newsdesk.request_values import parse_number
from statements.newsdesk.user_names import get_display_name
from statements.parsing.dates import find_date
from statements.publicness import listed_within

MAX_CHOICES = 25


class _ChipFilter(admin.SimpleListFilter):
    """A filter that is one chip above the list, with its value once it is set."""

    def get_chosen_label(self) -> str:
        """Return the label of the chosen value; "" if none is chosen."""
        labels = {str(value): str(label) for value, label in self.lookup_choices}
        return labels.get(self.value() or "", "")

    def has_output(self) -> bool:
        return True


class KindFilter(_ChipFilter):
    title = gettext_lazy("Kind")
    parameter_name = "kind"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in StatementKind.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        return queryset if self.value() is None else queryset.filter(kind=self.value())


class LanguageFilter(_ChipFilter):
    title = gettext_lazy("Language")
    parameter_name = "language"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return LANGUAGES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        return queryset if self.value() is None else queryset.filter(language=self.value())


class _RowFilter(_ChipFilter):
    """A filter whose values are rows of a table."""

    def get_candidates(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_label(self, row: Any) -> str:
        return str(row)

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        rows = list(self.get_candidates()[:MAX_CHOICES])
        chosen = parse_number(self.value())
        if chosen is not None and chosen not in [row.pk for row in rows]:
            rows = [*self.get_candidates().filter(pk=chosen), *rows]
        return [(str(row.pk), self.get_label(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        if self.value() is None:
            return queryset
        chosen = parse_number(self.value())
        return queryset.none() if chosen is None else self.filter_by(queryset, chosen)

    def filter_by(self, queryset: QuerySet[Statement], pk: int) -> QuerySet[Statement]:
        raise NotImplementedError


class OrganisationFilter(_RowFilter):
    title = gettext_lazy("Organisation")
    parameter_name = "organisation"

    def get_candidates(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(publishes=True).order_by("name")

    def filter_by(self, queryset: QuerySet[Statement], pk: int) -> QuerySet[Statement]:
        joint = JointPublisher.objects.filter(organisation=pk)
        if not joint.exists():
            return queryset.filter(organisation=pk)
        return queryset.filter(Q(organisation=pk) | Q(pk__in=joint.values("statement")))


class _RelatedFilter(_RowFilter):
    """A filter by a table that ties statements to its values."""

    statement_column = "statement"

    def get_rows(self, pk: int) -> QuerySet[Any]:
        """Return the rows that tie statements to this value by `statement_column`."""
        raise NotImplementedError

    def filter_by(self, queryset: QuerySet[Statement], pk: int) -> QuerySet[Statement]:
        rows = self.get_rows(pk)
        if count_rows(rows) > MAX_COUNTED_ROWS:
            # So common that reading the list in its order soon finds a page of them.
            return queryset.filter(Exists(rows.filter(**{self.statement_column: OuterRef("pk")})))
        return queryset.filter(pk__in=rows.values(self.statement_column))


class SpeakerFilter(_RelatedFilter):
    title = gettext_lazy("Speaker")
    parameter_name = "speaker"

    def get_candidates(self) -> QuerySet[Speaker]:
        return Speaker.objects.order_by("name")

    def get_rows(self, pk: int) -> QuerySet[Passage]:
        return Passage.objects.filter(speaker=pk)


class ThemeFilter(_RelatedFilter):
    title = gettext_lazy("Theme")
    parameter_name = "theme"
    statement_column = "content_object"

    def get_candidates(self) -> QuerySet[Theme]:
        themes: QuerySet[Theme] = Theme.objects.order_by("name")
        return themes

    def get_rows(self, pk: int) -> QuerySet[ThemedStatement]:
        rows: QuerySet[ThemedStatement] = ThemedStatement.objects.filter(tag=pk)
        return rows


class WriterFilter(_RelatedFilter):
    title = gettext_lazy("Author")
    parameter_name = "writer"

    def get_candidates(self) -> QuerySet[User]:
        return User.objects.filter(is_staff=True).order_by("-is_active", "username")

    def get_label(self, row: User) -> str:
        return get_display_name(row)

    def get_rows(self, pk: int) -> QuerySet[Contribution]:
        return Contribution.objects.filter(user=pk)


class _DatesFilter(admin.ListFilter):
    """A filter by two days, both included, in the site's time zone; either may be left out."""

    name = ""

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        typed = {name: params.pop(name, [""])[-1].strip() for name in self.names}
        self.typed: dict[str, str] = {name: value for name, value in typed.items() if value}
        self.used_parameters: dict[str, Any] = {**self.typed}
        self.days = {name: find_date(value) for name, value in self.typed.items()}

    @property
    def names(self) -> list[str]:
        return [f"{self.name}_from", f"{self.name}_to"]

    def expected_parameters(self) -> list[str | None]:
        return [*self.names]

    def has_output(self) -> bool:
        return True

    @property
    def fields(self) -> list[dict[str, str]]:
        """The two fields of its form, with what was typed."""
        labels = (_("From"), _("To"))
        return [
            {
                "name": name,
                "label": label,
                "value": self.typed.get(name, ""),
                "error": self._describe_error(name),
            }
            for name, label in zip(self.names, labels, strict=True)
        ]

    def _describe_error(self, name: str) -> str:
        if name not in self.days or self.days[name]:
            return ""
        return _("“%(typed)s” is not a date. Write it like 1 December 2026.") % {
            "typed": self.typed[name][:40]
        }

    def get_chosen_label(self) -> str:
        first, last = (self.days.get(name) for name in self.names)
        if first and last:
            return f"{first:%-d %b %Y} – {last:%-d %b %Y}"
        if first:
            return _("from %(day)s") % {"day": f"{first:%-d %b %Y}"}
        return _("to %(day)s") % {"day": f"{last:%-d %b %Y}"} if last else ""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield from ()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        if not self.used_parameters:
            return queryset
        if None in self.days.values():
            return queryset.none()
        zone = timezone.get_default_timezone()
        first, last = (self.days.get(name) for name in self.names)
        begins = dt.datetime.combine(first or dt.date(1800, 1, 1), dt.time(), zone)
        day_after = (last or dt.date(2199, 12, 30)) + dt.timedelta(days=1)
        return self.filter_within(queryset, begins, dt.datetime.combine(day_after, dt.time(), zone))

    def filter_within(
        self, queryset: QuerySet[Statement], begins: dt.datetime, ends: dt.datetime
    ) -> QuerySet[Statement]:
        raise NotImplementedError


class ChangedFilter(_DatesFilter):
    title = gettext_lazy("Changed")
    name = "changed"

    def filter_within(
        self, queryset: QuerySet[Statement], begins: dt.datetime, ends: dt.datetime
    ) -> QuerySet[Statement]:
        return queryset.filter(changed_at__gte=begins, changed_at__lt=ends)


class ReleasedFilter(_DatesFilter):
    """Filter by the first release, past or coming, along the index edition_first_release_idx."""

    title = gettext_lazy("Released")
    name = "released"

    def filter_within(
        self, queryset: QuerySet[Statement], begins: dt.datetime, ends: dt.datetime
    ) -> QuerySet[Statement]:
        within = listed_within(begins, ends) & Q(release_at__isnull=False)
        released = Edition.objects.filter(within)
        if count_rows(released) > MAX_COUNTED_ROWS:
            return queryset.filter(Exists(released.filter(statement=OuterRef("pk"))))
        return queryset.filter(pk__in=released.values("statement"))
