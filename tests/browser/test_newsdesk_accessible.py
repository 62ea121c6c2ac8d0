"""WCAG 2.2 AA on every page of the newsdesk, by axe-core, narrow to wide, light and dark."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser

from tests.browser.barriers import find_problems
from tests.browser.newsdesk_pages import find_pages

# Loaded whole, every editor standing; the one that a row to come is copied from stays plain.
AT_REST = """document.readyState === "complete" && [...document.querySelectorAll(
  "textarea[data-words]:not([name*=__prefix__])")].every(one => one.closest(".prose-editor"))"""
SHARES = 2


@pytest.mark.sqlite  # once is enough: a page has the same barriers on either database
@pytest.mark.parametrize("share", range(SHARES))
def test_no_page_of_the_newsdesk_keeps_anybody_out(
    browser: Browser, base_url: str, transactional_db, share: int
):
    call_command("load_demo", verbosity=0)
    manager = User.objects.get(username="manager")
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(20_000)
    context.add_cookies([session_of(manager, base_url)])
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    found = []
    for name in sorted(find_pages())[share::SHARES]:
        for address in find_pages()[name]():
            answer = page.goto(address)
            assert answer is not None
            if answer.status == 403:  # not a manager's to see
                noise.clear()
                continue
            assert answer.status == 200, f"{address} answered {answer.status}"
            page.wait_for_function(AT_REST)
            found += [f"{name} {address}: {line}" for line in noise]
            found += [f"{name} {address}: {problem}" for problem in find_problems(page)]
            noise.clear()  # axe itself sets styles, which the policy refuses
    context.close()
    assert found == [], "\n".join(found)


def session_of(user: User, base_url: str) -> dict:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": f"{base_url}/admin/"}
