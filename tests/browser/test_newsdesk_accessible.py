"""Test every page of the newsdesk for WCAG 2.2 AA, narrow to wide, light and dark."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser

from tests.browser.barriers import find_problems
from tests.browser.newsdesk_pages import find_pages

# Loaded, with every editor in place, except in the empty row that new rows are copied from.
IS_READY = """document.readyState === "complete" && [...document.querySelectorAll(
  "textarea[data-rich-text]:not([name*=__prefix__])")].every(field => field.closest(".prose-editor"))"""
SHARES = 2


@pytest.mark.sqlite  # the pages are the same on either database
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_of_the_newsdesk_is_accessible(
    browser: Browser, base_url: str, transactional_db, share: int
):
    call_command("load_demo", verbosity=0)
    manager = User.objects.get(username="manager")
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(20_000)
    context.add_cookies([make_session_cookie(manager, base_url)])
    noise: list[str] = []
    page.on("console", lambda line: noise.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    problems = []
    for name in sorted(find_pages())[share::SHARES]:
        for address in find_pages()[name]():
            answer = page.goto(address)
            assert answer is not None
            if answer.status == 403:  # not even for a manager
                noise.clear()
                continue
            assert answer.status == 200, f"{address} answered {answer.status}"
            page.wait_for_function(IS_READY)
            problems += [f"{name} {address}: {line}" for line in noise]
            problems += [f"{name} {address}: {problem}" for problem in find_problems(page)]
            noise.clear()  # the security policy refuses the styles of axe
    context.close()
    assert problems == [], "\n".join(problems)


def make_session_cookie(user: User, base_url: str) -> dict:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": f"{base_url}/admin/"}
