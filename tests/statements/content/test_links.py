"""Links lead straight to their page, and nothing else of an address is changed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.content.links import clean_url, name_detour

PAGE = "https://example.org/a?b=c%2Fd&e=f"
ENCODED = "https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc%252Fd%26e%3Df"


@pytest.mark.parametrize(
    "url",
    [
        f"https://eur01.safelinks.protection.outlook.com/?url={ENCODED}&data=05%7C01&reserved=0",
        f"https://gcc02.safelinks.protection.office365.us/?data=05&url={ENCODED}",
        f"HTTPS://NAM01.safelinks.protection.outlook.com/ap/t-59584e83/?URL={ENCODED}",
        f"https://urldefense.proofpoint.com/v1/url?u={ENCODED}&k=xyz",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a-3Fb-3Dc-252Fd-26e-3Df"
        "&d=DwMFaQ&c=x&r=y",
        "https://urldefense.com/v3/__https://example.org/a?b=c*2Fd&e=f__;JQ!!Kw!x$",
        "https://urldefense.com/v3/__https:/example.org/a*b=c**AFd&e=f__;PyUy!!x$",
        f"https://www.google.com/url?sa=t&q={ENCODED}&usg=x",
        f"https://www.google.co.uk/url?url={ENCODED}",
        f"https://l.facebook.com/l.php?u={ENCODED}%26fbclid%3Dx&h=AT0",
        f"https://lm.facebook.com/l.php?u={ENCODED}",
        f"https://l.instagram.com/?u={ENCODED}&e=AT",
        f"https://www.linkedin.com/safety/go?url={ENCODED}",
        f"https://www.youtube.com/redirect?event=x&q={ENCODED}",
        f"https://slack-redir.net/link?url={ENCODED}",
        f"https://linkprotect.cudasvc.com/url?a={ENCODED}&c=E,1",
        f"https://secure-web.cisco.com/1tokEN_-x/{ENCODED}",
        "https://eu-west-1.protection.sophos.com/?d=example.org&u=aHR0cHM6Ly9leGFtcGxlLm9yZy9hP2I9"
        "YyUyRmQmZT1m&i=x",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.com%2Fv3%2F__"
        "https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc*2Fd%26e%3Df__%3BJQ!!x%24",
        f"{PAGE}&utm_source=x&utm_campaign=y&gclid=z&fbclid=1&mc_cid=2&mc_eid=3&UTM_id=4",
    ],
)
def test_detours_and_tracking_are_removed(url):
    assert clean_url(url) == PAGE
    assert name_detour(PAGE) == ""


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "https://example.org/?b=2&a=1&a=&=&&x#utm_source=x",
        "https://example.org/search?q=https://other.example/",
        "https://example.org/?redirect=https%3A%2F%2Fx.example",
        "https://example.org/%7euser/ü?q=a+b%20c",
        "https://www.google.com/search?q=https://example.org/",
        "https://notgoogle.com/url?q=https://example.org/",
        "https://safelinks.example.org/?url=https%3A%2F%2Fexample.org",
        "mailto:press@example.org?subject=utm_source",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=/relative",
        "https://www.google.com/url?q=https%3A%2F%2Fa%0Ab",
        "https://www.google.com/url?q=https%3A%2F%2Fa%FF",
        "https://urldefense.com/v3/__https://e.org/a**Ab__;Pw!!x$",
        "https://urldefense.com/v3/__https://e.org/a*b__;%!!x$",
        "http://[",
        "",
    ],
)
def test_nothing_else_of_an_address_is_changed(url):
    assert clean_url(url) == url


def test_what_follows_a_removed_parameter_stays():
    assert clean_url("https://e.org/?utm_source=x#top") == "https://e.org/#top"
    assert clean_url("https://e.org/?utm_source=x&a=1&gclid=2&b=2") == "https://e.org/?a=1&b=2"
    assert (
        clean_url("https://www.google.com/url?q=https%3A%2F%2Fe.org%2Fa%20b")
        == "https://e.org/a%20b"
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://protect-eu.mimecast.com/s/abc?domain=example.org", "Mimecast"),
        ("https://url.uk.m.mimecastprotect.com/s/abc?domain=example.org", "Mimecast"),
        ("https://example.us1.list-manage.com/track/click?u=1&id=2&e=3", "Mailchimp"),
        ("https://lnks.gd/l/eyJhbGci", "GovDelivery"),
    ],
)
def test_a_detour_that_hides_its_page_stays_and_is_named(url, name):
    assert (clean_url(url), name_detour(url)) == (url, name)


URL_PIECES = st.sampled_from(
    [
        "https://", "www.google.com/url?q=", "l.facebook.com/l.php?u=", "e.org", "/", "?", "&", "=",
        "utm_source=1", "%3A", "%2F", "#", "url=", "urldefense.com/v3/__", "__;", "!!", "*", "PyU",
        "eur01.safelinks.protection.outlook.com/?url=", "urldefense.com/v2/url?u=", "https-3A__",
        "secure-web.cisco.com/x/", "a", "%", " ", "[",
    ]
)  # fmt: skip


@given(st.lists(URL_PIECES, max_size=12).map("".join) | st.text())
def test_cleaning_twice_changes_nothing(url):
    assert clean_url(clean_url(url)) == clean_url(url)


def test_a_hostile_address_takes_no_time():
    hop = "https://www.google.com/url?q="
    started = time.process_time()
    for url in (
        hop * 3000 + "https://e.org/",
        "https://e.org/?" + "utm_a=&" * 15_000,
        "https://urldefense.com/v3/__" + "*" * 50_000,
        "https://e.org/" + "__;" * 30_000,
    ):
        assert clean_url(clean_url(url)) == clean_url(url)
    assert clean_url(hop * 3000 + "https://e.org/") == hop * 3000 + "https://e.org/"
    assert time.process_time() - started < 5
