"""Whether a web address answers, asked so that nobody inside the network can be reached by it.

Only http and https on their own ports; every address a name resolves to must be a global one, and
the connection goes to the very address that was looked at, so that a name that changes its mind
between the two reaches nothing. No cookie, no credentials, no referrer; what is answered is thrown
away. Each step of a redirect is looked at in the same way.
"""

import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

MAX_CHECK_SECONDS = 6.0
MAX_REDIRECTS = 3
MAX_RESPONSE_BYTES = 16_384
USER_AGENT = "Mozilla/5.0 (compatible; link check)"
MAX_FETCH_SECONDS = 30.0
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# These say “not for machines”, or “not by HEAD”, and nothing of whether a reader gets the page.
INCONCLUSIVE_STATUSES = {401, 403, 405, 406, 407, 429, 451, 501, 503, 999}

Resolver = Callable[[str, int], list[str]]
Opener = Callable[["LinkTarget", str, float], "LinkResponse"]
Fetcher = Callable[["LinkTarget", float, int], tuple["LinkResponse", bytes]]


class DeadLink(Exception):
    """The link is no good, and the sentence says why."""


@dataclass(frozen=True)
class LinkTarget:
    """Where to connect, to which of its addresses, and what to ask for."""

    scheme: str
    host: str
    ip: str
    path: str


@dataclass(frozen=True)
class LinkResponse:
    status: int
    location: str = ""


def check_link(url: str, *, own_host: str, resolve: Resolver, open_: Opener) -> str:
    """What is wrong with the link, as a sentence; "" if it is alive or cannot be known.

    An address of our own site is never asked: what is there before its time must not show.
    """
    deadline = time.monotonic() + MAX_CHECK_SECONDS
    try:
        for _ in range(MAX_REDIRECTS + 1):
            target = _resolve_target(url, own_host, resolve)
            if target is None:
                return ""
            answer = _request(target, open_, deadline)
            if not 300 <= answer.status < 400 or not answer.location:
                return _describe_status(answer.status)
            url = urljoin(url, answer.location)
        return f"It leads on more than {MAX_REDIRECTS} times."
    except DeadLink as dead:
        return str(dead)


def fetch_url(
    url: str,
    *,
    hosts: Collection[str],
    max_bytes: int,
    own_host: str,
    resolve: Resolver,
    open_: Fetcher,
) -> bytes:
    """The bytes at this address, at most so many, from these hosts alone. Raises Dead."""
    deadline = time.monotonic() + MAX_FETCH_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        target = _resolve_target(url, own_host, resolve)
        if target is None or target.host not in hosts:
            raise DeadLink("It leads on to a host that was not named.")
        try:
            answer, data = open_(target, deadline - time.monotonic(), max_bytes + 1)
        except TimeoutError as error:
            raise DeadLink(f"It did not come within {MAX_FETCH_SECONDS:.0f} seconds.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeadLink("The server does not answer.") from error
        if 300 <= answer.status < 400 and answer.location:
            url = urljoin(url, answer.location)
            continue
        if answer.status != 200:
            raise DeadLink(
                _describe_status(answer.status) or f"The server does not give it ({answer.status})."
            )
        if len(data) > max_bytes:
            raise DeadLink(f"It is larger than {max_bytes // 1_000_000} MB.")
        return data
    raise DeadLink(f"It leads on more than {MAX_REDIRECTS} times.")


def _describe_status(status: int) -> str:
    if status < 400 or status in INCONCLUSIVE_STATUSES:
        return ""
    if status in (404, 410):
        return f"There is no such page ({status})."
    return f"The server answers with an error ({status})."


def _resolve_target(url: str, own_host: str, resolve: Resolver) -> LinkTarget | None:
    """Where that is, looked at; None for our own site. Raises Dead."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError) as error:
        raise DeadLink("That is no address.") from error
    if parts.scheme not in PORTS or not host or not host.isprintable() or " " in host:
        raise DeadLink("That is no web address.")
    if host == own_host:
        return None
    if parts.username is not None or parts.password is not None:
        raise DeadLink("It carries a user name or a password.")
    if port not in (None, PORTS[parts.scheme]):
        raise DeadLink("It leads to an unusual port, where we do not look.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return LinkTarget(
        parts.scheme,
        host,
        _resolve_global_ip(host, PORTS[parts.scheme], resolve),
        _quote_path(path),
    )


def _quote_path(path: str) -> str:
    return quote(path, safe="/?&=%:@!$'()*+,;~-._[]|")


def _resolve_global_ip(host: str, port: int, resolve: Resolver) -> str:
    """The address to connect to. One of many that is not global spoils them all."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise DeadLink("There is no such site: its name is not known.") from error
    if not found:
        raise DeadLink("There is no such site: its name is not known.")
    if not all(map(is_global, found)):
        raise DeadLink("It leads into a private network, where we do not look.")
    return found[0]


def is_global(address: str) -> bool:
    """Whether this is an address of the open internet, also when it wraps another one."""
    try:
        ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner and not _is_public_ip(inner):
            return False
        if ip.is_site_local or (int(ip) >> 32) == 0:
            return False
        if ip.ipv4_mapped:
            return True
    return _is_public_ip(ip)


def _is_public_ip(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local
    )


def _request(target: LinkTarget, open_: Opener, deadline: float) -> LinkResponse:
    """By HEAD, and by GET where the server minds that."""
    answer = LinkResponse(0)
    for method in ("HEAD", "GET"):
        left = deadline - time.monotonic()
        if left <= 0:
            raise DeadLink(f"It did not answer within {MAX_CHECK_SECONDS:.0f} seconds.")
        try:
            answer = open_(target, method, left)
        except TimeoutError as error:
            raise DeadLink(f"It did not answer within {MAX_CHECK_SECONDS:.0f} seconds.") from error
        except ssl.SSLError as error:
            raise DeadLink("Its certificate is not in order.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeadLink("The server does not answer.") from error
        if answer.status < 400:
            break
    return answer


# --- The real network -----------------------------------------------------------------------------


def resolve_host(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def send_request(target: LinkTarget, method: str, seconds: float) -> LinkResponse:
    return _send_to_ip(target, method, seconds, MAX_RESPONSE_BYTES)[0]


def download(target: LinkTarget, seconds: float, most: int) -> tuple[LinkResponse, bytes]:
    return _send_to_ip(target, "GET", seconds, most)


def _send_to_ip(
    target: LinkTarget, method: str, seconds: float, most: int
) -> tuple[LinkResponse, bytes]:
    """One question to the address that was looked at; the name goes into SNI and Host alone."""
    if seconds <= 0:
        raise TimeoutError("No time is left.")
    deadline = time.monotonic() + seconds
    plain = socket.create_connection((target.ip, PORTS[target.scheme]), timeout=seconds)
    sock = plain
    try:
        if target.scheme == "https":
            context = ssl.create_default_context()
            sock = context.wrap_socket(plain, server_hostname=target.host)
        connection = http.client.HTTPConnection(target.host, PORTS[target.scheme])
        connection.sock = _DeadlineSocket(sock, deadline)
        connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", f"[{target.host}]" if ":" in target.host else target.host)
        connection.putheader("User-Agent", USER_AGENT)
        connection.putheader("Accept", "*/*")
        connection.putheader("Connection", "close")
        connection.endheaders()
        answer = connection.getresponse()
        data = answer.read(most) if method == "GET" else b""
        return LinkResponse(answer.status, answer.getheader("Location") or ""), data
    finally:
        sock.close()
        plain.close()


class _DeadlineSocket(io.RawIOBase):
    """A socket whose every read may take what is left of the time: no server drips for ever."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._remaining_seconds())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._sock.settimeout(self._remaining_seconds())
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """Left to `ask`: http.client closes it once the headers are read, and the body is not."""

    def _remaining_seconds(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("No time is left.")
        return left
