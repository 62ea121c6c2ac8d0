"""Render the texts of e-mails from templates/emails/, and send each."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine


def render_email(name: str, **values: Any) -> tuple[str, str]:
    """Return subject and body of an e-mail. The template's first paragraph is its subject."""
    # Plain text: nothing in it is escaped for HTML.
    context = Context({"site_name": settings.SITE_NAME} | values, autoescape=False)
    text = Engine.get_default().get_template(f"emails/{name}.txt").render(context)
    subject, _, body = text.partition("\n\n")
    return subject, body


def send_email(subject: str, body: str, address: str, *, reply_to: str = "") -> None:
    """Send one mail to one address: the only way in which the product sends any.

    `Auto-Submitted` keeps answering machines from answering it.
    """
    EmailMessage(
        subject,
        body,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
