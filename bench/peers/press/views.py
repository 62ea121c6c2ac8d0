from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from press.models import PAGE_SIZE, StatementPage, Theme


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    theme = get_object_or_404(Theme, slug=slug)
    statements = StatementPage.objects.filter(themes=theme).newest().as_rows()
    page = Paginator(statements, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "press/theme.html", {"theme": theme, "statements": page})
