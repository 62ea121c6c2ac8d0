"""What the public reads stays the same, byte for byte, until somebody means it to change."""

import pytest

from tests.golden.manifests import GOLDENS, read_entries
from tests.golden.write import golden_path

pytestmark = [
    pytest.mark.sqlite,  # loading and crawling take minutes on PostgreSQL's unanalysed tables
    pytest.mark.django_db,
]
HINT = """
{name}.txt no longer describes what the code does. To see how, write the bytes of both trees, here
and in a checkout from before the change, and compare them:
    python -m tests.golden.write /tmp/new        (and /tmp/old in the other checkout)
    diff -r /tmp/old/{name} /tmp/new/{name}
Where the change is meant, write the golden files anew: python -m tests.golden.write
"""


@pytest.mark.timeout(600)  # hundreds of pages
@pytest.mark.parametrize("database", GOLDENS)
def test_nothing_changed(database):
    for name, entries in read_entries(database).items():
        before = set(golden_path(name).read_text().splitlines())
        now = {entry.line for entry in entries}
        gone = sorted(f"- {line}" for line in before - now)
        new = sorted(f"+ {line}" for line in now - before)
        if gone or new:
            pytest.fail("\n".join([HINT.format(name=name), *gone, *new]), pytrace=False)
