"""The list of all statements: the same few queries for every page, however many there are."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from statements import clock
from statements.models import Contribution, Edition, State, Statement
from statements.newsdesk import dashboard
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS
from statements.newsdesk.request_values import get_user
from statements.newsdesk.status import describe_status
from statements.newsdesk.user_names import get_display_name
from statements.publicness import public_at, released_after


class StatementList(ChangeList):
    """One page of statements, each with its status and its last writer."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query:
            self.full_result_count = self.result_count  # or a filter alone offers “Show all”
        self.result_list: Any = list(self.result_list)
        annotate_page(self.result_list)


def limit_matches(matching: QuerySet[Statement]) -> QuerySet[Statement]:
    """Return the newest thousand or so of the statements that match a search.

    A rare word is found only by reading every headline. The index
    statement_changed_headline_idx holds them in the order of the list, and the list itself would
    read it twice: to count and to show.
    """
    newest = matching.order_by("-changed_at").values_list("pk", flat=True)[: MAX_COUNTED_ROWS + 1]
    return Statement.objects.filter(pk__in=list(newest)).select_related("organisation")


def annotate_page(statements: list[Any]) -> None:
    """Set the status, first release and last writer of each statement. Two queries."""
    editions, writers = _load_editions(statements), _load_writers(statements)
    at = clock.now()
    for statement in statements:
        own_editions = editions.get(statement.pk, [])
        statement.stands = describe_status(own_editions, at)
        released = (edition.first_released for edition in own_editions if edition.release_at)
        statement.first_released = next(released, None)
        statement.last_writer = writers.get(statement.pk)


def _load_editions(statements: list[Statement]) -> dict[int, list[Edition]]:
    editions: dict[int, list[Edition]] = {}
    rows = Edition.objects.filter(statement__in=[statement.pk for statement in statements])
    for edition in rows.defer("content").order_by("statement", "sequence"):
        editions.setdefault(edition.statement_id, []).append(edition)
    return editions


def _load_writers(statements: list[Statement]) -> dict[int, str]:
    rows = Contribution.objects.filter(statement__in=[statement.pk for statement in statements])
    return {
        contribution.statement_id: get_display_name(contribution.user)
        for contribution in rows.select_related("user").order_by("version")
    }


class StatusFilter(admin.SimpleListFilter):
    """Filter by status, with an index of editions and none of statements."""

    title = "status"
    parameter_name = "stands"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return [
            ("draft", "Never submitted"),
            ("my_drafts", "My drafts"),
            ("in_review", "In review"),
            ("sent_back", "Sent back"),
            ("scheduled", "Scheduled"),
            ("held", "On hold"),
            ("public", "Public"),
            ("changing", "Public, with a change under way"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        at, status = clock.now(), self.value()
        if status == "draft":
            return queryset.filter(editions=None)
        if status == "my_drafts":
            drafts = dashboard.find_unsubmitted(get_user(request))
            return queryset.filter(pk__in=drafts.values("pk"))
        if status == "changing":
            return queryset.filter(pk__in=dashboard.find_in_progress(at).values("pk"))
        approved = Q(state=State.APPROVED)
        conditions = {
            "in_review": Q(state=State.IN_REVIEW),
            "sent_back": Q(state=State.SENT_BACK),
            "scheduled": approved & released_after(at),
            "held": approved & Q(release_at=None),
            "public": approved & public_at(at),
        }
        if status is None or status not in conditions:
            return queryset
        editions = Edition.objects.filter(conditions[status])
        if status == "sent_back":
            editions = editions.exclude(Exists(_later_editions()))
        if status == "public":
            # Most statements are: reading the list in its order soon finds a page of them.
            return queryset.filter(Exists(editions.filter(statement=OuterRef("pk"))))
        return queryset.filter(pk__in=editions.values("statement"))


def _later_editions() -> QuerySet[Edition]:
    return Edition.objects.filter(
        statement=OuterRef("statement"), sequence__gt=OuterRef("sequence")
    )
