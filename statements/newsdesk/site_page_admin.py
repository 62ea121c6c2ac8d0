"""The admin of the pages about this site, for managers: a saved text is public at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from statements import clock, site_pages
from statements.models import SitePage
from statements.newsdesk.base_admin import NewsdeskModelAdmin
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.rich_text import RichTextField, RichTextWidget
from statements.roles import MANAGERS, is_in_group

BODY_HELP = gettext_lazy(
    "The text is public as soon as you save it; the record keeps every version. A line in bold by "
    "itself becomes a heading. If you leave it empty, the page shows the text that comes with the "
    "product."
)


class SitePageWidget(RichTextWidget):
    """The rich-text editor without the split into passages."""

    scripts = ("paste.js", "rich_text.js")

    def __init__(self) -> None:
        super().__init__({"rows": 24})


class SitePageForm(forms.ModelForm[SitePage]):
    body = RichTextField(label=gettext_lazy("Text"), help_text=BODY_HELP, widget=SitePageWidget)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SitePage
        fields = ["body"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["body"] = site_pages.get_page_html(self.instance)
        self.initial["seen_at"] = self._format_changed_at()

    def _format_changed_at(self) -> str:
        return self.instance.changed_at.isoformat() if self.instance.changed_at else ""

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite another change; what was typed stays in the form."""
        super().clean()
        if self.cleaned_data.get("seen_at", "") != self._format_changed_at():
            raise ValidationError(
                _(
                    "Somebody changed this page after you opened it. Your text is below and is "
                    "not saved. Compare it with the public page, copy what you need, and open "
                    "this page again."
                )
            )
        return self.cleaned_data


@admin.register(SitePage)
class SitePageAdmin(NewsdeskModelAdmin):
    form = SitePageForm
    fields = ["body", "seen_at"]
    list_display = ["name", "last_change", "changed_by"]
    list_display_links = ["name"]
    list_select_related = ["changed_by"]
    csv_columns = (
        (gettext_lazy("Page"), "get_name_display"),
        (gettext_lazy("Changed"), "changed_at"),
        (gettext_lazy("Text"), "body"),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        # Not get_user(): the page for somebody who is signed out lists the modules too.
        return is_in_group(request.user, MANAGERS)

    def has_view_permission(self, request: HttpRequest, obj: SitePage | None = None) -> bool:
        return is_in_group(request.user, MANAGERS)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # migrations create every page

    def has_delete_permission(self, request: HttpRequest, obj: SitePage | None = None) -> bool:
        return False

    def view_on_site(self, obj: SitePage) -> str:
        return reverse(f"statements:{obj.name}")

    @admin.display(description=gettext_lazy("last changed"), ordering="changed_at")
    def last_change(self, page: SitePage) -> str:
        if page.changed_at is None:
            return _("Never: it shows the text that comes with the product")
        return f"{timezone.localtime(page.changed_at):%-d %b %Y, %H:%M}"

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SitePage | None:
        """Lock the row on POST, so that nobody changes it between `clean` and the save."""
        if request.method != "POST" or not connection.in_atomic_block:
            return super().get_object(request, object_id, from_field)
        return SitePage.objects.select_for_update().filter(pk=parse_number(object_id) or 0).first()

    def save_model(
        self, request: HttpRequest, obj: SitePage, form: forms.ModelForm[SitePage], change: bool
    ) -> None:
        if not change:
            raise PermissionDenied(_("There are no other pages about this site."))
        text, seen_at = form.cleaned_data["body"], obj.changed_at
        site_pages.update_page(obj, text, by=get_user(request), at=clock.now(), seen_at=seen_at)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: SitePage | None = None,
    ) -> HttpResponse:
        nonce = str(getattr(request, "csp_nonce", ""))
        context["media"] = Media.from_media(context["media"], nonce=nonce)
        return super().render_change_form(request, context, add, change, form_url, obj)
