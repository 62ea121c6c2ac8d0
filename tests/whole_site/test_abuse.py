"""Refuse hostile requests cheaply, in nginx and in the site behind it."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from tests.whole_site.server import ServedSite, serve_site

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
LINE = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[ServedSite]:
    """Serve one site for all tests: none needs a statement or leaves anything."""
    with django_db_blocker.unblock(), serve_site(tmp_path_factory.mktemp("site")) as running:
        yield running


def build_request(address: bytes, method: bytes = b"GET", more: bytes = b"") -> bytes:
    return LINE % (method, address, more)


def send_both(site: ServedSite, request: bytes) -> tuple[int, int]:
    """Return the status from nginx, and from gunicorn without nginx in front."""
    return site.send_raw(request), site.send_raw(request, past_nginx=True)


def test_paths_that_climb_or_hide_lead_nowhere(site):
    paths = [
        *(b"/../../etc/passwd", b"/..%2f..%2fetc/passwd", b"/static/../manage.py"),
        *(b"/static/%2e%2e/%2e%2e/manage.py", b"/static//etc/passwd", b"//etc/passwd"),
        *(b"/files-inside/secret_key", b"/statements/%00/", b"/statements/a\x00b/", b"/%c0%af/"),
        *(b"/%c0%ae%c0%ae/", b"/statements/;/", b"/statements/a;jsessionid=1/", b"/.git/config"),
        *(b"/statements/" + b"a" * 3900 + b"/", b"/var/secret_key", b"/.env", b"/%"),
    ]

    statuses = {path[:40]: send_both(site, build_request(path)) for path in paths}

    assert {
        path: status for path, status in statuses.items() if not {*status} <= {0, 400, 404}
    } == {}


def test_methods_hosts_and_versions_that_are_none_are_refused(site):
    odd = {
        name: send_both(site, request)
        for name, request in {
            "a host of somebody else": b"GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n",
            "two hosts": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example.org\r\n\r\n",
            "delete": build_request(b"/", b"DELETE"),
            "trace": build_request(b"/", b"TRACE"),
            "a word that is no method": build_request(b"/", b"STEAL"),
            "a proxy's own": b"CONNECT evil.example.org:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            "two lengths": build_request(
                b"/check/", b"POST", b"Content-Length: 1\r\nContent-Length: 9\r\n"
            ),
            "a length and chunks": build_request(
                b"/check/", b"POST", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"
            ),
        }.items()
    }

    refusals = {0, 400, 403, 404, 405, 501, 505}
    assert {name: statuses for name, statuses in odd.items() if not {*statuses} <= refusals} == {}
    assert site.send_raw(b"GET / HTTP/1.1\r\n\r\n") == 400  # without a Host header


def test_what_is_too_large_is_not_read(site):
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(2000))
    huge = b"Content-Length: 5000000000\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    statuses = {
        "a line": send_both(site, build_request(b"/?q=" + b"x" * 20_000)),
        "a header": send_both(
            site, build_request(b"/", more=b"Cookie: " + b"x" * 20_000 + b"\r\n")
        ),
        "headers": send_both(site, build_request(b"/", more=many)),
        "a body": send_both(site, build_request(b"/check/", b"POST", huge)),
    }

    assert statuses == {
        "a line": (414, 414),
        "a header": (400, 431),
        "headers": (400, 431),
        "a body": (413, 413),
    }


def test_slow_clients_keep_nobody_waiting(site):
    """Hundreds of clients never finish their headers, or a body that nginx waits for."""
    begun = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    body = build_request(b"/check/", b"POST", b"Content-Length: 1000\r\n")
    with contextlib.ExitStack() as slow:
        for request in [begun] * 200 + [body] * 60:
            line = socket.create_connection(("127.0.0.1", site.port), timeout=20)
            slow.enter_context(line)
            line.sendall(request)
        began = time.monotonic()
        statuses = [site.get(address)[0] for address in ("/", "/check/", "/themes/")]

        assert statuses == [200, 200, 200]
        assert time.monotonic() - began < 8  # nginx gives the slow ones up after ten

    assert site.get("/")[0] == 200


def test_who_opens_too_many_at_once_is_told_so(site):
    """Answer 429 to more than a hundred open requests from one address, not 5xx."""
    body = build_request(b"/check/", b"POST", b"Content-Length: 1000\r\n")
    with contextlib.ExitStack() as slow:
        for _ in range(100):
            line = socket.create_connection(("127.0.0.1", site.port), timeout=20)
            slow.enter_context(line)
            line.sendall(body)
        until = time.monotonic() + 10
        while (status := site.send_raw(build_request(b"/"))) != 429 and time.monotonic() < until:
            pass

    assert status == 429


def test_strange_query_strings_fill_no_cache(site):
    site.get("/")
    pages = site.count_cached_files("onrecord")
    with contextlib.closing(site.connect()) as line:
        for number in range(300):
            line.request("GET", f"/?utm_source={number}")
            assert line.getresponse().read()
        strange = site.count_cached_files("onrecord-asked")
        for number in range(100):
            line.request("GET", f"/themes/?from={number}")
            line.getresponse().read()

    assert (strange, site.count_cached_files("onrecord") <= pages) == (0, True)
