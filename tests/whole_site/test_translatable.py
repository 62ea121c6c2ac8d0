"""What staff and invited people read goes through gettext, so that it can be translated later."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from statements.content import schema
from statements.newsdesk.content_labels import CONTENT_LABELS

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    *(
        path
        for folder in (
            "archive/newsdesk",
            "statements/house_style",
            "statements/newsdesk",
            "statements/signoff",
            "statements/workflow",
        )
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
    ROOT / "statements/readiness.py",
    ROOT / "statements/roles.py",
]
GETTEXT = re.compile(r"_|_lazy|(np?|p)?gettext(_lazy|_noop)?")
WORDS = re.compile(
    r"[A-Z“][\w’-]*[,:]? (?!-)\S.*"  # it begins as a sentence or a label does
    r"|[^<>=/]*\w [\w’]+[.?!…]"  # or ends as a sentence does
    r"|[A-Z][a-z]{2,}[.?!:…]?",
    re.DOTALL,
)
LOG_METHODS = {"debug", "info", "warning", "error", "exception"}
UNTRANSLATED = {
    # Names and codes of the program, and of HTTP.
    "Allow",
    "Decision",
    "GET, HEAD, POST",
    "Hold",
    "Origin",
    "Parameters",
    "Referer",
    "Refused",
    "Result",
    "Row",
    "Group",
    "Permission",
    # The groups in the database.
    "Author",
    "Editor",
    "Manager",
    # The labels of content, which the public reads too.
    "Caption",
    "File",
    "Headline",
    "Picture",
    "Words",
    # English days, which house style compares.
    *"Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    # Written into the record, which keeps what it said.
    "Put on hold because the public edition was withdrawn.",
    "Replaced by a newer edition before its time.",
    "Replaced by a newer submission.",
    "Statement …",
    "The … … was merged into ….",
}


def list_plain_texts(source: str) -> Iterator[str]:
    """Yield what looks like words for people and is in no call of gettext."""
    return _visit(ast.parse(source))


def _visit(node: ast.AST) -> Iterator[str]:
    if _is_exempt(node):
        return
    if text := _read_text(node):
        if WORDS.fullmatch(text):
            yield text
        return
    for child in _list_children(node):
        yield from _visit(child)


def _list_children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in a node, but no annotation: it may be a name in quotes."""
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            values = value if isinstance(value, list) else [value]
            yield from (child for child in values if isinstance(child, ast.AST))


def _is_exempt(node: ast.AST) -> bool:
    """Tell what only programmers read, docstrings, asserts and logs, and calls of gettext."""
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute):
        owner = function.value
        return isinstance(owner, ast.Name) and owner.id == "logger" and function.attr in LOG_METHODS
    return isinstance(function, ast.Name) and (
        function.id == "cast" or bool(GETTEXT.fullmatch(function.id))
    )


def _read_text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        return "".join(map(str, parts)).strip()
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value.strip() if is_text else ""


def test_each_sentence_of_the_modules_for_staff_is_translatable():
    assert [
        (str(path.relative_to(ROOT)), text)
        for path in MODULES
        for text in list_plain_texts(path.read_text())
        if text not in UNTRANSLATED and not is_code(text)
    ] == []


def is_code(text: str) -> bool:
    """Tell what only has the shape of a text: iCalendar, and formats of dates."""
    return text.startswith(("PRODID:", "F Y", "BEGIN:", "END:")) or "%-d" in text


@pytest.mark.parametrize(
    "source",
    [
        'messages.success(request, "Saved.")',
        'messages.info(request, f"Saved {name} again.")',
        'label = "Press contact"',
        'raise PermissionDenied("Ask a manager.")',
        'Problem("", "Nobody may do this", blocks=False)',
        'columns = (("Headline", "headline"), ("Last changed", "changed_at"))',
    ],
)
def test_a_plain_sentence_is_found(source):
    assert list(list_plain_texts(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Return what was saved."""',
        'messages.success(request, _("Saved."))',
        'messages.success(request, ngettext("One row.", "%(n)d rows.", n) % {"n": n})',
        'logger.info("Edition %d approved by user %d", 1, 2)',
        'assert rows, "A constraint holds this."',
        'reverse("admin:statements_statement_change", args=[pk])',
    ],
)
def test_what_is_translatable_or_for_programmers_is_not_found(source):
    assert list(list_plain_texts(source)) == []


def test_each_label_of_content_is_among_those_to_translate():
    fields = (
        field
        for value in vars(schema).values()
        if isinstance(value, tuple)
        for field in value
        if isinstance(field, schema.Field)
    )
    labels = {field.label for field in fields if field.label}
    made_for_files = {"Caption", "File", "Picture", "Picture, placed here"}
    assert labels | made_for_files == set(CONTENT_LABELS)


# --- Templates ------------------------------------------------------------------------------------

FOLDERS = ("templates/admin", "templates/registration", "templates/emails")
TEMPLATES = [
    *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.*"))),
    ROOT / "templates/public/statements/preview.html",
    ROOT / "templates/public/statements/preview_screen.html",
]
NOT_READ_BY_STAFF = {
    "daily_seal.txt",  # for a notary: it says the same in every installation
    "information_file.txt",  # lies in a file for a request for information, with the English record
}
INVISIBLE = re.compile(
    r"\{#.*?#\}"
    r"|\{% comment %\}.*?\{% endcomment %\}"
    r"|\{% blocktranslate\b.*?\{% endblocktranslate %\}"
    r"|\{% trans\b.*?\{% endtrans %\}"
    r"|\{% block (bodyclass|main_class|extrabodyclass) %\}.*?\{% endblock[^%]*%\}"
    r"|<script\b.*?</script>|<kbd>.*?</kbd>|<!--.*?-->|&\w+;",
    re.DOTALL,
)
TAG = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>|\0")
READ_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
LITERAL = re.compile(r'(?<!_\()(?<!= )(?<!date:)(?<!date\()"([A-Z“][^"]*[a-z][^"]*)"')
SPOKEN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"On the Record", "Europe/London", "None", "…/statements/"}


def list_plain_words(source: str) -> Iterator[str]:
    """Yield the words of a template that are in no tag of translation."""
    source = INVISIBLE.sub(" ", source)
    bare = TAG.sub("\0", source)
    attributes = (value for tag in MARKUP.findall(bare) for value in READ_ATTRIBUTE.findall(tag))
    for text in (*MARKUP.split(bare), *attributes):
        if SPOKEN.search(text.replace("\0", "")):
            yield " ".join(text.split())
    for tag in TAG.findall(source):
        if not tag.startswith(("{% translate ", "{% url ", "{% include ", "{% extends ")):
            yield from LITERAL.findall(tag)


def test_each_word_of_the_templates_for_staff_is_translatable():
    assert [
        (str(path.relative_to(ROOT)), words)
        for path in TEMPLATES
        if path.name not in NOT_READ_BY_STAFF
        for words in list_plain_words(path.read_text())
        if words not in NAMES
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Nothing yet.</p>",
        "{% if a %}Draft{% endif %}",
        '<nav aria-label="Newsdesk"></nav>',
        '{{ status|default:"Not submitted" }}',
        "{% translate 'Save' %} now",
    ],
)
def test_a_plain_word_of_a_template_is_found(source):
    assert list(list_plain_words(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p class="quiet">{% translate "Nothing yet." %}</p>',
        "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
        '<nav aria-label="{% translate "Newsdesk" %}"></nav>',
        '{{ status|default:_("Not submitted") }}',
        '{{ at|date:"l j F Y, H:i" }} {# The time of the release. #}',
        '{% include "admin/newsdesk/_icon.html" with name="warn" %}',
    ],
)
def test_a_translatable_word_of_a_template_is_not_found(source):
    assert list(list_plain_words(source)) == []


# --- Scripts --------------------------------------------------------------------------------------

SCRIPTS = sorted((ROOT / "static/newsdesk").rglob("*.js"))
PLAIN_SCRIPT_TEXT = re.compile(
    r"(?:\.(?:textContent|title|placeholder|innerText)\s*=\s*|aria-label\",\s*)"
    r"[\"`](?!\$)[^\"`]*[a-zA-Z]{2}"
    r"|(?<!say\()(?<!pick\()\"[A-Z][a-z]+(?: [a-z’“”]+)+[.?!:]?\""
)
SCRIPT_NOTE = re.compile(r"//.*")


def list_plain_script_texts(source: str) -> list[str]:
    return PLAIN_SCRIPT_TEXT.findall(SCRIPT_NOTE.sub("", source))


def test_each_sentence_of_a_script_is_translatable():
    found = {path.name: list_plain_script_texts(path.read_text()) for path in SCRIPTS}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "source",
    [
        'status.textContent = "Copied."',
        'button.setAttribute("aria-label", "Format")',
        'fill({ "Leave it as it is": () => close() })',
        "message.textContent = `Words were left out: ${texts}`",
    ],
)
def test_a_plain_sentence_of_a_script_is_found(source):
    assert list_plain_script_texts(source)


def test_a_translatable_sentence_of_a_script_is_not_found():
    assert list_plain_script_texts('status.textContent = say("Nothing was copied.")') == []
