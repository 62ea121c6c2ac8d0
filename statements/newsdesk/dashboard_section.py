"""One list of the dashboard: its rows, and how many there are beyond those that are shown."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models.query import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from statements.models import Edition

MAX_SECTION_ROWS = 12
MAX_COUNTED_ROWS = 1_000


@dataclass
class DashboardSection:
    """One list of the dashboard, with the sentence to show when it is empty."""

    key: str
    title: str
    empty: str
    rows: list[Any] = field(default_factory=list)
    max_rows: int = MAX_SECTION_ROWS
    has_count: bool = True
    template: str = "admin/newsdesk/_dashboard_editions.html"
    queryset: QuerySet[Any] | None = None  # all rows; counted only if not all are shown
    list_query: str = ""  # the query of the statement list that shows all rows
    list_label: str = ""  # the words of the link to it, if it always stands at the top

    @cached_property
    def number(self) -> int:
        """How many there are; over MAX_COUNTED_ROWS it is one more than that."""
        if not self.has_more:
            return len(self.rows)
        assert self.queryset is not None, "A section that does not show all rows can count them."
        return self.queryset.order_by().values("pk")[: MAX_COUNTED_ROWS + 1].count()

    @property
    def count(self) -> str:
        if self.number > MAX_COUNTED_ROWS:
            return _("more than %(number)s") % {"number": f"{MAX_COUNTED_ROWS:,}"}
        return str(self.number)

    @property
    def has_more(self) -> bool:
        return len(self.rows) > self.max_rows

    @property
    def visible_rows(self) -> list[Any]:
        return self.rows[: self.max_rows]


def load_rows(editions: QuerySet[Edition], max_rows: int = MAX_SECTION_ROWS) -> list[Any]:
    # Any, because the sections set what the templates show as attributes of the rows.
    people = ("organisation", "submitted_by", "approved_by", "countersigned_by", "erasure_asked_by")
    rows: list[Any] = list(editions.select_related(*people).defer("content")[: max_rows + 1])
    for row in rows:
        row.objections = []
    return rows
