"""Mail to the newsdesk, sent by the worker: a link, never a headline or words."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.urls import reverse
from django_tasks import task

from statements.models import Action, Edition, Event
from statements.roles import NEWSDESK


@task()
def urgent_release(edition_id: int) -> None:
    """Tell everybody on the newsdesk that one person put something out alone."""
    edition = Edition.objects.get(pk=edition_id)
    event = Event.objects.get(edition=edition, action=Action.RELEASED_URGENTLY)
    link = settings.SITE_URL + reverse("admin:statements_edition_review", args=[edition.pk])
    people = (
        get_user_model().objects.filter(is_active=True, groups__name__in=NEWSDESK).exclude(email="")
    )
    for address in sorted(set(people.values_list("email", flat=True))):
        send_mail(
            f"{settings.SITE_NAME}: an urgent release is owed a second look",
            f"{event.by_name} released a statement without a second person.\n\n"
            f"Read it and take the second look: {link}\n",
            settings.DEFAULT_FROM_EMAIL,
            [address],
        )
