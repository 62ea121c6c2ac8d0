"""Test that an imported page says who speaks in the words of its source, and adds none."""

import pytest

from statements.content.rendering import render_plain_text
from statements.models import Edition
from tests.archive.samples import make_record, write_json_lines
from tests.archive.test_new_names import bring_in
from tests.cast import NOON, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("max")]
LINE = "Ann Example, Chair of the Harbour Trust, said:"
NARRATION = "The meeting in the harbour office took three hours and ended at noon."
LONG = "We met there at noon, and all of us were glad that the rain had come to its end."


@pytest.fixture(autouse=True)
def noon(frozen):
    frozen(NOON)


@pytest.mark.parametrize(
    "texts",
    [
        [LINE, "“One.”", LINE, "“Two.”"],
        [LINE, "“One.”", NARRATION, LINE, "“Two.”"],
        [LINE, "“One.”", NARRATION, "“Two.”"],
        ["Mr Brackley said:", "“One.", "At the quay", f"“{LONG}”"],
        ["“One.”", "— Bob Sample", LINE, "“Two.”"],
        [NARRATION, "Bob Sample:", "“One.”"],
    ],
)
def test_the_page_has_the_lines_and_marks_of_the_source_and_no_others(tmp_path, texts):
    make_organisation()
    body = "".join(f"<p>{text}</p>" for text in texts)
    bring_in(write_json_lines(tmp_path, make_record(1, body=body)))
    content = Edition.objects.get().content_data
    assert render_plain_text(content).split("\n\n")[1:] == texts


def test_a_quotation_goes_on_below_a_heading_inside_it(tmp_path):
    make_organisation()
    body = f"<p>{LINE}</p><p>“One.</p><p>At the quay</p><p>“{LONG}”</p>"
    bring_in(write_json_lines(tmp_path, make_record(1, body=body)))
    blocks = Edition.objects.get().content_data["blocks"]
    assert [(block["attribution"], block["speaker"]["name"]) for block in blocks] == [
        (LINE, "Ann Example"),
        ("", "Ann Example"),
    ]
