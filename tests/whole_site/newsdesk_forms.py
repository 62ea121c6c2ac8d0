"""Fill the forms of the newsdesk as a browser would, with drawn values, until they are accepted."""

from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st

from organisations.models import Contact
from statements.models import SensitivePeriod, Statement, StyleRule, Theme
from tests.cast import make_organisation, make_statement
from tests.make_files import attach_file
from tests.statements.newsdesk.form_data import read_form
from tests.whole_site.hostile_values import draw_value

FORM = "application/x-www-form-urlencoded"
MAX_TRIES = 6


class Newsdesk:
    """A browser on the newsdesk that fills forms with drawn values."""

    def __init__(self, client: Client, draw: st.DrawFn) -> None:
        self.client, self.draw = client, draw
        self.accepted: list[str] = []

    def fill(self, url: str, **fixed) -> bool:
        """Fill the form at this address of the admin; return whether it was accepted."""
        page = self.client.get(url)
        assert page.status_code == 200, (url, page.status_code)
        forms = [page.context["adminform"].form]
        for inline in page.context["inline_admin_formsets"]:
            forms += inline.formset.forms
        return self.send(url, read_form(page), forms, fixed)

    def fill_plain(self, url: str, form, **fixed) -> bool:
        """Fill a plain form, such as that of a decision, and send it to this address."""
        data = {bound.name: bound.value() or "" for bound in form}
        return self.send(url, data, [form], fixed)

    def send(self, url: str, saved: dict, forms: list, fixed: dict) -> bool:
        drawn = {
            form.add_prefix(name): value
            for form in forms
            for name, field in form.fields.items()
            if (value := draw_value(self.draw, name, field)) is not None
        }
        for _ in range(MAX_TRIES):
            response = post(self.client, url, saved | drawn | fixed)
            if response.status_code == 302:
                self.accepted.append(url)
                return True
            refused = find_refused(response) & drawn.keys()
            if not refused:
                return False
            drawn = {name: value for name, value in drawn.items() if name not in refused}
        return False


def post(client: Client, url: str, data: dict):
    """Send a form as a browser would; a lone surrogate becomes bytes that are not UTF-8."""
    body = urlencode(
        {name: value for name, value in data.items() if value is not None},
        doseq=True,
        errors="surrogatepass",
    )
    response = client.post(url, body, content_type=FORM)
    assert response.status_code < 500, (url, data)
    return response


def find_refused(response) -> set[str]:
    """Return the names of the posted fields that the page shows an error for."""
    forms = []
    context = response.context or {}
    if "adminform" in context:
        forms.append(context["adminform"].form)
        for inline in context["inline_admin_formsets"]:
            forms += inline.formset.forms
    forms += [context[name] for name in ("form", "refused", "refused_form") if name in context]
    return {
        form.add_prefix(name) for form in forms if form is not None for name in form.errors or ()
    }


def change_url(row) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def make_newsroom(ann) -> Statement:
    """Make one statement with everything that a form can belong to."""
    statement = make_statement(ann)
    statement.themes.add(Theme.objects.create(name="Water", slug="water"))
    Contact.objects.create(organisation=make_organisation(), name="Press office", phone="1")
    SensitivePeriod.objects.create(
        name="Election", starts_on="2044-02-01", ends_on="2044-04-01", guidance="Take care."
    )
    StyleRule.objects.create(avoid="PHSE", use="PSHE")
    attach_file(statement, by=ann)
    return statement
