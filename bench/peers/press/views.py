from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from press.models import A_PAGE, StatementPage, Theme


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Theme, slug=slug)
    statements = StatementPage.objects.filter(themes=found).newest().as_rows()
    page = Paginator(statements, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "press/theme.html", {"theme": found, "statements": page})
