"""The pages about this site, which are not statements."""

import datetime as dt
from dataclasses import dataclass

from statements.models import SitePage
from statements.site_pages import get_page_html


@dataclass(frozen=True)
class SitePageText:
    """A page about this site; `changed_at` is None for the text that comes with the product."""

    title: str
    body: str
    changed_at: dt.datetime | None


def load_site_page(name: str) -> SitePageText:
    """Load the page of this name. One query."""
    page = SitePage.objects.filter(name=name).first() or SitePage(name=name)
    return SitePageText(str(page), get_page_html(page), page.changed_at if page.body else None)
