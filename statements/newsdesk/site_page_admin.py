"""The pages about this site, kept by managers: their words stand in public once they are saved."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from js_asset import Media

from statements import clock, site_pages
from statements.models import SitePage
from statements.newsdesk.base_admin import NewsdeskModelAdmin
from statements.newsdesk.rich_text import RichTextField, RichTextWidget
from statements.roles import MANAGERS, is_in_group

BODY_HELP = (
    "They stand in public as soon as you save them; the record keeps every text. A line in bold by "
    "itself becomes a heading. Without words of your own the page shows those that come with the "
    "product."
)


class SitePageWidget(RichTextWidget):
    """The editor of the words; there are no passages to split them into."""

    scripts = ("paste.js", "writing.js")

    def __init__(self) -> None:
        super().__init__({"rows": 24})


class SitePageForm(forms.ModelForm):
    body = RichTextField(label="Words", help_text=BODY_HELP, widget=SitePageWidget)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SitePage
        fields = ["body"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["body"] = site_pages.get_page_html(self.instance)
        self.initial["seen_at"] = self._format_changed_at()

    def _format_changed_at(self) -> str:
        return self.instance.changed_at.isoformat() if self.instance.changed_at else ""

    def clean(self) -> dict:
        """What was typed stays in the form: beside it the public page shows what others wrote."""
        super().clean()
        if self.cleaned_data.get("seen_at", "") != self._format_changed_at():
            raise ValidationError(
                "Somebody changed this page after you opened it. Your words stand below, and are "
                "not saved: look at the public page, copy what you need, and open this page again."
            )
        return self.cleaned_data


@admin.register(SitePage)
class SitePageAdmin(NewsdeskModelAdmin):
    change_form_template = "admin/newsdesk/kept_form.html"
    form = SitePageForm
    fields = ["body", "seen_at"]
    list_display = ["name", "changed", "changed_by"]
    list_display_links = ["name"]
    list_select_related = ["changed_by"]
    csv_columns = (("Page", "get_name_display"), ("Changed", "changed_at"), ("Words", "body"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_in_group(request.user, MANAGERS)

    def has_view_permission(self, request: HttpRequest, obj: SitePage | None = None) -> bool:
        return is_in_group(request.user, MANAGERS)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # each of them is there

    def has_delete_permission(self, request: HttpRequest, obj: SitePage | None = None) -> bool:
        return False

    def view_on_site(self, obj: SitePage) -> str:
        return reverse(f"statements:{obj.name}")

    @admin.display(description="last changed", ordering="changed_at")
    def changed(self, page: SitePage) -> str:
        if page.changed_at is None:
            return "Never: it shows the words that come with the product"
        return f"{timezone.localtime(page.changed_at):%-d %b %Y, %H:%M}"

    def get_object(self, request, object_id, from_field=None):
        """On POST the row is locked, so that what `clean` compares is what is saved over."""
        if request.method != "POST" or not connection.in_atomic_block:
            return super().get_object(request, object_id, from_field)
        try:
            return SitePage.objects.select_for_update().get(pk=int(object_id))
        except (SitePage.DoesNotExist, ValueError, OverflowError):
            return None

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            raise PermissionDenied("There are no other pages about this site.")
        words, seen_at = form.cleaned_data["body"], obj.changed_at
        site_pages.update_page(obj, words, by=request.user, at=clock.now(), seen_at=seen_at)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, add, change, form_url, obj)
