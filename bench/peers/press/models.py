"""Model statements as pages of one list, and speakers, organisations and themes as snippets."""

import json

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet
from wagtail.snippets.models import register_snippet

PAGE_SIZE = 20
RELATED = 6


class Named(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@register_snippet
class Organisation(Named):
    boilerplate = models.TextField(blank=True)
    reuse_terms = models.TextField(blank=True)


@register_snippet
class Speaker(Named):
    pass


@register_snippet
class Theme(Named):
    pass


class Kind(models.TextChoices):
    COMMENT = "comment", "Comment"
    STATEMENT = "statement", "Statement"
    PRESS_RELEASE = "press-release", "Press release"
    RESPONSE = "response", "Consultation response"
    SPEECH = "speech", "Speech"
    LETTER = "letter", "Open letter"


class QuotationBlock(StructBlock):
    attribution = CharBlock(required=False)
    words = RichTextBlock()

    class Meta:
        template = "press/blocks/quotation.html"


class StatementQuerySet(PageQuerySet):
    def newest(self) -> "StatementQuerySet":
        return self.live().order_by("-date", "-pk")

    def as_rows(self) -> "StatementQuerySet":
        """Load the speakers, but not the body, which no list shows."""
        voices = Prefetch("voices", Voice.objects.select_related("speaker"))
        return self.defer_streamfields().prefetch_related(voices)


class StatementPage(Page):
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    date = models.DateTimeField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    themes = ParentalManyToManyField(Theme, blank=True, related_name="statements")
    body = StreamField(
        [("heading", CharBlock()), ("paragraph", RichTextBlock()), ("quotation", QuotationBlock())]
    )

    objects = PageManager.from_queryset(StatementQuerySet)()

    content_panels = [
        *Page.content_panels,
        *map(FieldPanel, ("summary", "kind", "date", "organisation", "themes", "body")),
        InlinePanel("voices"),
    ]
    parent_page_types = ["press.StatementIndexPage"]
    subpage_types = []

    class Meta:
        indexes = [
            models.Index(fields=["-date", "-page_ptr"], name="newest_first"),
            models.Index(fields=["kind", "-date"], name="newest_of_a_kind"),
        ]

    def get_context(self, request, *args, **kwargs) -> dict:
        voices = list(self.voices.select_related("speaker", "organisation"))
        themes = list(self.themes.all())
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "voices": voices,
            "themes": themes,
            "earlier": self._by(voices, "-date", date__lt=self.date),
            "later": self._by(voices, "date", date__gt=self.date),
            "related": self._related(themes),
            "address": request.build_absolute_uri(),
        }

    def _by(self, voices: list, order: str, **when) -> "StatementPage | None":
        if not voices:
            return None
        spoken = StatementPage.objects.live().filter(voices__speaker=voices[0].speaker_id, **when)
        return spoken.defer_streamfields().order_by(order).first()

    def _related(self, themes: list[Theme]) -> list[tuple["StatementPage", list[Theme]]]:
        """Return the newest statements that share a theme, each with the shared themes."""
        in_themes = StatementPage.themes.through.objects.filter(
            statementpage=OuterRef("pk"), theme__in=themes
        )
        shared = StatementPage.objects.newest().filter(Exists(in_themes)).exclude(pk=self.pk)
        pages = shared.defer_streamfields().prefetch_related("themes")[:RELATED]
        return [(page, [t for t in page.themes.all() if t in themes]) for page in pages]

    @cached_property
    def structured(self) -> str:
        """Return metadata for search engines: https://schema.org/NewsArticle."""
        article = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.title,
            "description": self.summary,
            "articleSection": self.get_kind_display(),
            "datePublished": self.date.isoformat(),
            "publisher": {"@type": "Organization", "name": self.organisation.name},
        }
        return json.dumps(article, ensure_ascii=False).replace("<", "\\u003c")


class Voice(Orderable):
    page = ParentalKey(StatementPage, on_delete=models.CASCADE, related_name="voices")
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    role = models.CharField(max_length=200, blank=True)


class StatementIndexPage(Page):
    FILTERS = {
        "kind": "kind",
        "theme": "themes__slug",
        "speaker": "voices__speaker__slug",
        "organisation": "organisation__slug",
    }
    subpage_types = ["press.StatementPage"]

    def get_context(self, request, *args, **kwargs) -> dict:
        parameters = request.GET
        statements = StatementPage.objects.child_of(self).newest().as_rows()
        conditions = {
            term: parameters[name] for name, term in self.FILTERS.items() if parameters.get(name)
        }
        if parameters.get("year", "").isdecimal():
            conditions["date__year"] = int(parameters["year"])
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "statements": Paginator(statements.filter(**conditions), PAGE_SIZE).get_page(
                parameters.get("page")
            ),
            "kinds": Kind.choices,
            "themes": Theme.objects.all(),
            "organisations": Organisation.objects.all(),
            "parameters": parameters,
        }
