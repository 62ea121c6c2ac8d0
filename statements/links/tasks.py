"""Which links were asked, by the worker, and what they answered."""

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
MAX_URL_CHARS: int = LinkCheck._meta.get_field("url").max_length or 0


def enqueue_link_checks(addresses: Iterable[str], *, at: dt.datetime) -> None:
    """Let the worker look at these after commit; one that it has seen within the hour can wait."""
    wanted = [address for address in addresses if len(address) <= MAX_URL_CHARS][:MAX_LINKS]
    fresh = LinkCheck.objects.filter(url__in=wanted, checked_at__gt=at - RECHECK_AFTER)
    wanted = sorted(set(wanted) - set(fresh.values_list("url", flat=True)))
    if not wanted:
        return
    LinkCheck.objects.bulk_create(
        [LinkCheck(url=url, asked_at=at) for url in wanted],
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["asked_at"],
    )
    transaction.on_commit(lambda: check_links.enqueue(wanted))


@task()
def check_links(addresses: list[str]) -> None:
    """Ask each of them once; the answer is kept for whoever writes to it next."""
    for url in addresses:
        problem = safe_fetch.check_link(
            url,
            own_host=settings.SITE_HOST,
            resolve=safe_fetch.resolve_host,
            open_=safe_fetch.send_request,
        )
        LinkCheck.objects.filter(url=url).update(problem=problem, checked_at=clock.now())


def load_link_problems(addresses: list[str]) -> dict[str, str]:
    """Address → what was wrong with it when it was last asked."""
    if not addresses:
        return {}
    dead = LinkCheck.objects.filter(url__in=addresses[:MAX_LINKS]).exclude(problem="")
    return dict(dead.values_list("url", "problem"))
