"""Mail a person a link with which they set their own password. Nobody else ever sees it."""

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from statements.audit import accounts
from statements.newsdesk.user_names import get_display_name
from statements.notifications.messages import render_email, send_email

if TYPE_CHECKING:
    from django.contrib.auth.forms import SetPasswordForm

logger = logging.getLogger(__name__)

DAYS_VALID = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def find_problem(user: User) -> str:
    """Return why this person can get no link, as a sentence; "" if they can."""
    if not user.is_active:
        return _("This account is not active. Open it first.")
    if not user.email:
        return _("This account has no email address. Enter one first.")
    if accounts.was_address_changed(user):
        return _(
            "Somebody else changed the email address of this account since its owner last signed "
            "in, so a link might reach the wrong person. Its owner signs in once with the current "
            "password; without it, ask whoever runs the server for manage.py changepassword."
        )
    return ""


def send(user: User, *, by: User) -> None:
    """Record that a link is sent, and mail it once this transaction is committed."""
    assert not find_problem(user), "The caller refuses with the sentence."
    accounts.record_password_link(user)
    transaction.on_commit(lambda: send_password_link.enqueue(user.pk, by.pk))


@task()
def send_password_link(user_id: int, by_id: int) -> None:
    """Mail the link, with a token made here: none waits in the queue."""
    user = User.objects.get(pk=user_id)
    if find_problem(user):  # it arose while the task waited
        logger.warning("No password link was sent to user %d", user_id)
        return
    path = reverse(
        "admin:set_password",
        args=[
            urlsafe_base64_encode(force_bytes(user.pk)),
            default_token_generator.make_token(user),
        ],
    )
    subject, body = render_email(
        "password_link",
        asker=get_display_name(User.objects.get(pk=by_id)),
        username=user.get_username(),
        link=settings.SITE_URL + path,
        days=DAYS_VALID,
    )
    try:
        send_email(subject, body, user.email)
    except (OSError, SMTPException) as error:
        # Not the error's text: it may hold the address.
        logger.warning(
            "Mail to set a password of user %d failed: %s", user_id, type(error).__name__
        )
        raise


class SetPasswordView(PasswordResetConfirmView):
    """Let the holder of a link set the password of their account."""

    template_name = "registration/set_password.html"
    success_url = reverse_lazy("admin:login")
    title = gettext_lazy("Set your password")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Set it, and let the event name the owner of the account."""
        with transaction.atomic(), accounts.acting_user(form.user):
            response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)
