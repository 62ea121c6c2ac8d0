"""Read what is in the form of a statement now, as saving would store it, and save nothing."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from organisations.models import Organisation, Speaker
from statements.content.schema import NARRATION, QUOTATION, TABLE
from statements.drafting.table_passages import split_passage
from statements.models import Attachment, Passage, Statement, Theme
from statements.newsdesk.joint_publishers import order_publishers
from statements.newsdesk.picture_places import place_pictures

if TYPE_CHECKING:
    from statements.newsdesk.statement_admin import StatementAdmin


@dataclass(frozen=True)
class TypedDraft:
    """The statement with what was typed in its form. No part of it may be saved.

    The prefixes name the form of each passage and file. `problem_count` counts the fields whose
    values cannot be used: the statement has the saved ones in their place.
    """

    statement: Statement
    passages: list[Passage] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    file_prefixes: list[str] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    joint_publishers: list[Organisation] | None = None
    problem_count: int = 0

    @cached_property
    def content(self) -> dict[str, Any]:
        """What would be frozen if this were saved and submitted now."""
        return self.statement.content(
            passages=self.passages,
            attachments=self.attachments,
            publishers=self.statement.list_publishers(self.joint_publishers),
        )

    @property
    def text_rows(self) -> list[tuple[str, Passage]]:
        """The passages that are no places of pictures, each with the prefix of its form."""
        rows = zip(self.content["blocks"], self.prefixes, self.passages, strict=True)
        return [
            (prefix, passage)
            for block, prefix, passage in rows
            if block["type"] in (NARRATION, QUOTATION, TABLE)
        ]

    @property
    def speakers(self) -> list[Speaker]:
        return [passage.speaker for passage in self.passages if passage.speaker]


def read_typed_draft(
    request: HttpRequest, model_admin: "StatementAdmin", statement: Statement | None
) -> TypedDraft:
    """Bind the form and its formsets to what was posted, and return what they hold.

    Files that came along are left out: to read one is to store it.
    """
    request.FILES.clear()
    form, formsets = model_admin.bind_forms(request, statement)
    form.full_clean()
    for formset in formsets:
        formset.full_clean()
    place_pictures(formsets[0], formsets[1])
    return collect_typed_draft(form, formsets)


def collect_typed_draft(form: Any, formsets: list[Any]) -> TypedDraft:
    """Return what a bound form and its formsets hold after they were cleaned."""
    passages = [
        (row.prefix, part)
        for row in _list_rows(formsets, Passage)
        for part in _split_at_tables(row.instance)
    ]
    files = [row for row in _list_rows(formsets, Attachment) if row.instance.file_id]
    return TypedDraft(
        statement=form.instance,
        passages=[passage for _, passage in passages],
        prefixes=[prefix for prefix, _ in passages],
        attachments=[row.instance for row in files],
        file_prefixes=[row.prefix for row in files],
        themes=_list_themes(form),
        joint_publishers=_list_joint_publishers(form),
        problem_count=sum(map(_count_problems, [form, *_list_forms(formsets)])),
    )


def read_saved_draft(statement: Statement) -> TypedDraft:
    """Return what a form shows when it is opened: the rows in the order of their forms."""
    if not statement.pk:
        return TypedDraft(statement)
    passages = list(statement.passages.in_order())
    files = list(statement.attachments.in_order())
    return TypedDraft(
        statement,
        passages=passages,
        prefixes=[f"passages-{index}" for index in range(len(passages))],
        attachments=files,
        file_prefixes=[f"attachments-{index}" for index in range(len(files))],
        themes=list(statement.themes.all()),
    )


def _list_forms(formsets: list[Any]) -> list[Any]:
    return [form for formset in formsets for form in formset.list_typed_forms()]


def _list_rows(formsets: list[Any], model: type) -> list[Any]:
    return _list_forms([formset for formset in formsets if formset.model is model])


def _split_at_tables(passage: Passage) -> list[Passage]:
    return split_passage(passage) if "<table>" in passage.body else [passage]


def _list_themes(form: Any) -> list[Theme]:
    if "themes" in form.fields:
        return list(form.cleaned_data.get("themes") or ())
    return list(form.instance.themes.all()) if form.instance.pk else []


def _list_joint_publishers(form: Any) -> list[Organisation] | None:
    """Return those chosen in their order; None: those saved."""
    if "joint_publishers" not in form.fields:
        return None
    return order_publishers(form.instance, form.cleaned_data.get("joint_publishers") or ())


def _count_problems(form: Any) -> int:
    return sum(name in form.fields for name in form.errors)
