"""Change the pages about this site, accessibility and privacy.

A page without its own text shows the one in templates/site_pages/. That one says what the
product does, and no more: those who run a site add what they do.
"""

import datetime as dt
from typing import Any

from django.apps import apps as global_apps
from django.apps.registry import Apps
from django.contrib.auth.models import User
from django.db import transaction
from django.template import Context, Engine
from django.utils.translation import gettext as _

from statements.audit.compared import PAGE
from statements.audit.events import write_event
from statements.audit.state import read_object
from statements.content import html
from statements.models import Action, SitePage, StaleVersion
from statements.roles import MANAGERS, require_group


def get_page_html(page: SitePage) -> str:
    """Return the text of the page, or the one that comes with the product."""
    return page.body or "\n".join(html.clean_blocks(read_default_html(page.name)))


def read_default_html(name: str) -> str:
    """Return the text that comes with the product."""
    return Engine.get_default().get_template(f"site_pages/{name}.html").render(Context())


@transaction.atomic
def update_page(
    page: SitePage, body: str, *, by: User, at: dt.datetime, seen_at: dt.datetime | None
) -> SitePage:
    """Publish a new text of the page at once; the event keeps it for good.

    An empty text brings back the product's. Raises StaleVersion if somebody changed the page after
    seen_at.
    """
    require_group(by, MANAGERS, _("change a page about this site"))
    page = SitePage.objects.select_for_update().get(pk=page.pk)
    if page.changed_at != seen_at:
        raise StaleVersion(
            _("Somebody changed this page after you opened it. Look at theirs, then save.")
        )
    page.body = "\n".join(html.clean_blocks(body))
    page.changed_by, page.changed_at = by, at
    page.save(update_fields=["body", "changed_at", "changed_by"])
    write_event(
        None,
        Action.PAGE_CHANGED,
        by=by,
        at=at,
        note=f"The page on {page.get_name_display().lower()}.",
        detail={"page": page.name},
        rows=dict([read_object(PAGE, page, {by.pk: by.get_username()})]),
    )
    return page


def create_pages(using: str, apps: Apps = global_apps, **kwargs: Any) -> None:
    """Create the pages that do not exist. Runs after every migrate, also backwards."""
    try:
        model = apps.get_model("statements", "SitePage")
    except LookupError:
        return
    for name in SitePage.Name.values:
        model.objects.using(using).get_or_create(name=name)
