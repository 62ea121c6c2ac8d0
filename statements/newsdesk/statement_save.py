"""Save the form of a statement: fields, passages, metadata, version, and then perhaps submit.

All of it runs in the one transaction of the request, with the statement locked, after the form has
refused everything that can be refused.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from statements import workflow
from statements.content.quotation_marks import quote_headline
from statements.content.schema import canonical
from statements.drafting.embargo import adopt_embargo, list_texts
from statements.house_style import checks
from statements.links import tasks
from statements.models import Edition, Event, StaleVersion, Statement
from statements.newsdesk.ask_editor import FIELD, message_asked, read_editor
from statements.newsdesk.conflict import describe_events
from statements.newsdesk.joint_publishers import save_joint_publishers
from statements.newsdesk.new_names import add_new_themes
from statements.newsdesk.ordered_formset import OrderedFormSet
from statements.newsdesk.statement_form import METADATA_FIELDS, StatementForm, with_anchors
from statements.publicness import is_listed
from statements.search import index


def save_fields(statement: Statement, form: StatementForm, change: bool) -> None:
    """Save the changed fields and no others; `save_metadata` saves the metadata later."""
    if not change:
        for name in METADATA_FIELDS[1:]:
            setattr(statement, name, None)
        statement.save()
        _save_publishers(statement, form)
        return
    fields = Statement._meta.concrete_fields  # noqa: SLF001  # public in all but name
    columns = {field.name for field in fields} - set(METADATA_FIELDS)
    if changed := [name for name in form.changed_data if name in columns]:
        statement.save(update_fields=changed)
    _save_publishers(statement, form)


def _save_publishers(statement: Statement, form: StatementForm) -> None:
    if "joint_publishers" in form.fields:
        save_joint_publishers(statement, form.cleaned_data["joint_publishers"])


def save_metadata(
    statement: Statement,
    form: StatementForm,
    formsets: list[OrderedFormSet],
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """Save themes, contact, translation and related articles.

    Once the statement was public, the workflow checks who may, and records the change.
    """
    changed = [name for name in METADATA_FIELDS if name in form.changed_data]
    changed += ["contact"] if form.set_contact and "contact" not in changed else []
    new_themes = form.cleaned_data.get("new_themes") or []
    if not changed and not new_themes and not any(formset.has_changed() for formset in formsets):
        for formset in formsets:
            formset.save()  # changes no row; Django’s own log reads what was saved
        return

    def change() -> dict[str, Any]:
        for name in changed:
            _set_field(statement, name, form.cleaned_data[name])
        add_new_themes(statement, new_themes, by=by, at=at)
        for formset in formsets:
            formset.save()
        # Ids: an event lasts for ever, and the headline of another statement may be erased.
        related = list(statement.relations.values_list("to", flat=True))
        values = {name: form.cleaned_data[name] for name in changed}
        if new_themes:
            values["themes"] = statement.themes.all()
        return {name: _format_value(value) for name, value in values.items()} | {"related": related}

    if is_listed(statement, at):
        workflow.update_metadata(statement, by=by, at=at, change=change)
    else:
        change()
        index.update_statement(statement, at=at)  # themes are searched for


def _set_field(statement: Statement, name: str, value: Any) -> None:
    if name == "themes":
        statement.themes.set(value)
        return
    setattr(statement, name, value)
    Statement.objects.filter(pk=statement.pk).update(**{name: value})


def _format_value(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if hasattr(value, "__iter__") else str(value)


def save_version(statement: Statement, *, content_before: str, by: User, at: dt.datetime) -> bool:
    """Count one version and one contribution if the content changed; return whether it did."""
    saved = Statement.objects.get(pk=statement.pk)
    if content_before == canonical(saved.content()):
        return False
    statement.record_save(by=by, seen_version=saved.version)
    # Not the clock that auto_now reads: a submission in this request must not come before it.
    Statement.objects.filter(pk=statement.pk).update(changed_at=at)
    return True


def adopt_embargo_of_words(request: HttpRequest, statement: Statement, *, at: dt.datetime) -> None:
    """Take over an embargo line that was pasted among the words, and say so."""
    saved = Statement.objects.get(pk=statement.pk)
    if sentences := adopt_embargo(saved, list_texts(saved), at=at):
        saved.save(update_fields=["embargo_line", "embargo_until", "requested_release_at"])
        for sentence in sentences:
            said = _("%(sentence)s Take the line out of the words.")
            messages.warning(request, said % {"sentence": sentence})


def message_changed_words(request: HttpRequest, passages: OrderedFormSet) -> None:
    """Say whose words came with quotation marks round them, and which tables had merged cells.

    `PassageForm` removed the marks, and saving took the cells apart.
    """
    passage_forms: list[Any] = passages.forms
    for message in dict.fromkeys(text for form in passage_forms for text in form.table_messages):
        messages.warning(request, message)
    speakers = [form.instance.speaker for form in passage_forms if form.removed_marks]
    for name in dict.fromkeys(map(str, speakers)):
        said = _(
            "The quotation marks round %(name)s’s words were removed: the page adds them itself."
        )
        messages.info(request, said % {"name": name})


def message_events(request: HttpRequest, events: list[Event]) -> None:
    for sentence in describe_events(events):
        said = _("%(sentence)s Your words are saved.")
        messages.warning(request, said % {"sentence": sentence})


def submit(
    request: HttpRequest, statement: Statement, *, by: User, at: dt.datetime
) -> HttpResponse:
    """Submit what was just saved. A refusal loses nothing, because the draft is saved by now."""
    editor = read_editor(request.POST)
    try:
        edition = workflow.submit(
            statement,
            by=by,
            at=at,
            seen_version=Statement.objects.values_list("version", flat=True).get(pk=statement.pk),
            editor=editor,
        )
    except workflow.UnconfirmedChanges:
        url = reverse("admin:statements_statement_submit", args=[statement.pk])
        return redirect(f"{url}?{FIELD}={editor.pk}" if editor else url)
    except workflow.Refused as refused:
        message_refusal(request, refused)
    except (StaleVersion, PermissionDenied) as refused:
        messages.error(
            request, _("Draft saved, but not submitted. %(reason)s") % {"reason": refused}
        )
    else:
        finish_submission(request, edition, editor=editor, at=at)
        return redirect("admin:index")
    return _redirect_to_form(statement)


def finish_submission(
    request: HttpRequest, edition: Edition, *, editor: User | None, at: dt.datetime
) -> None:
    """Have the links checked, and say what comes next."""
    if settings.CHECK_LINKS_ON_SUBMIT:
        tasks.enqueue_link_checks(checks.list_urls(edition.content_data), at=at)
    _message_submitted(request, edition, at)
    message_asked(request, edition, editor, at)


def check_links(request: HttpRequest, statement: Statement, *, at: dt.datetime) -> HttpResponse:
    """Let the worker check the links in what was just saved, and return to the form."""
    tasks.enqueue_link_checks(checks.list_urls(statement.content()), at=at)
    said = _("Saved. The links are being checked; load this page again to see.")
    messages.success(request, said)
    return _redirect_to_form(statement)


def _redirect_to_form(statement: Statement) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:statements_statement_change", args=[statement.pk]))


def message_refusal(request: HttpRequest, refused: workflow.Refused) -> None:
    reasons = format_html_join(
        "",
        "<li>{}</li>",
        (
            (format_html('<a href="#{}">{}</a>', anchor, problem) if anchor else str(problem),)
            for problem, anchor in with_anchors(refused.problems)
        ),
    )
    start = _("Draft saved, but not submitted. Fix these first:")
    messages.error(request, format_html("{}<ul>{}</ul>", start, reasons))


def _message_submitted(request: HttpRequest, edition: Edition, at: dt.datetime) -> None:
    said = _(
        "%(headline)s is with the editors as edition %(number)s. You can keep writing. Changes "
        "become the next edition."
    )
    values = {"headline": quote_headline(edition.headline), "number": edition.sequence}
    messages.success(request, said % values)
    message_scheduled_editions(request, edition.statement, at)


def message_scheduled_editions(request: HttpRequest, statement: Statement, at: dt.datetime) -> None:
    """Warn of an earlier edition that will be published while a newer text waits."""
    scheduled = statement.editions.not_yet_public(at).exclude(release_at=None)
    for edition in scheduled:
        said = _(
            "The earlier words (edition %(number)s) still go out on %(time)s, unless you put them "
            "on hold."
        )
        time = f"{timezone.localtime(edition.release_at):%-d %B %Y at %H:%M}"
        messages.warning(request, said % {"number": edition.sequence, "time": time})
