"""What the parts of content are called in comparisons, so that they can be translated.

Their labels are in content/schema.py and content/diff.py, which know no Django: the public reads
them too, in English. Templates translate them where they show them.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CONTENT_LABELS = (
    gettext_noop("About the publisher"),
    gettext_noop("Accessible version of the document before it"),
    gettext_noop("Address"),
    gettext_noop("Attribution"),
    gettext_noop("Caption"),
    gettext_noop("Correction note"),
    gettext_noop("Credit"),
    gettext_noop("Dated"),
    gettext_noop("Description"),
    gettext_noop("File"),
    gettext_noop("Headline"),
    gettext_noop("Kind"),
    gettext_noop("Kind of change"),
    gettext_noop("Language"),
    gettext_noop("Notes to editors"),
    gettext_noop("Picture"),
    gettext_noop("Picture, placed here"),
    gettext_noop("Published by"),
    gettext_noop("Pull quotation"),
    gettext_noop("Responds to"),
    gettext_noop("Reuse"),
    gettext_noop("Speaker"),
    gettext_noop("Sub-heading"),
    gettext_noop("Summary"),
    gettext_noop("Terms"),
    gettext_noop("Title"),
    gettext_noop("Words"),
)


def translate_label(label: str) -> str:
    return _(label)
