"""Render templates as XML that every parser accepts, with any characters in the text."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

# Characters that XML 1.0 cannot carry in any form: https://www.w3.org/TR/xml/#charsets
INVALID_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_response(template: str, **context: Any) -> HttpResponse:
    return HttpResponse(
        render_xml(template, **context), content_type="application/xml; charset=utf-8"
    )


def render_xml(template: str, **context: Any) -> SafeString:
    """Render a whole XML document or a part of one, as markup."""
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    xml = INVALID_XML_CHARS.sub("", render_to_string(template, site | context))
    return mark_safe(xml)  # noqa: S308 - rendered by a template, which escapes
