"""Mail about agreement and remarks, sent by the worker: a link, never a headline or words."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from statements.models import Answer, Preview, PreviewKey, Remark
from statements.notifications import newsdesk


def link_to(token: str) -> str:
    return settings.SITE_URL + reverse("preview", args=[token])


def ask_to_invite(preview: Preview) -> None:
    """Once this transaction is committed, let the worker mail a link to the reader."""
    if preview.email and not newsdesk.are_silent():
        transaction.on_commit(lambda: invite.enqueue(preview.pk), robust=True)


@task()
def invite(preview_id: int) -> None:
    """Mail its reader a link of their own, made here: a token never waits in the queue.

    It names who asks: a link from nobody is one that careful people do not open.
    """
    preview = Preview.objects.select_related("made_by").get(pk=preview_id)
    if preview.revoked_at or not preview.email:
        return
    link = link_to(PreviewKey.objects.new(preview))
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


def tell_of_answer(answer: Answer) -> None:
    """Whoever asked, and whoever submitted the words, hears that an answer has come."""
    people = {answer.edition.submitted_by_id}
    if answer.preview:
        people.add(answer.preview.made_by_id)
    _tell("answered", answer.edition_id, people)


def tell_of_remark(remark: Remark) -> None:
    """Those who wrote the words, and those who spoke in the thread, hear of a new remark."""
    edition = remark.edition
    spoke = Remark.objects.filter(edition__statement=edition.statement_id)
    people = edition.contributor_ids | {edition.submitted_by_id}
    people |= set(spoke.values_list("by_id", flat=True))
    _tell("remarked", edition.pk, people - {remark.by_id})


def _tell(what: str, edition_id: int, people: Iterable[int]) -> None:
    """`notices.mail` looks again whether each is on the newsdesk when the worker comes to it."""
    if newsdesk.are_silent():
        return

    def enqueue() -> None:
        for pk in sorted(people):
            newsdesk.mail.enqueue(what, edition_id, pk)

    transaction.on_commit(enqueue, robust=True)
