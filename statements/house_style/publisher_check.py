"""Compare the publisher of a statement with the organisations of its speakers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.content import schema
from statements.house_style.field_text import Content, Finding


def check_publisher(content: Content) -> list[Finding]:
    """Return advice if nobody who is quoted speaks for the only publisher."""
    if len(content["organisations"]) != 1:  # a joint statement, or nobody was chosen
        return []
    publisher = content["organisations"][0]
    speakers = _list_speakers(content)
    represented = {speaker["organisation"]["name"] for speaker in speakers}
    if not speakers or publisher["name"] in represented:
        return []
    names = list(dict.fromkeys(speaker["name"] for speaker in speakers))
    said = ngettext(
        "%(names)s speaks for %(organisations)s. This is published by %(publisher)s.",
        "%(names)s speak for %(organisations)s. This is published by %(publisher)s.",
        len(names),
    ) % {
        "names": _join(names),
        "organisations": _join(
            list(dict.fromkeys(speaker["organisation"]["name"] for speaker in speakers))
        ),
        "publisher": publisher["name"],
    }
    return [Finding("organisation", said, _("Check who publishes this."))]


def _list_speakers(content: Content) -> list[Content]:
    """Return the speakers whose organisation is known."""
    return [
        passage["speaker"]
        for passage in schema.list_passages(content)
        if passage["speaker"] and passage["speaker"]["organisation"]
    ]


def _join(names: list[str]) -> str:
    *first, last = names
    return (
        _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
    )
