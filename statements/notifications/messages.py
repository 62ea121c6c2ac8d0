"""Render the texts of e-mails from templates/emails/."""

from typing import Any

from django.conf import settings
from django.template import Context, Engine


def render_email(name: str, **values: Any) -> tuple[str, str]:
    """Return subject and body of an e-mail. The template's first paragraph is its subject."""
    # Plain text: nothing in it is escaped for HTML.
    context = Context({"site_name": settings.SITE_NAME} | values, autoescape=False)
    text = Engine.get_default().get_template(f"emails/{name}.txt").render(context)
    subject, _, body = text.partition("\n\n")
    return subject, body
