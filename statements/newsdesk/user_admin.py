"""Accounts: managers keep them, and who belongs to which group. Every change is an event."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from statements.newsdesk.base_admin import NewsdeskModelAdmin
from statements.roles import AUTHOR, EDITOR, MANAGER

GROUP_HELP = (
    f"{AUTHOR}s write and submit. {EDITOR}s also approve, release and withdraw. "
    f"{MANAGER}s also keep people, themes and accounts. Whoever is in a group can sign in here."
)
PASSWORD_HELP = (
    'Passwords are kept so that nobody can read them. <a href="{}">Set a new one</a>, tell it to '
    "its owner in person, and ask them to change it."
)


class StaffUserForm(forms.ModelForm):
    by: Any  # who fills it in
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=GROUP_HELP,
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_active"]
        help_texts = {
            "username": "The record names people by it: change it only to mend a slip.",
            "email": "Gets the mails that say what is waiting, never a headline or words.",
            "is_active": "Untick it when somebody leaves: the record keeps their name.",
        }

    def clean(self) -> dict:
        """Refuses what would leave nobody to keep accounts, or its own author outside."""
        cleaned = super().clean() or self.cleaned_data
        active = cleaned.get("is_active", True)
        if not active and self.instance.pk == self.by.pk:
            self.add_error("is_active", "This is your own account: ask another manager.")
        keeps = active and any(group.name == MANAGER for group in cleaned.get("groups", ()))
        if not keeps and self._is_last_manager():
            self.add_error(
                "groups" if active else "is_active",
                "Nobody else here is a manager, and only managers keep accounts. Make another "
                "manager first.",
            )
        return cleaned

    def _is_last_manager(self) -> bool:
        managers = User.objects.filter(groups__name=MANAGER, is_active=True)
        return list(managers.values_list("pk", flat=True)[:2]) == [self.instance.pk]


class StaffUserAddForm(UserAdmin.add_form):
    groups = StaffUserForm.base_fields["groups"]


admin.site.unregister(User)
admin.site.unregister(Group)  # the three groups are the code's: statements/roles.py


@admin.register(User)
class StaffUserAdmin(NewsdeskModelAdmin, UserAdmin):
    """What a manager keeps. Nobody becomes a superuser here but by another superuser."""

    form = StaffUserForm
    change_form_template = "admin/newsdesk/kept_form.html"
    add_form = StaffUserAddForm
    list_display = ["username", "name", "email", "group_names", "is_active", "signed_in"]
    list_filter = ["groups", "is_active"]
    filter_horizontal = []
    search_help_text = "User name, name or e-mail"
    csv_columns = (
        ("User name", "username"),
        ("Name", "get_full_name"),
        ("E-mail", "email"),
        ("Groups", "group_names"),
        ("Active", "is_active"),
        ("Last signed in", "last_login"),
        ("Made", "date_joined"),
    )
    readonly_fields = ["password_kept", "signed_in", "made"]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    *("username", "first_name", "last_name", "email"),
                    *("usable_password", "password1", "password2", "groups"),
                ]
            },
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def annotate_page(self, rows) -> None:
        for user in rows:
            user.group_names = self.group_names(user)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        rights = ["groups", "is_active"]
        if request.user.is_superuser:
            rights.append("is_superuser")
        return [
            (None, {"fields": ["username", "first_name", "last_name", "email"]}),
            ("Password", {"fields": ["password_kept"]}),
            ("What they may do", {"fields": rights}),
            ("Dates", {"fields": ["signed_in", "made"]}),
        ]

    def has_change_permission(self, request, obj=None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # the record names people for ever

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def save_form(self, request, form, change):
        """Whoever is in a group comes in here, and nobody else but a superuser."""
        user = super().save_form(request, form, change)
        if "groups" in form.cleaned_data:
            user.is_staff = user.is_superuser or bool(form.cleaned_data["groups"])
        return user

    @admin.display(description="name")
    def name(self, user) -> str:
        return user.get_full_name()

    @admin.display(description="groups")
    def group_names(self, user) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="last signed in", ordering="last_login")
    def signed_in(self, user) -> str | None:
        return user.last_login and _format_time(user.last_login)

    @admin.display(description="made")
    def made(self, user) -> str:
        return _format_time(user.date_joined)

    @admin.display(description="password")
    def password_kept(self, user) -> str:
        return format_html(
            PASSWORD_HELP, reverse("admin:auth_user_password_change", args=[user.pk])
        )


def _format_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"
