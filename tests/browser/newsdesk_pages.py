"""Find every page of the newsdesk with the URL resolver; a new one must be classified here."""

from collections.abc import Callable, Iterator

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Model
from django.urls import get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from organisations.models import Organisation, Speaker
from statements import clock, workflow
from statements.models import DraftVersion, Edition, Statement, Theme
from statements.newsdesk.decisions import DECISIONS
from statements.published.editions import public_editions

NOT_PAGES = {
    "autocomplete",  # answers with JSON
    "jsi18n",  # a script
    "logout",  # only posted to
    "view_on_site",  # leads elsewhere
    "app_list",  # the dashboard lists it all
    "statements_edition_page",  # the public page, in a frame of the review
    "statements_file",
    "statements_describe_time",  # a time in words, for the time picker
    # Posted to:
    "auth_user_send_link",
    "statements_autosave",
    "statements_autosave_discard",
    "statements_edition_request_signoff",
    "statements_edition_request_signoffs",
    "statements_edition_remark",
    "statements_edition_phone_reply",
    "statements_statement_checklist",
    "statements_statement_speakers",  # a list for the chip, as JSON
    "statements_edition_resend_link",
    "statements_edition_revoke_link",
    "statements_statement_request_signoff",
    "statements_statement_request_signoffs",
    "statements_statement_phone_reply",
    "statements_statement_resend_link",
    "statements_statement_revoke_link",
    "statements_statement_preview",  # the public page, in a frame of the form
    "statements_statement_split_paste",
    "statements_statement_restore_version",
    "statements_statement_take_back",
    "statements_statement_take_out",
    "statements_statement_remark",
    "statements_remark_resolve",
    "statements_remark_reopen",
    "statements_change_metadata",
    "statements_view_save",
    "statements_view_remove",
    "newsdesk_calendar_address",
    "newsdesk_calendar_cancel",
    "newsdesk_calendar_titles",
    "newsdesk_calendar_feed",  # a file for calendar programs
}
NO_PAGE_ENDINGS = ("_csv",)  # files
SIGNED_OUT = {"login"}


def _edition_urls(name: str) -> Callable[[], list[str]]:
    """Return the review of one edition in each state that it can show."""

    def list_urls() -> list[str]:
        kinds, urls = set(), []
        for edition in Edition.objects.order_by("pk"):
            kind = (
                edition.state,
                edition.rule,
                edition.is_on_hold,
                edition.withdrawals.exists(),
                bool(edition.amendment),
                bool(edition.statement.release_group_id),
            )
            if kind not in kinds:
                kinds.add(kind)
                urls.append(reverse(f"admin:{name}", args=[edition.pk]))
        return urls

    return list_urls


def _statement_urls(name: str, *, public: bool = False) -> Callable[[], list[str]]:
    """Return a public statement, and unless `public` one that was never submitted."""

    def list_urls() -> list[str]:
        live = public_editions(at=clock.now()).order_by("pk")[:1]
        chosen = list(Statement.objects.filter(pk__in=[edition.statement_id for edition in live]))
        if not public:
            chosen += Statement.objects.filter(editions=None).order_by("pk")[:1]
        return [reverse(f"admin:{name}", args=[statement.pk]) for statement in chosen]

    return list_urls


def _draft_signoff_urls() -> list[str]:
    """Return the sign-off of a draft that was never submitted; others lead to their review."""
    draft = Statement.objects.filter(editions=None).order_by("pk").first()
    return [reverse("admin:statements_statement_signoff", args=[draft.pk])] if draft else []


def _hub_urls() -> list[str]:
    """Return the page of a statement in each state that it can show."""
    kinds = {}
    for edition in Edition.objects.order_by("pk"):
        kind = (edition.state, edition.is_on_hold, edition.withdrawals.exists())
        kinds.setdefault(
            kind, reverse("admin:statements_statement_hub", args=[edition.statement_id])
        )
    return list(dict.fromkeys(kinds.values()))


def _decision_urls() -> list[str]:
    """Return the page of each decision, for an edition on which it can be taken."""
    manager, at = User.objects.get(username="manager"), clock.now()
    urls = []
    for key, decision in DECISIONS.items():
        for edition in Edition.objects.order_by("pk"):
            if not decision.problems_for(edition, by=manager, at=at):
                urls.append(reverse("admin:statements_edition_decide", args=[edition.pk, key]))
                break
    return urls


def _first_row_url(name: str, model: type[Model]) -> Callable[[], list[str]]:
    return lambda: [reverse(f"admin:{name}", args=[model._default_manager.earliest("pk").pk])]


def _fixed_url(name: str) -> Callable[[], list[str]]:
    return lambda: [reverse(f"admin:{name}")]


def _set_password_urls() -> list[str]:
    """Return the page that a mailed link leads to."""
    user = User.objects.get(username="author")
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return [reverse("admin:set_password", args=[key, default_token_generator.make_token(user)])]


def _confirmation_urls() -> list[str]:
    """Return the page that confirms a submission, after the publisher's text has changed."""
    statement = Statement.objects.filter(editions=None).exclude(organisation=None).earliest("pk")
    Organisation.objects.filter(pk=statement.organisation_id).update(boilerplate="Changed since.")
    return [reverse("admin:statements_statement_submit", args=[statement.pk])]


def _version_urls() -> list[str]:
    """Return the versions of a draft: the list, and a version to restore."""
    version = DraftVersion.objects.filter(statement__editions=None).earliest("pk")
    url = reverse("admin:statements_statement_versions", args=[version.statement_id])
    writer = User.objects.get(username="author")
    version.statement.record_save(by=writer, seen_version=version.statement.version)
    return [url, f"{url}?from={version.version}&to={version.version}&restore={version.version}"]


def _bin_urls() -> list[str]:
    """Return the bin with a draft in it, and the page of that draft."""
    statement = Statement.objects.create(headline="A draft that nobody needs")
    writer = User.objects.get(username="author")
    statement.record_save(by=writer, seen_version=1)
    workflow.discard(statement, by=writer, at=clock.now(), seen_version=2)
    return [
        reverse("admin:statements_statement_bin"),
        reverse("admin:statements_statement_change", args=[statement.pk]),
    ]


PAGE_EXAMPLES: dict[str, Callable[[], list[str]]] = {
    "index": _fixed_url("index"),
    "password_change": _fixed_url("password_change"),
    "password_change_done": _fixed_url("password_change_done"),
    "merge_speaker": _first_row_url("merge_speaker", Speaker),
    "merge_theme": _first_row_url("merge_theme", Theme),
    "set_password": _set_password_urls,
    "statements_statement_submit": _confirmation_urls,
    "newsdesk_preferences": _fixed_url("newsdesk_preferences"),
    "newsdesk_calendar": _fixed_url("newsdesk_calendar"),
    "urgent_publications": _fixed_url("urgent_publications"),
    "statements_stylerule_paste": _fixed_url("statements_stylerule_paste"),
    "statements_statement_correct": _statement_urls("statements_statement_correct", public=True),
    "statements_edition_restore": _first_row_url("statements_edition_restore", Edition),
    "statements_edition_decide": _decision_urls,
    "statements_statement_information_file": _statement_urls(
        "statements_statement_information_file"
    ),
    "statements_statement_versions": _version_urls,
    "statements_statement_bin": _bin_urls,
    "statements_statement_discard": _statement_urls("statements_statement_discard"),
    "statements_statement_duplicate": _statement_urls("statements_statement_duplicate"),
    "statements_statement_translate": _statement_urls("statements_statement_translate"),
    "statements_statement_together": _statement_urls("statements_statement_together"),
    "statements_statement_from_text": _fixed_url("statements_statement_from_text"),
    "statements_statement_change": _statement_urls("statements_statement_change"),
    "statements_statement_history": _statement_urls("statements_statement_history"),
    "statements_statement_related": _statement_urls("statements_statement_related"),
    "statements_edition_review": _edition_urls("statements_edition_review"),
    "statements_statement_hub": _hub_urls,
    "statements_statement_details": _statement_urls("statements_statement_details", public=True),
    "statements_statement_signoff": _draft_signoff_urls,
}


def find_pages() -> dict[str, Callable[[], list[str]]]:
    """Return what lists the URLs of each newsdesk page, by its name."""
    pages = {}
    for name in _route_names():
        if name not in NOT_PAGES | SIGNED_OUT and not name.endswith(NO_PAGE_ENDINGS):
            pages[name] = PAGE_EXAMPLES.get(name) or _model_page_urls(name)
    return pages


def _route_names() -> Iterator[str]:
    _, resolver = get_resolver().namespace_dict["admin"]
    yield from (name for name in dict.fromkeys(resolver.reverse_dict) if isinstance(name, str))


def _model_page_urls(name: str) -> Callable[[], list[str]]:
    """List the URLs of a page that Django makes for a model, with the oldest row."""

    def list_urls() -> list[str]:
        for model in admin.site._registry:
            root = f"{model._meta.app_label}_{model._meta.model_name}"
            if name in (f"{root}_changelist", f"{root}_add"):
                return [reverse(f"admin:{name}")]
            if name in (f"{root}_change", f"{root}_history", f"{root}_delete"):
                row = model._default_manager.order_by("pk").first()
                return [reverse(f"admin:{name}", args=[row.pk])] if row else []
        raise LookupError(f"Add an example of the newsdesk page “{name}” to PAGE_EXAMPLES.")

    return list_urls
