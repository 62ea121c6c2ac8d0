"""Draw values for the fields of a form that a form may accept and a page may stumble over."""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin
from hypothesis import strategies as st

from statements.newsdesk.rich_text import RichTextField
from statements.newsdesk.time_fields import LocalTimeField

KEPT_FIELDS = re.compile(r"seen_|autosave_key|(?:^|-)id$|_FORMS$|usable_password|DELETE|is_active")
"""What the form itself wrote, and what would end the example: a closed account, a deleted row."""
MAX_LINE_CHARS = 300

HOSTILE_LINES = (
    *("\0", "A\0B", "\x01\x0b\x1f", "\x7f\x85", "\ufffe\uffff", "\ud800x", "\U000e0001"),
    *("\u202eabc\u2066", "\u200b", "\ufeff", "\u200d\u200c", "\u2028", "\u0301", "\u0338>"),
    *("%", "%s %(name)s %d", "{{ 7 }}{% x %}{# #}", "{", "${7}", "\\", "\\N", "\\u0000"),
    *("<b>", "</script><!--", "]]>", "&amp;", "&#0;", "&nosuch;", "'\"`", "<!DOCTYPE x ["),
    *("A" * MAX_LINE_CHARS, "é" * 100, "😀" * 50, "ﷺ" * 40, "a " * 90, "(" * 200, "-", "."),
    *("שלום עולם", "مرحبا", "中文", "日本語", "ไทย", "İıßŉﬁ", "Llŷr ap Siôn", "½²①", "n/a"),
    *("a\nb", "a\r\nBcc: x@example.org", "\ta\t", "a\x0cb", "../..", "//", "?", "#", "a/b"),
    *("=1+1", "@SUM(A1)", "+", "null", "None", "0", "-1", "1e999", "NaN", "9" * 40, " a "),
)
lines = st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE_LINES))
texts = st.one_of(
    lines, st.sampled_from(["a\n\nb", "\n", "A" * 10_000, "(" * 9_000, "x\n" * 4_000, "<" * 9_000])
)
addresses = st.sampled_from(
    [
        *("https://[", "https://[::1]/", "https://[::1", "http://a/%zz", "http://a b/", "https://"),
        *("https://é.example/ü?q=<>'", "https://u:p@example.org/", "https://example.org:99999/"),
        *("HTTPS://EXAMPLE.ORG", "https://xn--a/", "https://example.org/" + "b" * 170, "mailto:"),
        *("javascript:alert(1)", "//example.org", "https:example.org", "https://a.b/\x01", "a"),
        *("mailto:a@[", "https://example.org/{{ 7 }}%s#\\", "https://a/\u202e", "https://1.2.3.4/"),
        *("/statements/a-comment/", "/themes/", "/statements/[", "/%", "/\u00e9", "https://a?"),
    ]
)
html = st.one_of(
    texts,
    st.sampled_from(
        [
            *("<p>Words</p>", '<p>“Words” ‘and’ "more</p>', "<p></p>", "<ul><li><ul><li>Deep"),
            *("<p>a<br>b<br><br>c</p>", "<p><strong><em>a</strong></em></p>", "<ol><li></li></ol>"),
            *("<p>&#1;&#xd800;&#8238;</p>", "<p>&lt;script&gt;</p>", "<!--" * 99, "<table><td>x"),
            *("<ul><li>" * 150 + "x", "<p>" + "(" * 900, "<p>\u0338</p>", "<p>a\u0301\u202e</p>"),
        ]
    ),
    addresses.map(lambda url: f'<p><a href="{url}">A link</a> {url}</p>'),
)
slugs = st.one_of(
    st.from_regex(r"[-a-zA-Z0-9_]{1,12}", fullmatch=True),
    st.sampled_from(
        [
            *("café-culture", "-", "_", "--", "A_b-9", "a" * 100, "a" * 101, "feed", "editions"),
            *("txt", "pages", "2026", "0", "中文", "a b", "a/b", "a\n", ".", "", "٣", "é"),
        ]
    ),
)
days = st.sampled_from(
    [
        *("", "0001-01-01", "0026-05-01", "9999-12-31", "1799-12-31", "1800-01-01", "2199-12-31"),
        *("2200-01-01", "2026-02-29", "29/02/2024", "1/1/70", "2026-11-12", "١٢/١١/٢٠٢٦", "x"),
    ]
)
times = st.one_of(
    days.map(lambda day: f"{day}T00:00"),
    st.sampled_from(["", "2044-03-27T01:30", "2044-10-30T01:30", "2044-03-01T12:00:59", "T", "x"]),
)
emails = st.sampled_from(
    [
        *(
            "",
            "a@example.org",
            '"a b"@example.org',
            "é@example.org",
            "a@[127.0.0.1]",
            "%@{{x}}.org",
        ),
        *("a" * 60 + "@example.org", "a@xn--a.org", "a@é.example", "o'b+c@example.org", "x"),
    ]
)
numbers = st.sampled_from(["", "1", "2", "10000", "0", "-1", "9" * 30, "1.5", "x", "²", "٣"])


def draw_value(draw: st.DrawFn, name: str, field: forms.Field) -> Any:
    """Return a value for this field as a browser would post it, or None to leave it as it is."""
    if KEPT_FIELDS.search(name) or isinstance(field.widget, AutocompleteMixin):
        return None
    for kind, values in (
        ((RichTextField,), html),
        ((forms.SlugField,), slugs),
        ((forms.EmailField,), emails),
        ((forms.URLField,), st.one_of(addresses, st.just(""))),
        ((LocalTimeField,), times),
        ((forms.DateField,), days),
        ((forms.IntegerField,), numbers),
        ((forms.FileField, forms.ModelChoiceField, forms.ModelMultipleChoiceField), st.none()),
    ):
        if isinstance(field, kind):
            return draw(values)
    if isinstance(field, forms.ChoiceField):
        return draw(st.sampled_from([str(value) for value, _ in field.choices]))
    if isinstance(field, forms.BooleanField):
        return draw(st.sampled_from(["on", ""]))
    if name == "target":
        return draw(addresses)
    if field.widget.__class__.__name__ == "LocalTimeInput":
        return draw(times)
    return draw(texts if isinstance(field.widget, forms.Textarea) else lines)
