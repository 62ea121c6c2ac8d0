"""Accounts and groups, which managers look after. Every change of an account is an event."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_tasks_db.models import DBTaskResult

from statements.models import Absence
from statements.newsdesk import password_links
from statements.newsdesk.base_admin import NewsdeskModelAdmin
from statements.newsdesk.preferences import AwayField, prepare_away
from statements.newsdesk.request_values import get_user
from statements.newsdesk.row_choices import RowsField
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.user_names import find_free_username, is_username_taken
from statements.roles import MANAGER

GROUP_HELP = gettext_lazy(
    "Authors write and submit. Editors also approve, release and withdraw. Managers also look "
    "after people, themes and accounts. Everybody in a group can sign in here."
)
PASSWORD_HELP = gettext_lazy(
    "Only its owner sets a password, with a link that is mailed to them. "
    "<button class='button' type='submit' formaction='{}' formnovalidate>"
    "Send a link to set a new password</button>"
)
LINK_SENT = gettext_lazy("A link to set a password is on its way to {user}.")

NEW_ACCOUNT_FIELDS = ["first_name", "last_name", "email", "groups", "username"]


class StaffUserForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no type at run time
    by: User
    today: dt.date
    groups = RowsField(
        Group.objects.order_by("pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=GROUP_HELP,
    )
    away_until = AwayField()

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_active"]
        help_texts = {
            "username": gettext_lazy(
                "The record names people by it: change it only to correct a mistake."
            ),
            "email": gettext_lazy(
                "Gets the emails that say what is waiting, never a headline or a text."
            ),
            "is_active": gettext_lazy(
                "Untick it when somebody leaves: the record keeps their name."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "away_until" in self.fields:
            prepare_away(self, self.instance, self.today)

    def clean(self) -> dict[str, Any]:
        """Refuse to lock yourself out, or to leave nobody who manages accounts."""
        cleaned = super().clean() or self.cleaned_data
        active = cleaned.get("is_active", True)
        if not active and self.instance.pk == self.by.pk:
            self.add_error("is_active", _("This is your own account: ask another manager."))
        is_manager = active and any(group.name == MANAGER for group in cleaned.get("groups", ()))
        if not is_manager and self._is_last_manager():
            self.add_error(
                "groups" if active else "is_active",
                _(
                    "Nobody else here is a manager, and only managers look after accounts. Make "
                    "somebody else a manager first."
                ),
            )
        return cleaned

    def _is_last_manager(self) -> bool:
        managers = User.objects.filter(groups__name=MANAGER, is_active=True)
        return list(managers.values_list("pk", flat=True)[:2]) == [self.instance.pk]


class StaffUserAddForm(StaffUserForm):
    """A new account has no password: its owner sets one, with a link that is mailed to them."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("Gets the link to set a password, and what is waiting."),
    )
    username = forms.CharField(
        required=False,
        max_length=150,
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("To sign in with. Leave empty to make it from the first name."),
    )
    away_until = None  # type: ignore[assignment]  # no such field here

    class Meta(StaffUserForm.Meta):
        fields = NEW_ACCOUNT_FIELDS

    def clean_username(self) -> str:
        """Make it where it is empty; refuse one that differs from another in capitals alone."""
        username: str = self.cleaned_data["username"]
        if not username:
            return find_free_username(
                *(self.cleaned_data.get(name, "") for name in ("first_name", "last_name", "email"))
            )
        if is_username_taken(username):
            raise forms.ValidationError(_("There is already an account with this user name."))
        return username

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


admin.site.unregister(User)
admin.site.unregister(Group)  # the three groups belong to the code: statements/roles.py
admin.site.unregister(DBTaskResult)  # the queue is for whoever runs the server


@admin.register(User)
class StaffUserAdmin(NewsdeskModelAdmin, UserAdmin):  # type: ignore[type-arg]  # as above
    """The accounts that a manager looks after; only a superuser can make a superuser."""

    form = StaffUserForm
    noun, nouns = gettext_lazy("account"), gettext_lazy("accounts")
    add_form = StaffUserAddForm
    add_form_template = None
    list_display = ["username", "name", "email", "group_names", "is_active", "signed_in"]
    list_filter = ["groups", "is_active"]
    filter_horizontal = []
    search_help_text = gettext_lazy("User name, name or email address")
    csv_columns = (
        (gettext_lazy("User name"), "username"),
        (gettext_lazy("Name"), "get_full_name"),
        (gettext_lazy("Email"), "email"),
        (gettext_lazy("Groups"), "group_names"),
        (gettext_lazy("Active"), "is_active"),
        (gettext_lazy("Last signed in"), "last_login"),
        (gettext_lazy("Created"), "date_joined"),
    )
    readonly_fields = ["password_help", "signed_in", "created"]
    add_fieldsets = [(None, {"fields": NEW_ACCOUNT_FIELDS})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def annotate_page(self, rows: list[Any]) -> None:
        for user in rows:
            user.group_names = self.group_names(user)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        rights = ["groups", "is_active"]
        if get_user(request).is_superuser:
            rights.append("is_superuser")
        return [
            (None, {"fields": ["username", "first_name", "last_name", "email"]}),
            (_("Password"), {"fields": ["password_help"]}),
            (_("What they may do"), {"fields": rights}),
            (_("Away"), {"fields": ["away_until"]}),
            (_("Dates"), {"fields": ["signed_in", "created"]}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not get_user(request).is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # the record names people for ever

    def get_urls(self) -> list[URLPattern]:
        """Offer to send a link in place of Django's page that sets anybody's password."""
        urls = [url for url in super().get_urls() if url.name != "auth_user_password_change"]
        view = self.admin_site.admin_view(require_POST(self.send_link_view))
        return [path("<int:pk>/send-password-link/", view, name="auth_user_send_link"), *urls]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002 - Django's name
        raise PermissionDenied(_("Only its owner sets a password."))

    def send_link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mail the owner of an account a link to set a new password."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied(_("To send a link you need to be a Manager. Ask a manager."))
        self._send_link(request, user)
        return redirect("admin:auth_user_change", pk)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        self._send_link(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _send_link(self, request: HttpRequest, user: User) -> None:
        if problem := password_links.find_problem(user):
            messages.error(request, problem)
            return
        with transaction.atomic():
            password_links.send(user, by=get_user(request))
        messages.success(request, LINK_SENT.format(user=user))

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = get_user(request)  # type: ignore[attr-defined]  # of StaffUserForm
        form.today = timezone.localdate(get_time(request))  # type: ignore[attr-defined]
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> User:
        """Let everybody in a group sign in here, and nobody else but a superuser."""
        user: User = super().save_form(request, form, change)
        if "groups" in form.cleaned_data:
            user.is_staff = user.is_superuser or bool(form.cleaned_data["groups"])
        return user

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "away_until" in form.changed_data:
            Absence.objects.set_until(obj, form.cleaned_data["away_until"])

    @admin.display(description="name")
    def name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="groups")
    def group_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=gettext_lazy("last signed in"), ordering="last_login")
    def signed_in(self, user: User) -> str | None:
        return _format_time(user.last_login) if user.last_login else None

    @admin.display(description="created")
    def created(self, user: User) -> str:
        return _format_time(user.date_joined)

    @admin.display(description="password")
    def password_help(self, user: User) -> str:
        url = reverse("admin:auth_user_send_link", args=[user.pk])
        return format_html(str(PASSWORD_HELP), url)


def _format_time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}"
