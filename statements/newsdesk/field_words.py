"""What the fields of a statement are called on the newsdesk, and what helps to fill them in."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "organisation": _("Publish as"),
    "kind": _("Kind"),
    "dated_on": _("Date of the words"),
    "language": _("Language"),
    "contact": _("Press contact"),
    "translation_of": _("Translation of"),
    "responds_to_title": _("Responds to"),
    "responds_to_url": _("Its web address"),
    "slug": _("Web address"),
    "embargo_line": _("Embargo line"),
    "public_note": _("Correction note"),
    "leftover_text": _("Left out of the draft"),
}
HINTS = {
    "summary": _("One or two sentences. Lists and search engines show up to 160 characters."),
    "dated_on": _("The day the words were spoken. Leave empty to use the release date."),
    "contact": _("Journalists ring this number."),
    "translation_of": _("If these words translate another statement, find it here."),
    "responds_to_title": _("A report, bill or decision."),
    "responds_to_url": _("If it has one."),
    "slug": _("The last part of it. Made from the headline when you submit."),
    "embargo_line": _("As in your document: “Embargoed until 00:01 on 2 December”."),
    "public_note": _(
        "The public reads this. Say what was wrong and what is right. A typo needs no note."
    ),
    "leftover_text": _("It is never published. Empty it when you are done."),
}
REQUESTED_RELEASE = _(
    "When should it go out? The editor decides. Leave empty for as soon as it is approved."
)
EMBARGO_UNTIL = _("Publishing before this needs a reason.")
AMENDMENT_HINTS = {
    "typo": _("Spelling or layout. The meaning stays the same."),
    "update": _("Something new has happened. No fault."),
    "clarification": _("True, but easy to misread."),
    "correction": _("Something was wrong."),
    "retraction": _("You take the words back."),
}
