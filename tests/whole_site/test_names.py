"""Names in the source follow the project's rules, so that a newcomer can guess them."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    path
    for folder in ("archive", "config", "organisations", "statements")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]
DJANGO_CLASSES = {"Command", "Media", "Meta"}  # names that Django looks for
PARTICIPLES = set(
    "asked called carried changed chosen coded compared counted done dropped filed filled found "
    "given gone held kept known left listed lost made marked met named offered opened ordered "
    "padded parted placed quoted said seen sent shelved shown spoken standing stored "
    "taken told touched typed wanted withdrawn written".split()
)
OLD_LIMIT = re.compile(r"_?(FEWEST|FURTHEST|LARGEST|LEAST|LONGEST|MOST|SHORTEST)(_|$)")


def parsed_nodes() -> Iterator[tuple[str, ast.AST]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            yield str(path.relative_to(ROOT)), node


def test_every_class_name_is_used_once():
    names = Counter(
        node.name.lstrip("_")
        for _, node in parsed_nodes()
        if isinstance(node, ast.ClassDef) and node.name not in DJANGO_CLASSES
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_no_function_is_named_by_a_bare_participle():
    """A function is a verb and a noun: render_row, find_speakers."""
    assert [
        f"{path}:{node.lineno} {node.name}"
        for path, node in parsed_nodes()
        if isinstance(node, ast.FunctionDef) and node.name.strip("_") in PARTICIPLES
    ] == []


def test_limits_are_called_min_and_max():
    assert [
        f"{path}:{node.lineno} {node.id}"
        for path, node in parsed_nodes()
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and OLD_LIMIT.match(node.id)
    ] == []


def test_the_root_of_statements_stays_small():
    """A module belongs into a package; only what every package needs lies at the root."""
    assert len(list((ROOT / "statements").glob("*.py"))) <= 12
