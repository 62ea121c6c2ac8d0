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
    ("sign-in", "/admin/login/", 1280, "light"),
    ("sign-in", "/admin/login/", 390, "dark"),
)

SIZES = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))


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
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(os.environ["DEMO_PASSWORD"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/admin/")
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


def main(browser: Browser) -> None:
    for name, path, width, scheme in PUBLIC_PAGES:
        with open_window(browser, width, scheme) as page:
            page.goto(path)
            save_picture(page, f"{name}-{width}-{scheme}")
    for width, scheme in SIZES:
        with open_newsdesk(browser, "editor", width, scheme) as page:
            take_newsdesk(page, f"{width}-{scheme}")
    with open_newsdesk(browser, "author", 1280) as page:
        open_statement(page, "Nine in ten households want a weekly food waste collection")
        page.get_by_role("link", name="Change the words").first.click()
        page.locator("#id_headline").fill("Pupils ask for food waste in PHSE lessons")
        page.get_by_role("button", name="Use “PSHE”").first.wait_for()
        page.get_by_text("Autosaved").first.wait_for()
        save_picture(page, "writing-1280-light")


def take_newsdesk(page: Page, size: str) -> None:
    page.goto("/admin/")
    save_picture(page, f"dashboard-{size}")
    page.goto(STATEMENTS)
    save_picture(page, f"statements-{size}")
    page.goto("/admin/calendar/")
    save_picture(page, f"calendar-{size}")
    open_statement(page, "Digital first")  # in review
    save_picture(page, f"review-{size}")
    page.goto(f"{page.url.split('#')[0]}#signoff")
    save_picture(page, f"signoff-{size}")
    page.get_by_role("link", name="Approve…").first.click()
    save_picture(page, f"confirm-{size}")
    open_statement(page, "Record summer for young readers in public libraries")  # published
    save_picture(page, f"hub-{size}")
    hub = page.url
    page.get_by_role("link", name="Withdraw…").first.click()
    save_picture(page, f"withdraw-{size}")
    page.goto(hub)
    page.get_by_role("link", name="See the whole history").click()
    save_picture(page, f"history-{size}")
    page.goto(hub)
    page.get_by_role("link", name="Start a correction").click()
    save_picture(page, f"correction-{size}")
    open_statement(page, "Pont Isaf bridge to open")  # with its translation
    save_picture(page, f"group-{size}")
    page.goto(STATEMENTS + "from-text/")
    save_picture(page, f"new-{size}")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        executable = Path("/usr/bin/chromium")
        main(
            playwright.chromium.launch(
                executable_path=executable if executable.exists() else None,
                args=["--no-sandbox", "--disable-gpu"],
            )
        )
