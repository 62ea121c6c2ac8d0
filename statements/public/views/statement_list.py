"""List statements, newest first, with filters and search."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from statements.caching.headers import allow_caching
from statements.public.responses import public_view, render_page
from statements.search import facets, results
from statements.search.filters import find_renamed_query, parse_filters
from statements.search.statement_list import load_page


@public_view
def statement_list(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Show 20 statements a page. Filters combine; an unknown value matches nothing."""
    filters = parse_filters(request.GET, at=at)
    if current_query := find_renamed_query(request.GET, filters):
        return HttpResponsePermanentRedirect(f"{request.path}?{current_query}")
    search = results.search(request.GET, filters, at=at) if filters.q else None
    countable = None if search else facets.countable_results(filters, at=at)
    page = search or load_page(request.GET, filters, at=at, results=countable)
    if page.rows and not filters.q:  # searches and empty pages could fill the cache without end
        allow_caching(request, filters.to_query_string())  # the first page: it has no cursor
    return render_page(
        "statements/list.html",
        status=400 if search and search.query.problem else 200,
        page=page,
        search=search,
        filters=filters,
        facets=search.facets if search else facets.build_facets(filters, countable, at=at),
        is_later_page=any(name in request.GET for name in ("older", "newer", "page")),
        current_section="statements",
    )
