"""Merge two speakers or two themes: choose the target, read the consequences, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisations.models import Speaker
from statements import clock
from statements.models import EditionAttribution, Passage, Theme
from statements.newsdesk.base_admin import format_count
from statements.newsdesk.request_values import clean_search, get_user, parse_number
from statements.roles import MANAGERS, require_group
from statements.workflow import Refused, merging

MAX_SUGGESTIONS = 20


@dataclass(frozen=True)
class _MergeKind:
    """What differs between merging speakers and merging themes."""

    model: Any  # Speaker or Theme: no common base class has their fields
    describe_consequences: Callable[[Any, Any], list[str]]
    merge: Callable[..., None]
    has_biography: bool = False

    @property
    def opts(self) -> Options[Any]:
        opts: Options[Any] = self.model._meta  # noqa: SLF001  (documented by Django, despite its name)
        return opts

    @property
    def noun(self) -> str:
        return str(self.opts.verbose_name)

    @property
    def nouns(self) -> str:
        return str(self.opts.verbose_name_plural)

    def admin_url(self, page: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"


def _describe_speaker_merge(source: Speaker, target: Speaker) -> list[str]:
    passages = Passage.objects.filter(speaker=source)
    drafts = format_count(passages, "statement", "statements", distinct_column="statement")
    attributions = EditionAttribution.objects.filter(speaker=source)
    editions = format_count(attributions, "edition", "editions")
    roles = format_count(source.appointments.all(), "role", "roles")
    return [
        _(
            "The drafts of %(statements)s will name %(target)s. Anybody who has one of them open "
            "will be asked to look again before saving."
        )
        % {"statements": drafts or _("no statements"), "target": target},
        _(
            "%(editions)s will be listed under %(target)s. Published text keeps the name "
            "%(source)s as it was printed."
        )
        % {
            "editions": capfirst(editions) or _("No editions"),
            "target": target,
            "source": source,
        },
        _(
            "%(roles)s will be %(target)s’s. If both had the same role on the same days, it is "
            "kept once."
        )
        % {"roles": capfirst(roles) or _("No roles"), "target": target},
    ]


def _describe_theme_merge(source: Theme, target: Theme) -> list[str]:
    statements = format_count(source.items.all(), "statement", "statements")
    subject = capfirst(statements) or _("No statements")
    return [
        _("%(statements)s will have the theme %(target)s.")
        % {"statements": subject, "target": target},
        _("The description of %(source)s is lost; that of %(target)s is kept.")
        % {"source": source, "target": target},
    ]


SPEAKERS = _MergeKind(Speaker, _describe_speaker_merge, merging.merge_speakers, has_biography=True)
THEMES = _MergeKind(Theme, _describe_theme_merge, merging.merge_themes)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_speakers(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_or_merge(request, SPEAKERS, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_themes(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_or_merge(request, THEMES, pk)


def _show_or_merge(request: HttpRequest, kind: _MergeKind, pk: int) -> HttpResponse:
    require_group(get_user(request), MANAGERS, _("merge two %(nouns)s") % {"nouns": kind.nouns})
    source = get_object_or_404(kind.model, pk=pk)
    others = kind.model.objects.exclude(pk=pk)
    target_pk = parse_number(request.POST.get("into") or request.GET.get("into"))
    target = others.filter(pk=target_pk).first() if target_pk is not None else None
    if request.method == "POST" and target is not None:
        return _merge_and_redirect(request, kind, source, target)
    query = clean_search(request.GET.get("q", ""))
    context = {
        **admin.site.each_context(request),
        "title": _("Merge %(source)s into another %(noun)s")
        % {"source": source, "noun": kind.noun},
        "noun": kind.noun,
        "source": source,
        "target": target,
        "list_url": kind.admin_url("changelist"),
        "change_url": kind.admin_url("change"),
        "plural": kind.opts.verbose_name_plural,
        "query": query,
        "suggestions": _suggest_targets(others, source, query) if target is None else [],
        "consequences": kind.describe_consequences(source, target) if target else [],
        "choose_biography": bool(
            target
            and kind.has_biography
            and source.biography
            and source.biography != target.biography
        ),
    }
    return TemplateResponse(request, "admin/newsdesk/merge.html", context)


def _suggest_targets(others: QuerySet[Any], source: Any, query: str) -> list[Any]:
    """Return the matches of the query, or else those that share a word of the name."""
    condition = Q() if query else Q(pk=None)
    for word in query.split():
        condition &= Q(name__icontains=word)
    if not query:
        for word in source.name.split():
            condition |= Q(name__icontains=word) if len(word) > 2 else Q()
    return list(others.filter(condition).order_by("name")[:MAX_SUGGESTIONS])


def _merge_and_redirect(
    request: HttpRequest, kind: _MergeKind, source: Any, target: Any
) -> HttpResponse:
    options = {}
    if kind.has_biography:
        options["biography_of"] = source if request.POST.get("biography") == "source" else target
    try:
        kind.merge(source, target, by=get_user(request), at=clock.now(), **options)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(kind.admin_url("changelist"))
    messages.success(
        request,
        _("%(source)s was merged into %(target)s. Its old URL leads here.")
        % {"source": source, "target": target},
    )
    return redirect(kind.admin_url("change"), target.pk)
