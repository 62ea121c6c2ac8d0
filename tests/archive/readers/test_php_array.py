"""Drupal's node export is an array of PHP, read as data and never run."""

import pytest

from archive.readers.php_array import NoPhpArray, looks_like_php_array, parse_php_array
from archive.readers.row import RejectedRow
from tests.archive.readers.test_formats import read
from tests.archive.samples import write_file

EXPORT = r"""array(
  (object) array(
      'vid' => '8',
      'uid' => '1',
      'title' => 'The quay\'s open',
      'log' => '',
      'status' => '1',
      'nid' => '7',
      'type' => 'press_release',
      'language' => 'und',
      'created' => '1336037400',
      'body' => array(
        'und' => array(
          array(
            'value' => "<p>It opens.</p>\r\n",
            'summary' => '',
            'format' => 'full_html',
            'safe_value' => "<p>It opens.</p>\n",
          ),
        ),
      ),
      'field_tags' => array(),
      'rdf_mapping' => array('title' => array('predicates' => array('dc:title'))),
      'path' => array('pid' => '9', 'alias' => 'news/quay', 'language' => 'und'),
  ),
)
"""


@pytest.mark.parametrize("name", ["nodes.export", "nodes.txt", "nodes.php"])
def test_a_node_export_of_drupal_7(tmp_path, name):
    text = f"<?php\n$nodes = {EXPORT};" if name.endswith("php") else EXPORT
    (row,) = read(write_file(tmp_path, name, text))
    assert (row.headline, row.body) == ("The quay's open", "<p>It opens.</p>")
    assert (row.urls, row.kind, str(row.published)) == (
        ("/news/quay", "/node/7"),
        "press_release",
        "2012-05-03 09:30:00+00:00",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("array('a' => 1, 'b' => -2.5, 'c' => NULL, 'd' => true,)", {"a": 1, "b": -2.5, "c": None, "d": True}),
        (r"""array('a\\b' . "\n" . 'c', "\x41\u{e9}\$\101")""", ["a\\b\nc", "Aé$A"]),
        ("array(0 => 'a', 1 => 'b')", ["a", "b"]),
        ("array(/* x */ 'a', # y\n 'b' // z\n)", ["a", "b"]),
        ("<?php return ['a' => [1, 2]];", {"a": [1, 2]}),
        ("array(stdClass::__set_state(array('a' => 1)))", [{"a": 1}]),
    ],
)  # fmt: skip
def test_literals_are_read_as_php_reads_them(text, value):
    assert parse_php_array(text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("array('a' => system('ls'))", "The array breaks at line 1: no text, number or array stands there."),
        ("array('a'\n'b')", "The array breaks at line 2: “,” is missing."),
        ("array(" * 100, "It is nested too deep."),
        ("Array of boats.", "It does not begin with an array."),
    ],
)  # fmt: skip
def test_what_is_no_literal_is_refused(text, why):
    with pytest.raises(NoPhpArray) as error:
        parse_php_array(text)
    assert str(error.value) == why


def test_a_broken_export_is_refused_in_a_sentence(tmp_path):
    (refused,) = read(write_file(tmp_path, "nodes.export", EXPORT[:-30]))
    assert isinstance(refused, RejectedRow)
    assert refused.why.startswith("nodes.export: The array breaks at line ")


def test_words_about_an_array_are_words():
    assert not looks_like_php_array("array of boats => the quay")
    assert not looks_like_php_array('["a", "b => c"]')
