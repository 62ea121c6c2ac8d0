"""Whatever is asked of a public route, in whatever form: an answer, and never an error of ours."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.whole_site.routes import PUBLIC

pytestmark = pytest.mark.django_db

anything = st.text(max_size=40)
part = st.one_of(
    anything,
    st.sampled_from(
        ["a-comment", "0", "-1", "9" * 30, "2026", "13", "..", "%00", "\0", "é", "atom"]
    ),
)
names = st.one_of(
    anything,
    st.sampled_from(
        "q theme speaker organisation kind year sort page older newer from since until".split()
    ),
)
methods = st.sampled_from(["get", "get", "get", "head", "options", "post", "put", "delete"])


@st.composite
def addresses(draw) -> str:
    """A route with anything in place of its parts."""
    pieces = draw(st.sampled_from(sorted(PUBLIC))).split("<")
    filled = pieces[0] + "".join(draw(part) + piece.split(">", 1)[1] for piece in pieces[1:])
    return "/" + filled


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    address=addresses(),
    query=st.dictionaries(names, part, max_size=3),
    method=methods,
    accept=st.one_of(st.just("br"), st.text(alphabet="brgzip,;q=0. *", max_size=20)),
    tag=st.text(alphabet='W/"*,abc ', max_size=20),
)
def test_no_question_is_an_error(client, address, query, method, accept, tag):
    response = getattr(client, method)(
        address,
        **({"query_params": query} if method == "get" else {}),
        headers={"Accept-Encoding": accept, "If-None-Match": tag},
    )

    assert response.status_code < 500
