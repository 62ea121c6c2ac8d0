"""The pages about this site, which stand outside the record. One query."""

import datetime as dt
from dataclasses import dataclass

from statements.models import SitePage
from statements.site_pages import get_page_html


@dataclass(frozen=True)
class SitePageText:
    """`changed` is None where the words are those that come with the product."""

    title: str
    body: str
    changed_at: dt.datetime | None


def load_site_page(name: str) -> SitePageText:
    page = SitePage.objects.filter(name=name).first() or SitePage(name=name)
    return SitePageText(str(page), get_page_html(page), page.changed_at if page.body else None)
