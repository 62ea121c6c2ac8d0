"""What the public reads stays the same, byte for byte, until somebody means it to change."""

import pytest

from tests.golden.manifests import Entry, golden_path, read_entries

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


@pytest.fixture(scope="module")
def all_entries(django_db_setup, django_db_blocker) -> dict[str, list[Entry]]:
    with django_db_blocker.unblock():
        return read_entries()


@pytest.mark.parametrize("name", ["demo_contents", "demo_pages", "sample_contents", "sample_pages"])
def test_nothing_changed(all_entries, name):
    before = set(golden_path(name).read_text().splitlines())
    now = {entry.line for entry in all_entries[name]}
    gone = sorted(f"- {line}" for line in before - now)
    new = sorted(f"+ {line}" for line in now - before)
    assert not gone + new, "\n".join([HINT.format(name=name), *gone, *new])
