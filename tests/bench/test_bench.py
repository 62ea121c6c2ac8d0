"""What the benchmarks tell of the record is what its pages say. They themselves time nothing here."""

import html
import subprocess
import sys

import pytest
from django.utils.html import strip_tags

from bench import lines, peer
from statements.models import Theme
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement


@pytest.mark.django_db
def test_the_lines_for_another_product_say_what_the_page_says(client, ann, ed, frozen):
    statement = make_statement(ann, "Schools need certainty")
    statement.themes.add(Theme.objects.create(name="Schools", slug="schools"))
    approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON + HOUR)
    (said,) = lines.read_public_statements()
    page = html.unescape(strip_tags(client.get(f"/statements/{said['slug']}/").content.decode()))
    blocks = [block for _, block in said["body"]]
    texts = [text for one in blocks for text in (one.values() if isinstance(one, dict) else [one])]
    texts += [said["headline"], said["organisation"]["name"], *(v["name"] for v in said["voices"])]
    assert [text for text in texts if html.unescape(strip_tags(text)) not in page] == []
    assert [theme["slug"] for theme in said["themes"]] == ["schools"]


def test_a_peer_that_cannot_be_set_up_costs_one_sentence(monkeypatch, capsys):
    def refuse() -> None:
        raise subprocess.CalledProcessError(1, [sys.executable, "-m", "pip"])

    monkeypatch.setattr(peer, "install_wagtail", refuse)
    peer.main()
    said = capsys.readouterr().out
    assert said.startswith("Nothing is compared, as Wagtail could not be set up here: ")
    assert said.count("\n") == 1


def test_the_table_sets_ours_beside_the_peer():
    ways = {"ours": 400.0, "theirs": 100.0, "ours, kept": 3000.0, "theirs, kept": 2000.0}
    row = ways | {"queries of ours": 3, "queries of theirs": 14}
    assert peer.format_table({"statement": row}).splitlines()[-1] == (
        "| statement | 3 | 14 | 400 | 100 | × 4.0 | 3,000 | 2,000 | × 1.5 |"
    )
