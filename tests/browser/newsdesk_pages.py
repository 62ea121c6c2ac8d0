"""Every page of the newsdesk, found by asking the resolver: a new one is visited or named here."""

from collections.abc import Callable, Iterator

from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import get_resolver, reverse

from statements.models import Edition, Statement

NO_PAGE = {
    "autocomplete",  # answers with JSON
    "jsi18n",  # a script
    "logout",  # only posted to
    "view_on_site",  # leads elsewhere
    "app_list",  # the front page has it all
    "statements_edition_page",  # the public page, in a frame of the review
    "statements_edition_decide",  # posted to, and answers with the review page
}
SIGNED_OUT = {"login"}


def _editions(name: str) -> Callable[[], list[str]]:
    """One edition in each of the states that a review can show."""

    def addresses() -> list[str]:
        seen, found = set(), []
        for edition in Edition.objects.order_by("pk"):
            kind = (
                edition.state,
                edition.rule,
                edition.is_held,
                edition.withdrawals.exists(),
                bool(edition.amendment),
            )
            if kind not in seen:
                seen.add(kind)
                found.append(reverse(f"admin:{name}", args=[edition.pk]))
        return found

    return addresses


def _statements(name: str) -> Callable[[], list[str]]:
    """One that was never submitted, and one that was public."""

    def addresses() -> list[str]:
        chosen = (
            Statement.objects.filter(editions=None).first(),
            Statement.objects.filter(first_release_at__isnull=False).first(),
        )
        return [reverse(f"admin:{name}", args=[one.pk]) for one in chosen if one]

    return addresses


def _alone(name: str) -> Callable[[], list[str]]:
    return lambda: [reverse(f"admin:{name}")]


OUR_OWN: dict[str, Callable[[], list[str]]] = {
    "index": _alone("index"),
    "password_change": _alone("password_change"),
    "password_change_done": _alone("password_change_done"),
    "auth_user_password_change": lambda: [
        reverse("admin:auth_user_password_change", args=[User.objects.earliest("pk").pk])
    ],
    "statements_statement_from_text": _alone("statements_statement_from_text"),
    "statements_statement_change": _statements("statements_statement_change"),
    "statements_statement_history": _statements("statements_statement_history"),
    "statements_edition_review": _editions("statements_edition_review"),
}


def pages() -> dict[str, Callable[[], list[str]]]:
    """Name of each newsdesk page → what gives its addresses; a page that nobody classified has
    none, and the test of this module says so."""
    found = {}
    for name in _names():
        if name not in NO_PAGE | SIGNED_OUT:
            found[name] = OUR_OWN.get(name) or _of_a_model(name)
    return found


def _names() -> Iterator[str]:
    for pattern in get_resolver().reverse_dict.getlist("never"):  # the dictionary is filled lazily
        raise AssertionError(pattern)
    namespaces = get_resolver().namespace_dict
    yield from dict.fromkeys(
        name for name in namespaces["admin"][1].reverse_dict if isinstance(name, str)
    )


def _of_a_model(name: str) -> Callable[[], list[str]]:
    """Django's five pages for a model, with the oldest row as the example."""

    def addresses() -> list[str]:
        for model in admin.site._registry:
            root = f"{model._meta.app_label}_{model._meta.model_name}"
            if name in (f"{root}_changelist", f"{root}_add"):
                return [reverse(f"admin:{name}")]
            if name in (f"{root}_change", f"{root}_history", f"{root}_delete"):
                row = model._default_manager.order_by("pk").first()
                return [reverse(f"admin:{name}", args=[row.pk])] if row else []
        raise LookupError(f"Say in OUR_OWN how the newsdesk page “{name}” is visited.")

    return addresses
