"""Test that link checks cannot reach the internal network. No test uses the network."""

import http.server
import socket
import ssl
import threading
import time

import pytest

from statements.links import safe_fetch, tasks
from statements.links.safe_fetch import LinkResponse, LinkTarget
from statements.models import LinkCheck
from tests.cast import HOUR, NOON

OPEN = "93.184.216.34"
PRIVATE = "It leads into a private network, where we do not look."


class Net:
    """A fake internet with host names and responses, which records the requests."""

    def __init__(self, names=None, responses=None):
        self.names = {"example.org": [OPEN]} | (names or {})
        self.responses = responses or {}
        self.requests: list[tuple[str, str, str]] = []

    def resolve(self, host, port):
        if host not in self.names:
            raise socket.gaierror("unknown")
        return self.names[host]

    def open(self, target: LinkTarget, method: str, seconds: float) -> LinkResponse:
        self.requests.append((method, f"{target.scheme}://{target.host}{target.path}", target.ip))
        response = self.responses.get((method, target.path), self.responses.get(target.path, 200))
        if isinstance(response, Exception):
            raise response
        return response if isinstance(response, LinkResponse) else LinkResponse(response)

    def check(self, url: str) -> str:
        return safe_fetch.check_link(
            url, own_host="ours.example.org", resolve=self.resolve, open_=self.open
        )


def test_a_live_link_is_requested_once_by_its_resolved_address():
    net = Net()
    assert net.check("https://Example.org./a?b=c#d") == ""
    assert net.requests == [("HEAD", "https://example.org/a?b=c", OPEN)]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104 - refused, not bound to
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "fec0::1", "2001:db8::1", "nonsense", ""),
    ],
)
def test_no_name_leads_into_the_network_even_with_other_addresses(address):
    for found in ([address], [OPEN, address], [address, OPEN]):
        net = Net({"trap.example.org": found})
        assert net.check("http://trap.example.org/") == PRIVATE
        assert net.requests == []


@pytest.mark.parametrize("address", [OPEN, "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_addresses_are_requested(address):
    net = Net({"a.example.org": [address]})
    assert net.check("https://a.example.org/") == ""
    assert net.requests == [("HEAD", "https://a.example.org/", address)]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org/", "That is no web address."),
        ("file:///etc/passwd", "That is no web address."),
        ("https:///x", "That is no web address."),
        ("https://[::1", "That is no address."),
        ("https://example.org:99999/", "That is no address."),
        ("https://a" + "b" * 70 + ".org/", "That is no address."),
        ("https://u:p@example.org/", "It carries a user name or a password."),
        ("https://example.org:22/", "It leads to an unusual port, where we do not look."),
        ("http://example.org:443/", "It leads to an unusual port, where we do not look."),
        ("https://nobody.example.org/", "There is no such site: its name is not known."),
    ],
)
def test_unusable_addresses_are_not_requested(url, sentence):
    net = Net()
    assert net.check(url) == sentence
    assert net.requests == []


def test_our_own_addresses_are_never_requested_even_after_a_redirect():
    net = Net(responses={"/on": LinkResponse(302, "https://ours.example.org/statements/x/")})
    assert net.check("https://ours.example.org/statements/secret/") == ""
    assert net.check("https://example.org/on") == ""
    assert [url for _, url, _ in net.requests] == ["https://example.org/on"]


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("http://inside.example.org/", PRIVATE),
        ("http://127.0.0.1/", PRIVATE),
        ("file:///etc/passwd", "That is no web address."),
        ("https://u@example.org/", "It carries a user name or a password."),
        ("/on", "It leads on more than 3 times."),
        ("/fine", ""),
    ],
)
def test_each_step_of_a_redirect_is_checked(location, sentence):
    net = Net(
        {"inside.example.org": ["10.0.0.1"], "127.0.0.1": ["127.0.0.1"]},
        {"/on": LinkResponse(301, location)},
    )
    assert net.check("https://example.org/on") == sentence
    assert len(net.requests) <= 4
    assert all(ip == OPEN for _, _, ip in net.requests)


@pytest.mark.parametrize(
    ("responses", "sentence"),
    [
        ({"/": 404}, "There is no such page (404)."),
        ({"/": 410}, "There is no such page (410)."),
        ({"/": 500}, "The server answers with an error (500)."),
        ({("HEAD", "/"): 404}, ""),
        ({("HEAD", "/"): 405}, ""),
        ({"/": 403}, ""),
        ({"/": TimeoutError()}, "It did not answer within 6 seconds."),
        ({"/": ssl.SSLError()}, "Its certificate is not in order."),
        ({"/": ConnectionRefusedError()}, "The server does not answer."),
    ],
)
def test_the_meaning_of_a_response(responses, sentence):
    assert Net(responses=responses).check("https://example.org/") == sentence


# --- The opener, on a server of our own -------------------------------------------------------------


class Handler(http.server.BaseHTTPRequestHandler):
    seen: list[dict] = []

    def do_GET(self):
        type(self).seen.append({"path": self.path, "method": self.command, **self.headers})
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    time.sleep(0.05)  # the headers arrive alone
                    self.wfile.write(b"x")
                    self.wfile.flush()
            except OSError:
                pass
            return
        self.send_response(302)
        self.send_header("Location", "/next")
        self.send_header("Set-Cookie", "a=b")
        self.end_headers()

    def do_HEAD(self):
        self.do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    Handler.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setitem(safe_fetch.PORTS, "http", server.server_port)
    yield server
    server.shutdown()
    server.server_close()


def test_the_real_opener_sends_little_and_reads_little(server):
    target = LinkTarget("http", "example.org", "127.0.0.1", "/a?b=c")
    assert safe_fetch.send_request(target, "HEAD", 2) == LinkResponse(302, "/next")
    assert Handler.seen == [
        {
            "path": "/a?b=c",
            "method": "HEAD",
            "Host": "example.org",
            "User-Agent": safe_fetch.USER_AGENT,
            "Accept": "*/*",
            "Connection": "close",
        }
    ]


def test_a_slow_server_is_given_up_in_time(server):
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        safe_fetch.send_request(LinkTarget("http", "example.org", "127.0.0.1", "/drip"), "GET", 0.5)
    assert time.monotonic() - begun < 4  # of the five that the server drips


# --- The worker -------------------------------------------------------------------------------------


def test_the_worker_keeps_the_result_and_does_not_check_again_within_the_hour(
    db, monkeypatch, frozen, django_capture_on_commit_callbacks
):
    frozen(NOON)
    requests = []

    def problem_of(url, **kwargs):
        requests.append(url)
        return "There is no such page (404)."

    monkeypatch.setattr(safe_fetch, "check_link", problem_of)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.enqueue_link_checks(
            ["https://example.org/a", "https://example.org/" + "x" * 3000], at=NOON
        )
    assert tasks.load_link_problems(["https://example.org/a"]) == {
        "https://example.org/a": "There is no such page (404)."
    }
    with django_capture_on_commit_callbacks(execute=True):
        tasks.enqueue_link_checks(["https://example.org/a"], at=NOON + HOUR / 2)
    assert requests == ["https://example.org/a"]
    frozen(NOON + 2 * HOUR)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.enqueue_link_checks(["https://example.org/a"], at=NOON + 2 * HOUR)
    assert requests == ["https://example.org/a"] * 2
    assert LinkCheck.objects.get().checked_at == NOON + 2 * HOUR
