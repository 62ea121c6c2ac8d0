"""The list of all statements: the same few queries for any page, however many there are."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet

from statements import clock
from statements.models import Contribution, Edition, State
from statements.newsdesk import dashboard
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS
from statements.newsdesk.status import describe_status
from statements.publicness import public_at, released_after


class StatementList(ChangeList):
    """One page of statements, each with where it stands and who wrote last."""

    def get_results(self, request) -> None:
        super().get_results(request)
        if not self.query:
            self.full_result_count = self.result_count  # says “Show all” beside a search alone
        self.result_list = list(self.result_list)
        annotate_page(self.result_list)


def limit_matches(matching: QuerySet) -> QuerySet:
    """The newest thousand or so of what a search matches, looked for once.

    A rare word is found only by reading every headline; the index statement_changed_headline_idx holds them, in
    the order of the list, and the list would read it twice: to count and to show.
    """
    newest = matching.order_by("-changed_at").values_list("pk", flat=True)[: MAX_COUNTED_ROWS + 1]
    return matching.model.objects.filter(pk__in=list(newest)).select_related("organisation")


def annotate_page(statements: list) -> None:
    """Set where each of them stands now, and who wrote last. Two queries."""
    editions, writers = _load_editions(statements), _load_writers(statements)
    at = clock.now()
    for statement in statements:
        statement.stands = describe_status(editions.get(statement.pk, []), at)
        statement.last_writer = writers.get(statement.pk)


def _load_editions(statements: list) -> dict[int, list[Edition]]:
    found: dict[int, list[Edition]] = {}
    rows = Edition.objects.filter(statement__in=[one.pk for one in statements])
    for edition in rows.defer("content").order_by("statement", "sequence"):
        found.setdefault(edition.statement_id, []).append(edition)
    return found


def _load_writers(statements: list) -> dict[int, str]:
    rows = Contribution.objects.filter(statement__in=[one.pk for one in statements])
    return {
        one.statement_id: one.user.get_full_name() or one.user.get_username()
        for one in rows.select_related("user").order_by("version")
    }


class StatusFilter(admin.SimpleListFilter):
    """Each choice walks an index of editions and no statement."""

    title = "where it stands"
    parameter_name = "stands"

    def lookups(self, request, model_admin):
        return [
            ("draft", "Never submitted"),
            ("my_drafts", "My drafts"),
            ("in_review", "In review"),
            ("sent_back", "Sent back"),
            ("scheduled", "Scheduled"),
            ("held", "Held"),
            ("public", "Public"),
            ("changing", "Public, with a change under way"),
        ]

    def queryset(self, request, queryset):
        at = clock.now()
        approved = Q(state=State.APPROVED)
        chosen = {
            "in_review": Q(state=State.IN_REVIEW),
            "sent_back": Q(state=State.SENT_BACK),
            "scheduled": approved & released_after(at),
            "held": approved & Q(release_at=None),
            "public": approved & public_at(at),
        }
        if self.value() == "draft":
            return queryset.filter(editions=None)
        if self.value() == "my_drafts":
            return queryset.filter(pk__in=dashboard.find_unsubmitted(request.user).values("pk"))
        if self.value() == "changing":
            return queryset.filter(pk__in=dashboard.find_in_progress(at).values("pk"))
        asked = self.value()
        if asked is None or asked not in chosen:
            return queryset
        editions = Edition.objects.filter(chosen[asked])
        if asked == "sent_back":  # unless it was submitted again
            editions = editions.exclude(
                Exists(
                    Edition.objects.filter(
                        statement=OuterRef("statement"), sequence__gt=OuterRef("sequence")
                    )
                )
            )
        if asked == "public":  # most of them are: the list soon meets them as it is walked
            return queryset.filter(Exists(editions.filter(statement=OuterRef("pk"))))
        return queryset.filter(pk__in=editions.values("statement"))
