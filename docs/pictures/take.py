"""Take the pictures of the guides and the README again, from a running demo.

In one terminal: DEMO_PASSWORD=… make run
In another:      DEMO_PASSWORD=… .venv/bin/python docs/pictures/take.py
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
SITE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
COLOURS = 128
STATEMENTS = "/admin/statements/statement/"
ADCS = "/statements/cse-and-missing-children-thematic-report-adcs-comment/"
CORRECTED = "/statements/record-summer-for-young-readers-in-public-libraries/"
PUBLIC_PAGES = (  # name, path, width in pixels, colour scheme
    ("list", "/", 390, "dark"),
    ("statement", ADCS, 1280, "light"),
    ("corrected", CORRECTED, 1280, "dark"),
)


@contextmanager
def open_window(browser: Browser, width: int, scheme: str = "light") -> Iterator[Page]:
    """Open a browser window of this width."""
    context = browser.new_context(
        base_url=SITE,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
    )
    yield context.new_page()
    context.close()


@contextmanager
def open_newsdesk(
    browser: Browser, username: str, width: int, scheme: str = "light"
) -> Iterator[Page]:
    """Open a window of this width, with this user signed in."""
    with open_window(browser, width, scheme) as page:
        page.goto("/admin/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(os.environ["DEMO_PASSWORD"])
        page.get_by_role("button", name="Log in").click()
        yield page


def save_picture(page: Page, name: str) -> None:
    """Save what the window shows, with few colours so that the file is small."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur()")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)


def open_statement(page: Page, headline: str) -> None:
    page.goto(STATEMENTS + "?q=" + headline)
    page.get_by_role("link", name=headline).first.click()


def open_review(page: Page, headline: str) -> None:
    open_statement(page, headline)
    page.get_by_role("link", name="as submitted").click()


def main(browser: Browser) -> None:
    for name, path, width, scheme in PUBLIC_PAGES:
        with open_window(browser, width, scheme) as page:
            page.goto(path)
            save_picture(page, f"{name}-{width}-{scheme}")
    with open_newsdesk(browser, "editor", 1280) as page:
        page.goto("/admin/")
        save_picture(page, "dashboard-1280-light")
        open_review(page, "Pont Isaf bridge to open")
        save_picture(page, "review-1280-light")
        page.evaluate("document.querySelector('#signoff-title').scrollIntoView()")
        save_picture(page, "signoff-1280-light")
    with open_newsdesk(browser, "author", 1280) as page:
        open_statement(page, "Nine in ten households want a weekly food waste collection")
        page.route("**/statements/autosave/", lambda route: route.abort())  # store nothing
        page.locator("#id_headline").fill("Pupils ask for food waste in PHSE lessons")
        page.get_by_text("Write “PSHE”, not “PHSE”").wait_for()
        save_picture(page, "writing-1280-light")
    with open_newsdesk(browser, "editor", 1280, "dark") as page:
        open_statement(page, "Record summer for young readers in public libraries")
        page.get_by_role("link", name="History").click()
        save_picture(page, "history-1280-dark")
    with open_newsdesk(browser, "editor", 390) as page:
        page.goto("/admin/")
        save_picture(page, "dashboard-390-light")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        executable = Path("/usr/bin/chromium")
        main(
            playwright.chromium.launch(
                executable_path=executable if executable.exists() else None,
                args=["--no-sandbox", "--disable-gpu"],
            )
        )
