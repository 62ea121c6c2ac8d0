"""Mail about agreement and remarks, sent by the worker: a link, never a headline or words."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from statements.models import PreviewLink, PreviewToken, Remark, SignOff
from statements.notifications import newsdesk


def preview_url(token: str) -> str:
    return settings.SITE_URL + reverse("preview", args=[token])


def enqueue_invitation(preview: PreviewLink) -> None:
    """Once this transaction is committed, let the worker mail a link to the reader."""
    if preview.email and not newsdesk.is_muted():
        transaction.on_commit(lambda: send_invitation.enqueue(preview.pk), robust=True)


@task()
def send_invitation(preview_id: int) -> None:
    """Mail its reader a link of their own, made here: a token never waits in the queue.

    It names who asks: a link from nobody is one that careful people do not open.
    """
    preview = PreviewLink.objects.select_related("made_by").get(pk=preview_id)
    if preview.revoked_at or not preview.email:
        return
    link = preview_url(PreviewToken.objects.create_token(preview))
    asker = preview.made_by
    EmailMessage(
        f"{settings.SITE_NAME}: something for you to read",
        f"{asker.get_full_name() or asker.get_username()} asks you to read something and to say "
        f"whether you agree to it:\n\n{link}\n\n"
        "The link is for you alone, so please do not pass it on. You need no account.\n",
        settings.DEFAULT_FROM_EMAIL,
        [preview.email],
        reply_to=[asker.email] if asker.email else None,
    ).send()


def notify_reply(answer: SignOff) -> None:
    """Whoever asked, and whoever submitted the words, hears that an answer has come."""
    people = {answer.edition.submitted_by_id}
    if answer.preview:
        people.add(answer.preview.made_by_id)
    _enqueue_mail("answered", answer.edition_id, people)


def notify_remark(remark: Remark) -> None:
    """Those who wrote the words, and those who spoke in the thread, hear of a new remark."""
    edition = remark.edition
    spoke = Remark.objects.filter(edition__statement=edition.statement_id)
    people = edition.contributor_ids | {edition.submitted_by_id}
    people |= set(spoke.values_list("by_id", flat=True))
    _enqueue_mail("remarked", edition.pk, people - {remark.by_id})


def _enqueue_mail(what: str, edition_id: int, people: Iterable[int]) -> None:
    """`notices.mail` looks again whether each is on the newsdesk when the worker comes to it."""
    if newsdesk.is_muted():
        return

    def enqueue() -> None:
        for pk in sorted(people):
            newsdesk.mail_user.enqueue(what, edition_id, pk)

    transaction.on_commit(enqueue, robust=True)
