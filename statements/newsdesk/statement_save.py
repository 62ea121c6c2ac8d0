"""What saving the form does, in order: fields, passages, shelf, version, and perhaps submit.

Runs in the one transaction of the request, with the statement locked, after all refusals.
"""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from statements import workflow
from statements.content.quotation_marks import quote_headline
from statements.content.schema import canonical
from statements.house_style import checks
from statements.links import tasks
from statements.models import Edition, StaleVersion, Statement
from statements.newsdesk.conflict import describe_events
from statements.newsdesk.statement_form import METADATA_FIELDS, with_anchors
from statements.publicness import is_listed


def save_fields(statement: Statement, form, change: bool) -> None:
    """The fields that were changed and no others; those on the shelf come later."""
    if not change:
        for name in METADATA_FIELDS[1:]:
            setattr(statement, name, None)  # for save_shelf to set
        statement.save()
        return
    own = {field.name for field in Statement._meta.concrete_fields} - set(METADATA_FIELDS)
    if changed := [name for name in form.changed_data if name in own]:
        statement.save(update_fields=changed)


def save_metadata(statement: Statement, form, formsets, *, by, at: dt.datetime) -> None:
    """Themes, contact, translation, related articles; through the workflow once it was public."""
    changed = [name for name in METADATA_FIELDS if name in form.changed_data]
    if not changed and not any(formset.has_changed() for formset in formsets):
        for formset in formsets:
            formset.save()  # writes nothing; Django’s own log asks what was written
        return

    def change() -> dict:
        for name in changed:
            _set_field(statement, name, form.cleaned_data[name])
        for formset in formsets:
            formset.save()
        related = [relation.to.headline for relation in statement.relations.select_related("to")]
        return {name: _format_value(form.cleaned_data[name]) for name in changed} | {
            "related": related
        }

    if is_listed(statement, at):
        workflow.update_metadata(statement, by=by, at=at, change=change)
    else:
        change()


def _set_field(statement: Statement, name: str, value) -> None:
    if name == "themes":
        statement.themes.set(value)
        return
    assert isinstance(Statement._meta.get_field(name), ForeignKey), "On the shelf lie references."
    setattr(statement, name, value)
    Statement.objects.filter(pk=statement.pk).update(**{name: value})


def _format_value(value) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if hasattr(value, "__iter__") else str(value)


def save_version(statement: Statement, *, by, at: dt.datetime) -> bool:
    """One version and one contribution when the words are other words than before; else none.

    Says whether they are.
    """
    saved = Statement.objects.get(pk=statement.pk)
    if getattr(statement, "words_before", None) == canonical(saved.content()):
        return False
    statement.record_save(by=by, seen_version=saved.version)
    # Not the time of day that auto_now reads: submitting in this request comes no earlier.
    Statement.objects.filter(pk=statement.pk).update(changed_at=at)
    return True


def message_removed_marks(request, passages) -> None:
    speakers = [form.instance.speaker for form in passages.forms if getattr(form, "marks_taken", 0)]
    for name in dict.fromkeys(map(str, speakers)):
        messages.info(
            request,
            f"The quotation marks round {name}’s words were taken off: the page sets them itself.",
        )


def message_events(request, events) -> None:
    for sentence in describe_events(events):
        messages.warning(request, f"{sentence} Your words are saved.")


def submit(request, statement: Statement, *, at: dt.datetime) -> HttpResponse:
    """Hand over what was just saved. A refusal costs nothing: the words are saved by now."""
    try:
        edition = workflow.submit(
            statement,
            by=request.user,
            at=at,
            seen_version=Statement.objects.values_list("version", flat=True).get(pk=statement.pk),
            amendment=statement.amendment,
            public_note=statement.public_note,
        )
    except workflow.Refused as refused:
        _message_refusal(request, refused)
    except (StaleVersion, PermissionDenied) as refused:
        messages.error(request, f"Saved, but not submitted. {refused}")
    else:
        if settings.CHECK_LINKS_ON_SUBMIT:
            tasks.enqueue_link_checks(checks.list_urls(edition.words), at=at)
        Statement.objects.filter(pk=statement.pk).update(amendment="", public_note="")
        _message_submitted(request, edition, at)
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(reverse("admin:statements_statement_change", args=[statement.pk]))


def check_links(request, statement: Statement, *, at: dt.datetime) -> HttpResponse:
    """Ask the worker about the links in what was just saved, and go on writing."""
    tasks.enqueue_link_checks(checks.list_urls(statement.content()), at=at)
    messages.success(request, "Saved. The links are being checked; load this page again to see.")
    return HttpResponseRedirect(reverse("admin:statements_statement_change", args=[statement.pk]))


def _message_refusal(request, refused: workflow.Refused) -> None:
    reasons = format_html_join(
        "",
        "<li>{}</li>",
        (
            (format_html('<a href="#{}">{}</a>', anchor, problem) if anchor else str(problem),)
            for problem, anchor in with_anchors(refused.problems)
        ),
    )
    messages.error(request, format_html("Saved, but not submitted:<ul>{}</ul>", reasons))


def _message_submitted(request, edition: Edition, at: dt.datetime) -> None:
    messages.success(
        request,
        f"{quote_headline(edition.headline)} is with the editors as edition {edition.sequence}. "
        "Writing can go on: what you change now becomes another edition.",
    )
    message_scheduled_editions(request, edition.statement, at)


def message_scheduled_editions(request, statement: Statement, at: dt.datetime) -> None:
    """What goes out all the same, while other words are saved or in review."""
    for earlier in statement.editions.not_yet_public(at).exclude(release_at=None):
        messages.warning(
            request,
            f"The EARLIER wording, edition {earlier.sequence}, goes out on "
            f"{timezone.localtime(earlier.release_at):%-d %B %Y at %H:%M} unless it is held.",
        )
