"""Check and fetch web addresses without reaching into the internal network.

Only http and https on their standard ports. Every IP address of the host must be a global one, and
the connection goes to the IP address that was checked, so that a DNS answer that changes meanwhile
has no effect. Requests have no cookies, credentials or referrer. Each redirect is checked the same
way.
"""

import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_CHECK_SECONDS = 6.0
MAX_REDIRECTS = 3
MAX_RESPONSE_BYTES = 16_384
USER_AGENT = "Mozilla/5.0 (compatible; link check)"
MAX_FETCH_SECONDS = 30.0
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# With these a server refuses a program or HEAD; a reader may still get the page.
INCONCLUSIVE_STATUSES = {401, 403, 405, 406, 407, 429, 451, 501, 503, 999}

Resolver = Callable[[str, int], list[str]]
Opener = Callable[["LinkTarget", str, float], "LinkResponse"]
Fetcher = Callable[["LinkTarget", float, int], tuple["LinkResponse", bytes]]


class DeadLink(Exception):
    """The link does not work; the message says why."""


@dataclass(frozen=True)
class LinkTarget:
    """The host to connect to, its checked IP address, and the path."""

    scheme: str
    host: str
    ip: str
    path: str


@dataclass(frozen=True)
class LinkResponse:
    status: int
    location: str = ""


def check_link(url: str, *, own_host: str, resolve: Resolver, open_: Opener) -> str:
    """Return what is wrong with the link, or "" if it works or cannot be checked.

    Never request our own site: the answer would show whether a page is there before its release.
    """
    try:
        return _follow_link(url, own_host, resolve, open_)
    except DeadLink as dead:
        return str(dead)


def _follow_link(url: str, own_host: str, resolve: Resolver, open_: Opener) -> str:
    deadline = time.monotonic() + MAX_CHECK_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        target = _resolve_target(url, own_host, resolve)
        if target is None:
            return ""
        response = _request(target, open_, deadline)
        if not 300 <= response.status < 400 or not response.location:
            return _describe_status(response.status)
        url = urljoin(url, response.location)
    raise DeadLink(f"It leads on more than {MAX_REDIRECTS} times.")


def fetch_url(
    url: str,
    *,
    hosts: Collection[str],
    max_bytes: int,
    own_host: str,
    resolve: Resolver,
    open_: Fetcher,
) -> bytes:
    """Return the bytes at this address, from these hosts only. Raises DeadLink."""
    deadline = time.monotonic() + MAX_FETCH_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        target = _resolve_target(url, own_host, resolve)
        if target is None or target.host not in hosts:
            raise DeadLink("It leads on to a host that was not named.")
        try:
            response, data = open_(target, deadline - time.monotonic(), max_bytes + 1)
        except TimeoutError as error:
            raise DeadLink(f"It did not come within {MAX_FETCH_SECONDS:.0f} seconds.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeadLink("The server does not answer.") from error
        if 300 <= response.status < 400 and response.location:
            url = urljoin(url, response.location)
            continue
        if response.status != 200:
            raise DeadLink(
                _describe_status(response.status)
                or f"The server does not give it ({response.status})."
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
    """Return the checked target, or None for our own site. Raises DeadLink."""
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
    """Return the IP address to connect to; all addresses of the host must be global."""
    try:
        ips = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise DeadLink("There is no such site: its name is not known.") from error
    if not ips:
        raise DeadLink("There is no such site: its name is not known.")
    if not all(map(is_global, ips)):
        raise DeadLink("It leads into a private network, where we do not look.")
    return ips[0]


def is_global(address: str) -> bool:
    """Say whether the IP address, and one embedded in it, is on the public internet."""
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
    response = LinkResponse(0)
    for method in ("HEAD", "GET"):
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            raise DeadLink(f"It did not answer within {MAX_CHECK_SECONDS:.0f} seconds.")
        try:
            response = open_(target, method, seconds_left)
        except TimeoutError as error:
            raise DeadLink(f"It did not answer within {MAX_CHECK_SECONDS:.0f} seconds.") from error
        except ssl.SSLError as error:
            raise DeadLink("Its certificate is not in order.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeadLink("The server does not answer.") from error
        if response.status < 400:
            break
    return response


# --- The real network -----------------------------------------------------------------------------


def resolve_host(host: str, port: int) -> list[str]:
    results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(result[4][0]) for result in results))


def send_request(target: LinkTarget, method: str, seconds: float) -> LinkResponse:
    return _send_to_ip(target, method, seconds, MAX_RESPONSE_BYTES)[0]


def download(target: LinkTarget, seconds: float, max_bytes: int) -> tuple[LinkResponse, bytes]:
    return _send_to_ip(target, "GET", seconds, max_bytes)


def _send_to_ip(
    target: LinkTarget, method: str, seconds: float, max_bytes: int
) -> tuple[LinkResponse, bytes]:
    """Send one request to the checked IP address; the host name is only in SNI and Host."""
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
        response = connection.getresponse()
        data = response.read(max_bytes) if method == "GET" else b""
        return LinkResponse(response.status, response.getheader("Location") or ""), data
    finally:
        sock.close()
        plain.close()


class _DeadlineSocket(io.RawIOBase):
    """A socket with one deadline for all reads, so that a slow server cannot hold it for ever."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._remaining_seconds())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._sock.settimeout(self._remaining_seconds())
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """Do nothing: http.client closes it after the headers, before the body is read."""

    def _remaining_seconds(self) -> float:
        seconds_left = self._deadline - time.monotonic()
        if seconds_left <= 0:
            raise TimeoutError("No time is left.")
        return seconds_left
