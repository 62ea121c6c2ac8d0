"""Check a page for WCAG 2.2 AA with axe-core, narrow to wide, light and dark."""

from importlib import resources

from playwright.sync_api import Page

WIDTHS = (1280, 768, 320)
COLOUR_SCHEMES = ("light", "dark")
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = {
    "iframes": False,  # the public page in a review is checked by itself
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# What a width or a colour scheme can change. The other rules read the same document, so they run
# once for the widest and once for the narrowest window, which show different parts of it.
VISUAL_RULES = {
    "iframes": False,
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
FULL_CHECKS = {(1280, "light"), (320, "dark")}


def find_problems(page: Page) -> list[str]:
    """Return what axe finds and what does not fit, at every width and colour scheme."""
    problems = []
    page.evaluate(AXE)
    for scheme in COLOUR_SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            where = f"{width} {scheme}"
            rules = RULES if (width, scheme) in FULL_CHECKS else VISUAL_RULES
            for rule in page.evaluate("rules => axe.run(document, rules)", rules)["violations"]:
                places = [node["target"] for node in rule["nodes"][:4]]
                problems.append(f"{where}: {rule['id']} ({rule['help']}) at {places}")
            if too_wide := page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            ):
                problems.append(f"{where}: {too_wide} pixels wider than the window")
    return problems
