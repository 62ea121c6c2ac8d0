"""No JSON makes a reader fail, whatever stands where tags, texts or keys are expected."""

from hypothesis import given
from hypothesis import strategies as st

from archive.cleaning import clean_body
from archive.mapping import Mapping
from archive.readers.drupal import normalise_record
from archive.readers.field_names import guess_fields, list_paths
from archive.readers.fields import RecordReader
from archive.readers.json_documents import list_items
from archive.readers.row import Row

KEYS = (
    "id type attributes relationships data post_id tag_id key value summary processed name url path "
    "children content text items sections cards markups root title body html lexical und en cy nid "
    "vid slug alias status created tags taxonomy node label style author quote 0 1 $date S fields"
).split()
SCALARS = [
    *(None, True, 0, -1, 3.5, "", "a", "<p>One.</p>", "node--article", "2020-01-01", "word " * 60),
    *('{"root": {}}', "[[]]", "public://a.jpg", "paragraph", "heading", "list", "text"),
]
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=25,
)
RECORDS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=7)
TABLES = "posts tags posts_tags users posts_authors posts_meta settings".split()
DOCUMENTS = st.one_of(
    VALUES,
    st.fixed_dictionaries({"title": VALUES, "body": VALUES, "tags": VALUES, "images": VALUES}),
    RECORDS.map(lambda record: [{"nid": 7, "vid": 8, "title": "A"} | record]),
    st.fixed_dictionaries({name: VALUES | st.lists(RECORDS) for name in TABLES}).map(
        lambda data: {"db": [{"data": data}]}
    ),
    st.tuples(RECORDS, VALUES, VALUES).map(
        lambda parts: {
            "data": [
                {
                    "type": "node--article",
                    "attributes": parts[0],
                    "relationships": {"uid": parts[1]},
                },
                parts[1],
            ],
            "included": [parts[2], parts[0]],
        }
    ),
)


@given(document=DOCUMENTS)
def test_no_json_makes_a_reader_fail(document):
    for item in list_items(document):
        if not isinstance(item, dict):
            continue
        record = normalise_record(item)
        fields = guess_fields(list_paths(record)) | {"headline": ["title"]}
        row = RecordReader("a.json", Mapping(), fields).to_row(record, 1)
        if isinstance(row, Row):
            assert row.digest()
            assert clean_body(row)
