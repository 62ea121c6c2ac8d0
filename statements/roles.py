"""Define the three groups of the newsdesk. A superuser is in none of them by that alone."""

from typing import TYPE_CHECKING, Any

from django.apps import apps as global_apps
from django.apps.registry import Apps
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AUTHOR = "Author"
EDITOR = "Editor"
MANAGER = "Manager"
NEWSDESK = (AUTHOR, EDITOR, MANAGER)
EDITORS = (EDITOR, MANAGER)
MANAGERS = (MANAGER,)
ROLES_WITH_ARTICLE = {
    AUTHOR: _lazy("an Author"),
    EDITOR: _lazy("an Editor"),
    MANAGER: _lazy("a Manager"),
}

# What the admin lets each group see and edit. Decisions are not here: transitions check groups.
_WRITING_PERMISSIONS = [
    *("statements." + verb + "_statement" for verb in ("view", "add", "change")),
    *("statements." + verb + "_passage" for verb in ("view", "add", "change", "delete")),
    *("statements." + verb + "_attachment" for verb in ("view", "add", "change", "delete")),
    *("statements." + verb + "_relatedstatement" for verb in ("view", "add", "change", "delete")),
    *("statements." + verb + "_themedstatement" for verb in ("view", "add", "change", "delete")),
    "statements.view_theme",
    "statements.view_stylerule",
    "statements.view_sensitiveperiod",
    "statements.view_edition",
    "statements.view_event",
    # Who writes proposes speakers and roles in a draft, and approval confirms them.
    *(
        "organisations.view_" + model
        for model in ("organisation", "contact", "speaker", "appointment")
    ),
]
_MANAGING_PERMISSIONS = [
    *(
        f"organisations.{verb}_{model}"
        for verb in ("add", "change", "delete")
        for model in ("organisation", "speaker", "appointment", "contact")
    ),
    *("statements." + verb + "_theme" for verb in ("add", "change", "delete")),
    *(
        f"statements.{verb}_{model}"
        for verb in ("add", "change", "delete")
        for model in ("stylerule", "sensitiveperiod")
    ),
    *("statements." + verb + "_sitepage" for verb in ("view", "change")),
    *("auth." + verb + "_user" for verb in ("view", "add", "change")),
]
GROUP_PERMISSIONS = {
    AUTHOR: _WRITING_PERMISSIONS,
    EDITOR: _WRITING_PERMISSIONS,
    MANAGER: _WRITING_PERMISSIONS + _MANAGING_PERMISSIONS,
}


def is_in_group(user: User | AnonymousUser, groups: tuple[str, ...]) -> bool:
    """Return whether this person is active, signed in and in one of the groups now."""
    if not (user.is_authenticated and user.is_active):
        return False
    return user.groups.filter(name__in=groups).exists()


def require_group(
    user: User | AnonymousUser, groups: tuple[str, ...], action: "StrOrPromise"
) -> None:
    """Raise PermissionDenied with a sentence unless the person is in one of the groups."""
    if not is_in_group(user, groups):
        said = _("To %(action)s you need to be %(roles)s. Ask a manager.")
        roles = _(" or ").join(str(ROLES_WITH_ARTICLE[group]) for group in groups)
        raise PermissionDenied(said % {"action": action, "roles": roles})


def create_groups(using: str, apps: Apps = global_apps, **kwargs: Any) -> None:
    """Create the three groups and give them their permissions. Runs after every migrate."""
    # Imported late: apps.py imports this module before the models are loaded.
    from django.contrib.auth.management import create_permissions  # noqa: PLC0415

    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for app in ("auth", "organisations", "statements"):
        # Django creates them on the same signal, maybe after this.
        create_permissions(global_apps.get_app_config(app), using=using, verbosity=0)
    permissions = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in permission_model.objects.using(using).select_related("content_type")
    }
    for name, codenames in GROUP_PERMISSIONS.items():
        group, _created = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.set(permissions[code] for code in codenames if code in permissions)
