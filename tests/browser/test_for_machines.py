"""Test data blocks and feeds in a browser: nothing runs or is refused, others may read."""

from playwright.sync_api import Page

from statements import clock
from tests.cast import MINUTE, approve_edition, make_statement, submit_statement

HEADLINE = "</script><script>document.title = 'taken over'</script>"
RECORD_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => violations.push(event.blockedURI));
"""
OTHER_SITE = "http://127.0.0.1:9/"
FETCH = """async (address) => {
    try { return (await (await fetch(address)).text()).length > 0 } catch { return false }
}"""


def test_no_text_escapes_from_a_data_block_and_no_policy_is_violated(
    page: Page, base_url: str, ann, ed
):
    then = clock.now() - MINUTE
    edition = submit_statement(make_statement(ann, HEADLINE, slug="head"), by=ann, at=then)
    approve_edition(edition, by=ed, at=then, release_at=then)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(RECORD_VIOLATIONS)

    page.goto("/statements/head/")

    block = page.locator('script[type="application/ld+json"]')
    headline = block.evaluate("(element) => JSON.parse(element.textContent).headline")
    assert (headline, page.title()) == (HEADLINE, f"{HEADLINE} – On the Record")
    assert (page.evaluate("violations"), errors) == ([], [])

    page.route(OTHER_SITE, lambda route: route.fulfill(content_type="text/html", body="A reader"))
    page.context.grant_permissions(["local-network-access"], origin=OTHER_SITE)
    page.goto(OTHER_SITE)
    readable = {
        path: page.evaluate(FETCH, base_url + path) for path in ("/feeds/statements.json", "/")
    }
    assert readable == {"/feeds/statements.json": True, "/": False}
