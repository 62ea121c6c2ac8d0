"""The URLs of the newsdesk use the words of the glossary."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("name", "args", "path"),
    [
        ("statements_describe_time", [], "statements/describe-time/"),
        ("statements_edition_request_signoff", [1], "statements/edition/1/request-signoff/"),
        ("statements_edition_phone_reply", [1], "statements/edition/1/phone-reply/"),
        ("statements_edition_restore", [1], "statements/edition/1/restore/"),
        (
            "statements_edition_resend_link",
            [1, 2],
            "statements/edition/1/preview-links/2/resend/",
        ),
        (
            "statements_edition_revoke_link",
            [1, 2],
            "statements/edition/1/preview-links/2/revoke/",
        ),
        (
            "statements_edition_decide",
            [1, "publish-urgently"],
            "statements/edition/1/decide/publish-urgently/",
        ),
        ("urgent_publications", [], "urgent-publications/"),
    ],
)
def test_url_names_and_paths(name, args, path):
    assert reverse(f"admin:{name}", args=args) == f"/admin/{path}"


def test_the_page_of_an_app_leads_to_the_dashboard(client, ann):
    client.force_login(ann)
    response = client.get("/admin/statements/")
    assert (response.status_code, response.url) == (302, "/admin/")
