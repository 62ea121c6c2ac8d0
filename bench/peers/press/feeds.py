from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from press.models import StatementPage

NEWEST = 50


class WholeWords(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        content = "http://purl.org/rss/1.0/modules/content/"
        return super().rss_attributes() | {"xmlns:content": content}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["words"])


class StatementFeed(Feed):
    feed_type = WholeWords
    title = "On the Record"
    link = "/statements/"
    description = "On the Record: what was said, by whom, and when"

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response.content = response.content  # one piece: gunicorn sends each by itself
        return response

    def items(self):
        newest = StatementPage.objects.newest().select_related("organisation")
        return newest.prefetch_related("themes")[:NEWEST]

    def item_title(self, item: StatementPage) -> str:
        return item.title

    def item_description(self, item: StatementPage) -> str:
        return item.summary

    def item_pubdate(self, item: StatementPage):
        return item.date

    def item_author_name(self, item: StatementPage) -> str:
        return item.organisation.name

    def item_categories(self, item: StatementPage) -> list[str]:
        return [theme.name for theme in item.themes.all()]

    def item_link(self, item: StatementPage) -> str:
        return item.url

    def item_extra_kwargs(self, item: StatementPage) -> dict[str, str]:
        return {"words": item.body.render_as_block()}
