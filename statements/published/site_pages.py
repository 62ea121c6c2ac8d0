"""The pages about this site, which stand outside the record. One query."""

import datetime as dt
from dataclasses import dataclass

from statements.models import SitePage
from statements.site_pages import text_of


@dataclass(frozen=True)
class About:
    """`changed` is None where the words are those that come with the product."""

    title: str
    body: str
    changed: dt.datetime | None


def about(name: str) -> About:
    page = SitePage.objects.filter(name=name).first() or SitePage(name=name)
    return About(str(page), text_of(page), page.changed_at if page.body else None)
