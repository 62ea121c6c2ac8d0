"""Blocks of data and feeds in a real browser: nothing runs, nothing is refused, others may read."""

from playwright.sync_api import Page

from statements import clock
from tests.cast import MINUTE, approve_edition, make_statement, submit_statement

HEADLINE = "</script><script>document.title = 'taken over'</script>"
LISTEN = """
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => refused.push(event.blockedURI));
"""
READER = "http://127.0.0.1:9/"  # another site
READ = """async (address) => {
    try { return (await (await fetch(address)).text()).length > 0 } catch { return false }
}"""


def test_no_word_gets_out_of_a_block_of_data_and_no_policy_is_broken(
    page: Page, base_url: str, ann, ed
):
    then = clock.now() - MINUTE
    edition = submit_statement(make_statement(ann, HEADLINE, slug="head"), by=ann, at=then)
    approve_edition(edition, by=ed, at=then, release_at=then)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(LISTEN)

    page.goto("/statements/head/")

    block = page.locator('script[type="application/ld+json"]')
    told = block.evaluate("(element) => JSON.parse(element.textContent).headline")
    assert (told, page.title()) == (HEADLINE, f"{HEADLINE} – On the Record")
    assert (page.evaluate("refused"), said) == ([], [])

    page.route(READER, lambda route: route.fulfill(content_type="text/html", body="A reader"))
    page.context.grant_permissions(["local-network-access"], origin=READER)
    page.goto(READER)
    read = {one: page.evaluate(READ, base_url + one) for one in ("/feeds/statements.json", "/")}
    assert read == {"/feeds/statements.json": True, "/": False}
