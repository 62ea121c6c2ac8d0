"""Which kind of mail each message is, and whether a person wants it."""

from django.contrib.auth.models import User

from statements.models import MailKind, SwitchedOffMail
from statements.roles import EDITORS, is_in_group

KINDS_BY_MESSAGE = {
    "submitted": MailKind.SUBMITTED,
    "countersignature_needed": MailKind.SUBMITTED,
    "approval_requested": MailKind.ASKED,
    "countersignature_requested": MailKind.ASKED,
    "undecided": MailKind.UNDECIDED,
    "sent_back": MailKind.SENT_BACK,
    "approved": MailKind.APPROVED,
    "put_on_hold": MailKind.PUT_ON_HOLD,
    "going_out_soon": MailKind.GOING_OUT,
    "published": MailKind.PUBLISHED,
    "withdrawn": MailKind.WITHDRAWN,
    "reply_agreed": MailKind.AGREED,
    "reply_objected": MailKind.OBJECTED,
    "reply_objected_after_approval": MailKind.OBJECTED,
    "remark_added": MailKind.REMARK,
}
"""Template in templates/emails/ → its kind. Everybody gets what is not here."""


def is_wanted(message: str, user: User) -> bool:
    """Return whether this person gets this message.

    Editors always hear of an objection after approval: what it is about may still go out.
    """
    if message == "reply_objected_after_approval" and is_in_group(user, EDITORS):
        return True
    kind = KINDS_BY_MESSAGE.get(message)
    return kind is None or not SwitchedOffMail.objects.filter(user=user, kind=kind).exists()
