"""The newsdesk's old wordings stand nowhere: each was replaced by plainer words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD_WORDINGS = (
    "What is waiting",
    "Waiting for you",
    "Nothing waits for",
    "Waiting for others",
    "Sent back to me",
    "Nothing was sent back to you",
    "Nothing is held.",
    "Public, with a change under way",
    "No public statement is being changed",
    "Recently public",
    "Nothing has been public yet",
    "Text of yours that was never saved",
    "See it and take it back",
    "You have no lists to keep",
    "Urgent releases owed a second look",
    "Read it and take the second look",
    "Yours to approve",
    "You had a hand in it: another person countersigns",
    "New draft from a document",
    "Make the draft",
    "Here is the draft. Read it",
    "eft over from the document",
    "ublishing organisation",
    "peaking as",
    "Add another Passage",
    "The day the words are spoken",
    "anted release",
    "When it should go out, if you know",
    "The role in which the words are spoken",
    "One or two sentences for lists and search engines",
    "Empty means: made from the headline",
    "chosen by hand, the rest is found",
    "Still missing before it can be submitted",
    "There are no words yet",
    "announces a speaker and has no words",
    "No organisation publishes this",
    "for those who cannot see it",
    "things to look at",
    "No slip was found",
    "Kept aside at",
    "kept aside",
    "Somebody else is signed in in this browser",
    "Somebody saved or decided after you opened this",
    "has had this open since",
    "omebody was quicker",
    "Save as chosen",
    "Save and submit for review",
    "Save and close",
    "Saved, but not submitted",
    "Writing can go on",
    "The EARLIER wording, edition",
    "It waits for an editor",
    "waits for somebody to name a time",
    "until somebody names a time",
    "It goes out on",
    "It came out on",
    "It never becomes public",
    "Its writers were asked to change it",
    "Its writers read this",
    "What the public would read",
    "in a tab of its own",
    "Go to the decision",
    "Approve for this time",
    "Approve and release now",
    "The public reads it at once",
    "Approve and hold",
    "Send back with this note",
    "Set the release time",
    "Urgent release, without a second person",
    "Why can it not wait?",
    "I have read these words",
    "There is nothing for you to decide here",
    "It advises; it does not decide",
    "Nobody outside the newsdesk was asked to agree",
    "Ask somebody to agree",
    "Record an answer by telephone",
    "it is shown once, and written down nowhere",
    "Revoke the link",
    "Nobody has remarked on it yet",
    "The record of this statement is whole",
    "The record of this statement does not hold",
    "Nothing has happened yet",
    "Take these words up again",
    "Do nothing, go back",
    "See it in public",
    "What cannot be undone",
    "Withdrawn with a notice; the words stay under it",
    "Gone: the words are taken away",
    "Where it stands",
    "Never submitted",
    "Words of the headline",
    "No statement answers this search",
    "Clear them and see all statements",
    "Download what is found as CSV",
    "Signed in as editor",
    "Sign in to the newsdesk",
    "ask a manager to set a new one",
    "What was being kept aside",
    "does not agree to edition",
    "what stands beside the words",
    "took the earlier wording of",
)


def read_python_strings(path: Path) -> Iterator[str]:
    """Yield the strings of a module, joined as Python joins them, without docstrings."""
    tree = ast.parse(path.read_text())
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and id(node) not in notes:
            yield str(node.value)


def read_screen_texts() -> Iterator[tuple[str, str]]:
    for folder in ("archive", "organisations", "statements"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "demo" in path.parts:  # the words of invented people, not of the screens
                continue
            yield str(path.relative_to(ROOT)), "\n".join(read_python_strings(path))
    folders = (("templates", "*.*"), ("static/newsdesk", "*.js"), ("docs", "press-officers.md"))
    for folder, pattern in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
            yield str(path.relative_to(ROOT)), path.read_text()


def find_old_wordings(text: str) -> list[str]:
    flat = re.sub(r"\s+", " ", text).replace("'", "’")
    return [old for old in OLD_WORDINGS if old in flat]


def test_no_screen_mail_or_guide_has_an_old_wording():
    assert {
        path: found for path, text in read_screen_texts() if (found := find_old_wordings(text))
    } == {}


@pytest.mark.parametrize(
    "text", ["<h1>What is\n  waiting</h1>", "label = “Left over from the document”"]
)
def test_an_old_wording_is_found_across_lines_and_inside_markup(text):
    assert len(find_old_wordings(text)) == 1


def test_strings_are_read_as_python_joins_them(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('"""Never submitted: a docstring."""\nx = (f"Never "\n  f"submitted {1}")\n')
    assert next(read_python_strings(module)) == "Never submitted …"
