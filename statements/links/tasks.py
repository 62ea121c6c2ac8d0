"""Check links in the background and keep the results."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django_tasks import task

from statements import clock
from statements.links import safe_fetch
from statements.models import LinkCheck

RECHECK_AFTER = dt.timedelta(hours=1)
MAX_LINKS = 50
MAX_URL_CHARS = 2_000  # as the column LinkCheck.url


def enqueue_link_checks(addresses: Iterable[str], *, at: dt.datetime) -> None:
    """Let the worker check these after the commit, except those checked within the hour."""
    urls = [url for url in addresses if len(url) <= MAX_URL_CHARS][:MAX_LINKS]
    recent = LinkCheck.objects.filter(url__in=urls, checked_at__gt=at - RECHECK_AFTER)
    urls = sorted(set(urls) - set(recent.values_list("url", flat=True)))
    if not urls:
        return
    LinkCheck.objects.bulk_create(
        [LinkCheck(url=url, asked_at=at) for url in urls],
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["asked_at"],
    )
    pks = list(LinkCheck.objects.filter(url__in=urls).order_by("pk").values_list("pk", flat=True))
    transaction.on_commit(lambda: check_links.enqueue(pks))


@task()
def check_links(pks: list[int]) -> None:
    """Check each address once and keep the result.

    The task names rows, not addresses: its queue keeps what it was given.
    """
    for link in LinkCheck.objects.filter(pk__in=pks).order_by("pk"):
        problem = safe_fetch.check_link(
            link.url,
            own_host=settings.SITE_HOST,
            resolve=safe_fetch.resolve_host,
            open_=safe_fetch.send_request,
        )
        LinkCheck.objects.filter(pk=link.pk).update(problem=problem, checked_at=clock.now())


def load_link_problems(addresses: list[str]) -> dict[str, str]:
    """Return what was wrong with each address at its last check; a working one is left out."""
    if not addresses:
        return {}
    dead = LinkCheck.objects.filter(url__in=addresses[:MAX_LINKS]).exclude(problem="")
    return dict(dead.values_list("url", "problem"))
