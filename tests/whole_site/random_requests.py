"""Draw strange requests: any public route, with anything in place of its parts."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from tests.whole_site.routes import PUBLIC

FORM = "application/x-www-form-urlencoded"
KNOWN_PARTS = {  # values that may exist in the cast's data, and some that do not
    "statements": ["a-comment", "withdrawn", "gone"],
    "themes": ["water"],
    "speakers": ["dave-hill"],
    "organisations": ["association-of-directors"],
    "number": ["1", "2", "3", "0", "-1", "9" * 30],
    "year": ["2026", "2026", "1000", "2999", "0001"],
    "month": ["11", "12", "13", "00"],
    "part": ["pages", "2026-11", "1000-01", "2999-12"],
    "form": ["atom", "rss", "json"],
    "digest": ["0" * 64, "a" * 300],
    "key_id": ["0" * 16, "a" * 300],
    "name": ["photo.jpg", "report.pdf", "x" * 300],
}
strange = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["..", "%00", "\0", "%2e%2e", ";", "é", "\udcc0\udcaf", "/", "//", "\u202e", ""]
    ),
)
values = st.one_of(strange, *map(st.sampled_from, KNOWN_PARTS.values()))
words = st.lists(
    st.sampled_from(
        ["we", "welcome", "the", "report", '"', "-", "OR", "directors", "repport", "\0", "…", "*"]
    )
).map(" ".join)
latin = st.text(st.characters(max_codepoint=255), max_size=30)  # all that a WSGI server passes on
cursors = st.sampled_from(
    ["a-comment", "20260301T120000.000000Z-1", "20260301T120000.000000Z-" + "9" * 30, "0-0"]
)


@dataclass(frozen=True)
class FuzzRequest:
    method: str
    route: str
    url: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]

    def send(self, client: Any) -> Any:
        """Send it with a Django test client and return the response."""
        return client.generic(
            self.method,
            self.url,
            _urlencode(self.form),
            FORM,
            headers=self.headers,
            QUERY_STRING=_urlencode(self.query),
        )


def _urlencode(pairs: dict[str, str]) -> str:
    """Encode a query; lone surrogates become bytes that are not UTF-8."""
    return urlencode(pairs, errors="surrogateescape")


@st.composite
def fuzz_requests(draw: st.DrawFn) -> FuzzRequest:
    route = draw(st.sampled_from(sorted(PUBLIC)))
    pieces = re.split(r"<\w+:(\w+)>", route)
    for place in range(1, len(pieces), 2):
        name = pieces[place] if pieces[place] != "slug" else route.split("/")[0]
        known = st.sampled_from(KNOWN_PARTS[name])
        pieces[place] = draw(known if draw(st.integers(0, 3)) else strange)
    return FuzzRequest(
        method=draw(methods),
        route=route,
        url=quote("/" + "".join(pieces), errors="surrogateescape"),
        query=draw(queries),
        form=draw(forms),
        headers=draw(headers),
    )


methods = st.sampled_from(["GET"] * 5 + ["HEAD", "OPTIONS", "POST", "POST", "PUT", "DELETE", "X"])
queries = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {},
        optional={
            "q": st.one_of(words, strange),
            "older": st.one_of(cursors, strange),
            "newer": st.one_of(cursors, strange),
            "sort": st.one_of(st.just("relevance"), strange),
            **dict.fromkeys(("theme", "speaker", "organisation", "kind"), values),
            **dict.fromkeys(("year", "page", "from"), values),
        },
    ),
    st.dictionaries(st.text(max_size=40), values, max_size=3),
)
forms = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"words": st.one_of(words, strange)}),
    st.dictionaries(strange, strange, max_size=2),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept-Encoding": st.one_of(st.just("br"), st.text("brgzip,;q=0. *", max_size=20)),
        "If-None-Match": st.text('W/"*,abc ', max_size=20),
        "If-Modified-Since": latin,
        "Range": st.sampled_from(["bytes=0-", "bytes=9-1", "bytes=-5", "lines=1"]),
        "X-Forwarded-Proto": latin,
        "Cookie": latin,
    },
)
