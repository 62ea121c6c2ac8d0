"""Words of one organisation do not go out under the name of another without anybody noticing."""

import pytest

from statements.house_style.publisher_check import check_publisher


def make_content(publishers: list[str], voices: list[tuple[str, str]]) -> dict:
    """Return content with these publishers, and a quotation of each (speaker, organisation)."""
    return {
        "organisations": [{"name": name} for name in publishers],
        "blocks": [
            {
                "type": "quotation",
                "speaker": {"name": name, "organisation": {"name": body} if body else None},
            }
            for name, body in voices
        ],
    }


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        (
            [("Dave Hill", "Wrenford"), ("Dave Hill", "Wrenford")],
            "Dave Hill speaks for Wrenford. This is published by Aberwen. "
            "Check who publishes this.",
        ),
        (
            [("Dave Hill", "Wrenford"), ("Ida Moss", "Wrenford")],
            "Dave Hill and Ida Moss speak for Wrenford. This is published by Aberwen. "
            "Check who publishes this.",
        ),
        (
            [("Dave Hill", "Wrenford"), ("Ida Moss", "Bryn"), ("Al Cole", "")],
            "Dave Hill and Ida Moss speak for Wrenford and Bryn. This is published by Aberwen. "
            "Check who publishes this.",
        ),
    ],
)
def test_a_publisher_for_whom_nobody_speaks_is_pointed_out(voices, said):
    [finding] = check_publisher(make_content(["Aberwen"], voices))
    assert (str(finding), finding.field, finding.blocks) == (said, "organisation", False)


@pytest.mark.parametrize(
    ("publishers", "voices"),
    [
        (["Aberwen"], [("Dave Hill", "Wrenford"), ("Ann Lee", "Aberwen")]),
        (["Aberwen", "Bryn"], [("Dave Hill", "Wrenford")]),
        (["Aberwen"], [("Dave Hill", "")]),
        (["Aberwen"], []),
        ([], [("Dave Hill", "Wrenford")]),
    ],
)
def test_guests_joint_statements_and_unknown_roles_are_left_alone(publishers, voices):
    assert check_publisher(make_content(publishers, voices)) == []
