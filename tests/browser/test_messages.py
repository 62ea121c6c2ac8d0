"""What a page says after a decision is read whole, on the narrowest screen too."""

import pytest

from statements.models import Theme

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]  # the pages are the same on either database
FIND_OVERLAP = """() => {
  const message = document.querySelector(".alert")
  const icon = message.querySelector("svg").getBoundingClientRect()
  const range = document.createRange()
  range.selectNodeContents(message.querySelector("svg ~ *"))
  return { icon: icon.right, words: range.getBoundingClientRect().left }
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_the_icon_of_a_message_covers_no_letter(signed_in, max, width):
    theme = Theme.objects.create(name="Schools", slug="schools")
    page = signed_in(max)
    page.goto(f"/admin/statements/theme/{theme.pk}/change/")
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.locator(".alert").wait_for()
    places = page.evaluate(FIND_OVERLAP)
    assert places["icon"] < places["words"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
