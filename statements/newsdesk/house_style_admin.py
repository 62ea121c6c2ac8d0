"""The admin of the style list and of sensitive periods, for managers."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import clock
from statements.models import SensitivePeriod, StyleRule
from statements.newsdesk.base_admin import NewsdeskModelAdmin

MAX_PASTED_LINES = 500


@admin.register(StyleRule)
class StyleRuleAdmin(NewsdeskModelAdmin):
    csv_columns = (
        (gettext_lazy("Avoid"), "avoid"),
        (gettext_lazy("Use"), "use"),
        (gettext_lazy("Why"), "why"),
        (gettext_lazy("Match case"), "match_case"),
        (gettext_lazy("Active"), "active"),
    )
    empty_help = (
        gettext_lazy(
            "The style list says what to avoid and what to use. Writers see it next to the text; "
            "it never stops them."
        ),
        gettext_lazy(
            "Start with the mistake that you correct most often, or paste the list you have."
        ),
    )
    list_display = ["avoid", "use", "why", "match_case", "active"]
    list_display_links = ["avoid"]
    list_filter = ["active"]
    search_fields = ["avoid", "use"]
    search_help_text = gettext_lazy("A word to avoid, or one to use")
    fields = ["avoid", "use", "why", "match_case", "active"]
    change_list_template = "admin/statements/stylerule/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.paste_view)
        paste = path("paste/", view, name="statements_stylerule_paste")
        return [paste, *super().get_urls()]

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        """Add many rules at once; if a line has a problem, name it and add none."""
        if not self.has_add_permission(request):
            raise PermissionDenied(_("To change the style list you need to be a manager."))
        form = PasteRulesForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            for rule in form.cleaned_data["lines"]:
                rule.save()
                self.log_addition(request, rule, _("Pasted into the style list."))
            messages.success(
                request,
                _("Added to the style list: %(number)s.")
                % {"number": len(form.cleaned_data["lines"])},
            )
            return redirect("admin:statements_stylerule_changelist")
        context = {**self.admin_site.each_context(request), "title": _("Paste rules"), "form": form}
        context["opts"] = self.opts
        return TemplateResponse(
            request,
            "admin/statements/stylerule/paste.html",
            context,
            status=422 if form.is_bound else 200,
        )


class PasteRulesForm(forms.Form):
    lines = forms.CharField(
        label=gettext_lazy("Rules, one a line"),
        widget=forms.Textarea({"rows": 12, "cols": 60}),
        help_text=(
            gettext_lazy(
                "Avoid, use and why, with a tab (as copied from a spreadsheet) or a | between: "
                "PHSE | PSHE | Personal, social, health and economic."
            )
        ),
    )

    def clean_lines(self) -> list[StyleRule]:
        """Return the rules that are new; skip those that the list has already."""
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MAX_PASTED_LINES:
            raise ValidationError(
                _("Paste at most %(number)s rules at once."), params={"number": MAX_PASTED_LINES}
            )
        known = {avoid.lower() for avoid in StyleRule.objects.values_list("avoid", flat=True)}
        rules, problems = [], []
        for number, line in enumerate(lines, start=1):
            parts = [part.strip() for part in line.replace("\t", "|").split("|", 2)]
            rule = StyleRule(**dict(zip(("avoid", "use", "why"), parts, strict=False)))
            try:
                rule.full_clean(validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                message = _("Line %(number)s: %(problem)s")
                problems.append(message % {"number": number, "problem": " ".join(error.messages)})
                continue
            if rule.avoid.lower() not in known:
                known.add(rule.avoid.lower())
                rules.append(rule)
        if problems:
            raise ValidationError(problems)
        if not rules:
            raise ValidationError(_("All of these are in the list already."))
        return rules


@admin.register(SensitivePeriod)
class SensitivePeriodAdmin(NewsdeskModelAdmin):
    csv_columns = (
        (gettext_lazy("Name"), "name"),
        (gettext_lazy("From"), "starts_on"),
        (gettext_lazy("To"), "ends_on"),
        (gettext_lazy("Guidance"), "guidance"),
    )
    empty_help = (
        gettext_lazy(
            "In a sensitive period, such as the weeks before an election, a banner gives "
            "guidance and anybody who publishes has to type a reason. Nothing is blocked."
        ),
        gettext_lazy("Add the next one as soon as its dates are known."),
    )
    list_display = ["name", "starts_on", "ends_on", "status"]
    ordering = ["-ends_on", "name"]  # periods that have ended come last
    search_fields = ["name"]
    autocomplete_fields = ["organisations"]
    fields = ["name", "starts_on", "ends_on", "guidance", "organisations"]

    @admin.display(description="now")
    def status(self, period: SensitivePeriod) -> str:
        today = timezone.localdate(clock.now())
        if period.ends_on < today:
            return _("Ended")
        return _("On") if period.starts_on <= today else _("To come")

    def get_form(
        self,
        request: HttpRequest,
        obj: SensitivePeriod | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[forms.ModelForm[SensitivePeriod]]:
        form = super().get_form(request, obj, change, **kwargs)
        if "guidance" in form.base_fields:
            form.base_fields["guidance"].error_messages["required"] = _(
                "Say in a sentence or two what to look out for in this period."
            )
        return form
