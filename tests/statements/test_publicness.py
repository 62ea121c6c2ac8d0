"""The public predicate: every spelling of it agrees, and there is no other spelling."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements import publicness
from statements.clock import FOREVER
from statements.models import Edition, EditionAttribution, Theme
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement
from tests.hypothesis_profiles import scale_examples

ROOT = Path(__file__).parents[2]
EXAMPLES = scale_examples(60)


@pytest.fixture
def voice(ann, ed) -> EditionAttribution:
    """Return the only attribution of an edition, whose times no constraint or trigger checks."""
    edition = approve_edition(submit_statement(make_statement(ann, "A comment"), by=ann), by=ed)
    voice = edition.voices.exclude(speaker=None).get()
    edition.voices.exclude(pk=voice.pk).delete()
    return voice


# --- The spellings agree --------------------------------------------------------------------------

times = st.integers(-3, 3).map(lambda number: NOON + dt.timedelta(microseconds=number))
"""So close to each other that they are often equal."""

ANSWERS = {
    "public_at": (publicness.public_sql, publicness.is_public),
    "released_by": (publicness.released_sql, publicness.is_released),
    "released_after": (publicness.released_after_sql, publicness.is_scheduled),
    "ended_by": (publicness.ended_sql, publicness.has_ended),
    "not_ended_by": (
        publicness.not_ended_sql,
        lambda edition, at: not publicness.has_ended(edition, at),
    ),
    "listed_before": (publicness.listed_before_sql, publicness.is_listed),
    "listed_since": (
        publicness.listed_since_sql,
        lambda edition, at: bool(edition.first_release_at) and edition.first_release_at >= at,
    ),
}
"""Each condition of a query, with the same in SQL and for one object."""


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    release_at=st.none() | times,
    live_until=times | st.just(FOREVER),
    first_release_at=st.none() | times,
    at=times,
)
def test_query_sql_and_object_agree(voice, release_at, live_until, first_release_at, at):
    voice.release_at, voice.live_until = release_at, live_until
    voice.first_release_at = first_release_at
    voice.save()
    stored = EditionAttribution.objects.get(pk=voice.pk)
    row = EditionAttribution.objects.filter(pk=voice.pk).values().get()

    assert publicness.is_public(stored, at) == (
        release_at is not None and release_at <= at < live_until
    )
    assert publicness.is_public(row, at) == publicness.is_public(stored, at)
    for name, (sql, tell) in ANSWERS.items():
        condition = getattr(publicness, name)
        answers = {
            "query": EditionAttribution.objects.filter(condition(at)).exists(),
            "prefix": Edition.objects.filter(condition(at, "voices__")).exists(),
            "sql": exists(sql("v"), at),
            "object": tell(stored, at),
        }
        assert len(set(answers.values())) == 1, (name, answers)


def exists(condition: str, at: dt.datetime) -> bool:
    value = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM statements_editionattribution v WHERE {condition}",
            [value] * condition.count("%s"),
        )
        return cursor.fetchone()[0] == 1


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(release_at=st.none() | times, live_until=times, one=times, other=times)
def test_times_that_are_compared_with_others_agree(voice, release_at, live_until, one, other):
    EditionAttribution.objects.update(
        release_at=release_at, live_until=live_until, first_release_at=release_at
    )
    released = {
        publicness.was_ever_public(): release_at is not None and release_at < live_until,
        publicness.released_before(one): release_at is not None and release_at < one,
        publicness.released_since(one): release_at is not None and release_at >= one,
        publicness.listed_within(one, other): release_at is not None and one <= release_at < other,
    }
    for condition, expected in released.items():
        assert EditionAttribution.objects.filter(condition).exists() == expected, condition
    assert exists(publicness.was_ever_public_sql("v"), one) == (
        release_at is not None and release_at < live_until
    )


@pytest.mark.django_db
@pytest.mark.parametrize("upwards", [False, True])
@pytest.mark.parametrize("seconds", [-1, 0, 1])
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_what_follows_a_place_is_the_same_in_a_query_and_in_sql(voice, upwards, seconds, step):
    EditionAttribution.objects.update(first_release_at=NOON)
    place = (NOON + dt.timedelta(seconds=seconds), voice.statement_id + step)
    here = (NOON, voice.statement_id)
    expected = here > place if upwards else here < place

    beyond = publicness.listed_beyond(*place, upwards=upwards)
    assert EditionAttribution.objects.filter(beyond).exists() == expected
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM statements_editionattribution v WHERE "
            + publicness.listed_beyond_sql(upwards=upwards, alias="v"),
            [connection.ops.adapt_datetimefield_value(place[0]), place[1]],
        )
        assert cursor.fetchone()[0] == expected


def test_a_later_release_has_an_earlier_one():
    first, later = (
        {"first_release_at": NOON, "release_at": NOON + gap} for gap in (0 * HOUR, HOUR)
    )
    assert [publicness.has_earlier_release(row) for row in (first, later)] == [False, True]


# --- One join -------------------------------------------------------------------------------------

TABLES = {
    "/?speaker=dave-hill": "editionattribution",
    "/?organisation=association-of-directors": "editionattribution",
    "/?theme=water": "themedstatement",
    "/?theme=water&kind=comment": "themedstatement",
    "/?theme=water&speaker=dave-hill": "themedstatement",
    "/statements/a-comment/": "themedstatement",
    "/speakers/dave-hill/": "editionattribution",
    "/organisations/association-of-directors/": "editionattribution",
    "/themes/water/": "themedstatement",
    "/themes/": "themedstatement",
    "/speakers/dave-hill/feed.atom": "editionattribution",
    "/organisations/association-of-directors/feed.atom": "editionattribution",
    "/themes/water/feed.atom": "themedstatement",
}
"""The table whose index the list at each address walks; it has several rows for an edition."""
TWICE = re.compile(r'"statements_(?:editionattribution|themedstatement)" T\d+')
"""Django names the second join of a table in one query T4, T5 …"""


@pytest.mark.django_db
def test_two_filters_join_twice_and_one_filter_joins_once():
    at, prefix = NOON, "voices__"
    once = Edition.objects.filter(publicness.public_at(at, prefix), voices__speaker=1)
    twice = Edition.objects.filter(publicness.public_at(at, prefix)).filter(voices__speaker=1)

    assert [joins(query) for query in (once, twice)] == [1, 2]
    assert [bool(TWICE.search(str(query.query))) for query in (once, twice)] == [False, True]


def joins(query) -> int:
    return str(query.query).count('JOIN "statements_editionattribution"')


@pytest.mark.django_db
@pytest.mark.parametrize("address", TABLES)
def test_public_queries_join_what_they_walk_once(client, frozen, ann, ed, address):
    statement = make_statement(ann, "A comment")
    statement.themes.add(Theme.objects.create(name="Water", slug="water"))
    approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON + HOUR)
    queries: list[str] = []

    def listen(execute, sql, *more):
        queries.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(listen):
        assert client.get(address).status_code == 200

    assert any(f'"statements_{TABLES[address]}"' in sql for sql in queries)
    assert [sql for sql in queries if TWICE.search(sql)] == []


# --- One spelling ---------------------------------------------------------------------------------

HOME = ROOT / "statements" / "publicness.py"
OTHER_COLUMNS = {
    ROOT / "organisations" / "accepted_values.py": "Years of any date, in a rule of the table.",
    ROOT / "organisations" / "models.py": "The keys of a speaker's names.",
    ROOT / "statements" / "audit" / "state.py": "The ids of statements, a batch of them.",
}
"""Files that build the name of another column, and what they compare."""
SOURCES = ("config", "organisations", "statements", "readers", "archive", "bench", "deploy")
COLUMN = r"(?:first_release_at|release_at|live_until|public_from)"
LOOKUP = re.compile(
    rf"(?:^|(?<!requested)_){COLUMN}__(?:(?:lte?|gte?|range|contained_by|overlap)\b|$)"
)
"""Also where a part of it is inserted: f"first_release_at__{than}". A requested time is a wish."""
PART_OF_LOOKUP = re.compile(r"^__(?:lte?|gte?|range)$")
QUOTED = rf'(?:[\w{{}}]+\.)?"?{COLUMN}"?'
SQL = re.compile(
    rf"{QUOTED}\s*(?:[<>]|\bBETWEEN\b)"  # release_at <= %s
    rf"|[<>]=?\s*{QUOTED}\b(?!\.)"  # %s >= release_at
    rf"|\(\s*{QUOTED}\s*,[^()]*\)\s*[<>{{]"  # (first_release_at, statement_id) < (%s, %s)
    rf"|\b(?:AND|OR|WHERE|NOT|ON)\s+{QUOTED}\s*$",  # … to which a comparison is added
    re.IGNORECASE,
)
IN_TEMPLATE = re.compile(
    rf"\{{[%{{][^%}}]*(?:\b{COLUMN}\s*[<>]|[<>]=?\s*[\w.]*\b{COLUMN}\b)[^%}}]*[%}}]\}}"
)
COMPARES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
TABLE_RULES = {"CheckConstraint", "UniqueConstraint", "Index"}
"""These compare one column with another in every row, and no column with an instant."""


def second_spellings(source: str) -> Iterator[int]:
    """Yield the lines of a Python source that compare the times of an edition."""
    tree = ast.parse(source)
    exempt = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) in TABLE_RULES
        for inner in ast.walk(node)
    }
    parts = {
        id(part): node
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) not in exempt and is_spelling(node, inside=id(node) in parts):
            yield node.lineno


def is_spelling(node: ast.AST, *, inside: bool) -> bool:
    match node:
        case ast.keyword(arg=str(name)):
            return bool(LOOKUP.search(name))
        case ast.Constant(value=str(text)):
            is_sql = not inside and SQL.search(text)
            return bool(LOOKUP.search(text) or is_sql or (inside and PART_OF_LOOKUP.search(text)))
        case ast.JoinedStr():
            return bool(SQL.search(text_of(node)))
        case ast.Compare():
            sides = [node.left, *node.comparators]
            return any(isinstance(op, COMPARES) for op in node.ops) and any(map(is_time, sides))
        case _:
            return False


def text_of(node: ast.JoinedStr) -> str:
    """Return the text with {} for each inserted value."""
    return "".join(
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"
        for part in node.values
    )


def is_time(side: ast.AST) -> bool:
    """Tell whether this side has a column of an edition; a plain variable is none."""
    column = re.compile(rf"^{COLUMN}$")
    for node in ast.walk(side):
        match node:
            case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
                if column.match(name):
                    return True
            case ast.Name(id="live_until" | "first_release_at"):
                return True
    return False


def name_of(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def spellings_of(path: Path) -> Iterator[str]:
    """Yield “file:line: text” for each spelling."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    if path.suffix == ".py":
        numbers = second_spellings(source)
    else:
        matches = IN_TEMPLATE.finditer(source)
        numbers = (source.count("\n", 0, match.start()) + 1 for match in matches)
    for line in sorted(set(numbers)):
        yield f"{path.relative_to(ROOT)}:{line}: {lines[line - 1].strip()}"


def is_checked(path: Path) -> bool:
    return "migrations" not in path.parts and path != HOME and path not in OTHER_COLUMNS


def sources() -> list[Path]:
    python = [path for place in SOURCES for path in (ROOT / place).rglob("*.py")]
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    templates += [path for place in SOURCES for path in (ROOT / place).rglob("templates/**/*.html")]
    own = [path for path in python if is_checked(path)]
    return sorted([*own, *templates])


def test_nothing_but_publicness_compares_the_times_of_an_edition():
    assert len(sources()) > 300
    assert "\n".join(line for path in sources() for line in spellings_of(path)) == ""


@pytest.mark.parametrize(
    "spelling",
    [
        "Edition.objects.filter(release_at__lte=at)",
        "Edition.objects.filter(voices__live_until__gt=at)",
        'Q(**{"edition__release_at__lte": at})',
        'Q(**{f"{walked}__first_release_at__lte": at})',
        'Q(**{f"first_release_at__{than}": at})',
        'Q(**{f"{when}__lte": at})',
        "Address.objects.filter(public_from__lte=at)",
        "edition.release_at is not None and edition.release_at <= at",
        "at < edition.live_until",
        "edition.release_at <= at < edition.live_until",
        'row["live_until"] > at',
        "statement.first_release_at < at",
        '"SELECT id FROM statements_edition WHERE release_at <= %s"',
        '"SELECT id FROM statements_edition e WHERE e.live_until>%s"',
        """'SELECT 1 FROM e WHERE "e"."release_at" <= %s'""",
        '"SELECT 1 FROM e WHERE %s >= e.release_at"',
        '"WHERE (first_release_at, statement_id) < (%s, %s)"',
        'f"WHERE (first_release_at, statement_id) {than} (%s, %s)"',
        'f"WHERE {alias}.release_at <= {now}"',
        "\"SELECT 1 FROM statements_edition WHERE state = 'approved' AND release_at\" + end",
    ],
)
def test_a_second_spelling_is_found(spelling):
    assert set(second_spellings(f"first = 1\nsecond = {spelling}\n")) == {2}


@pytest.mark.parametrize(
    "other",
    [
        "Edition.objects.filter(public_at(at), release_at__isnull=False)",
        'editions.order_by("-release_at").values_list("release_at", "live_until")',
        "edition.release_at == at",
        "release_at < at",  # a time that somebody asks for
        "models.CheckConstraint(condition=Q(live_until__gte=F('release_at')), name='ends')",
        '"ORDER BY first_release_at DESC, statement_id DESC, release_at DESC LIMIT %s"',
        'f"{walked}__{column}"',
        "edition.is_released(at)",
    ],
)
def test_what_is_no_spelling_is_not_reported(other):
    assert list(second_spellings(f"{other}\n")) == []


def test_a_spelling_in_a_template_is_found():
    wrong = "<p>{% if edition.release_at <= at %}now{% endif %}</p>"
    right = '<time datetime="{{ edition.release_at|date("c") }}">{{ edition.live_until }}</time>'
    assert IN_TEMPLATE.search(wrong)
    assert not IN_TEMPLATE.search(right)
