"""Merging two speakers or two themes: choose the one that stays, read what follows, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from organisations.models import Speaker
from statements import clock
from statements.models import EditionAttribution, Passage, Theme
from statements.newsdesk.base_admin import format_count
from statements.newsdesk.statement_filters import parse_id
from statements.roles import MANAGERS, require_group
from statements.workflow import merging

MAX_SUGGESTIONS = 20


@dataclass(frozen=True)
class _MergeKind:
    """What is particular to speakers, and to themes."""

    model: Any
    describe_consequences: Callable[[Any, Any], list[str]]
    merge: Callable[..., None]
    has_biography: bool = False

    @property
    def noun(self) -> str:
        return self.model._meta.verbose_name

    def admin_url(self, page: str) -> str:
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_{page}"


def _describe_speaker_merge(goes: Speaker, stays: Speaker) -> list[str]:
    spoken = Passage.objects.filter(speaker=goes)
    drafts = format_count(spoken, "statement", "statements", of="statement")
    editions = format_count(EditionAttribution.objects.filter(speaker=goes), "edition", "editions")
    roles = format_count(goes.appointments.all(), "role", "roles")
    return [
        f"The working copies of {drafts or 'no statements'} will name {stays}; whoever has one "
        "of them open is asked to look again before saving.",
        f"{editions[:1].upper() + editions[1:] or 'No editions'} will be listed under {stays}. "
        f"The words that were published keep the name {goes} as it was printed.",
        f"{roles[:1].upper() + roles[1:] or 'No roles'} will be {stays}’s. The same role on the "
        "same days is kept once.",
    ]


def _describe_theme_merge(goes: Theme, stays: Theme) -> list[str]:
    filed = format_count(goes.items.all(), "statement", "statements")
    return [
        f"{filed[:1].upper() + filed[1:] or 'No statements'} will be filed under {stays}.",
        f"The description of {goes} is lost; that of {stays} is kept.",
    ]


SPEAKERS = _MergeKind(Speaker, _describe_speaker_merge, merging.merge_speakers, has_biography=True)
THEMES = _MergeKind(Theme, _describe_theme_merge, merging.merge_themes)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_speakers(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_or_merge(request, SPEAKERS, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_themes(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_or_merge(request, THEMES, pk)


def _show_or_merge(request: HttpRequest, merging: _MergeKind, pk: int) -> HttpResponse:
    require_group(request.user, MANAGERS, f"merge two {merging.noun}s")
    goes = get_object_or_404(merging.model, pk=pk)
    others = merging.model.objects.exclude(pk=pk)
    chosen = parse_id(request.POST.get("into") or request.GET.get("into"))
    stays = others.filter(pk=chosen).first() if chosen is not None else None
    if request.method == "POST" and stays is not None:
        return _merge_and_redirect(request, merging, goes, stays)
    asked = request.GET.get("q", "")
    context = {
        **admin.site.each_context(request),
        "title": f"Merge {goes} into another {merging.noun}",
        "noun": merging.noun,
        "goes": goes,
        "stays": stays,
        "list_url": merging.admin_url("changelist"),
        "change_url": merging.admin_url("change"),
        "plural": merging.model._meta.verbose_name_plural,
        "asked": asked,
        "offered": _suggest_targets(others, goes, asked) if stays is None else [],
        "consequences": merging.describe_consequences(goes, stays) if stays else [],
        "choose_biography": bool(
            stays and merging.has_biography and goes.biography and goes.biography != stays.biography
        ),
    }
    return TemplateResponse(request, "admin/newsdesk/merge.html", context)


def _suggest_targets(others: QuerySet, goes: Any, asked: str) -> list[Any]:
    """What was asked for; else whoever shares a word of the name."""
    near = Q(pk=None)
    if asked:
        near = Q()
        for word in asked.split():
            near &= Q(name__icontains=word)
    else:
        for word in goes.name.split():
            near |= Q(name__icontains=word) if len(word) > 2 else Q()
    return list(others.filter(near).order_by("name")[:MAX_SUGGESTIONS])


def _merge_and_redirect(
    request: HttpRequest, merging: _MergeKind, goes: Any, stays: Any
) -> HttpResponse:
    more = {}
    if merging.has_biography:
        more["biography_of"] = goes if request.POST.get("biography") == "goes" else stays
    merging.merge(goes, stays, by=request.user, at=clock.now(), **more)
    messages.success(request, f"{goes} was merged into {stays}, and its address leads here.")
    return redirect(merging.admin_url("change"), stays.pk)
