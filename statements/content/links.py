"""Clean the addresses of links: lead straight to the page, without what follows the reader.

Mail programs and search engines replace links by a detour through a server of their own. Where the
detour holds the real address, that address is taken. Nothing else of an address is changed. Pure
functions.
"""

import base64
import binascii
import re
from urllib.parse import unquote, urlsplit

MAX_DETOURS = 10  # of one link; an address with more was made to waste time, and stays as it is
WEB_OR_MAIL_URL = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
TRACKING_PARAMETER = re.compile(
    r"(?:utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|li_fat_id"
    r"|igshid|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|vero_id|oly_enc_id|oly_anon_id)",
    re.IGNORECASE,
)
# Hosts with the parameters that hold the real address, as patterns of whole host names.
PARAMETER_DETOURS = (
    (re.compile(r"(?:[\w-]+\.)*safelinks\.(?:protection|partner)\.[\w.-]+"), "", ("url",)),
    (re.compile(r"(?:www\.)?google\.[a-z.]+"), "/url", ("q", "url")),
    (re.compile(r"lm?\.(?:facebook|messenger)\.com"), "/l.php", ("u",)),
    (re.compile(r"l\.(?:instagram|threads)\.(?:com|net)"), "", ("u",)),
    (re.compile(r"(?:www\.)?facebook\.com"), "/l.php", ("u",)),
    (re.compile(r"(?:www\.)?linkedin\.com"), "/redir/redirect", ("url",)),
    (re.compile(r"(?:www\.)?linkedin\.com"), "/safety/go", ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com"), "/redirect", ("q",)),
    (re.compile(r"slack-redir\.net"), "/link", ("url",)),
    (re.compile(r"out\.reddit\.com"), "", ("url",)),
    (re.compile(r"linkprotect\.cudasvc\.com"), "/url", ("a",)),
    (re.compile(r"protect2?\.fireeye\.com"), "", ("u",)),
    (re.compile(r"[\w-]+\.trendmicro\.com"), "/wis/clicktime/v1/query", ("url",)),
)
PROOFPOINT_HOST = re.compile(r"urldefense(?:\.proofpoint)?\.(?:com|us)")
PROOFPOINT_3 = re.compile(r"/v3/__(?P<url>.+?)__;(?P<bytes>[\w-]*=*)!")
PROOFPOINT_3_GAP = re.compile(r"\*(?:\*(.))?")
PROOFPOINT_3_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SOPHOS_HOST = re.compile(r"(?:[\w-]+\.)*protection\.sophos\.com")
CISCO_PATH = re.compile(r"/[\w.~-]+/(https?(?:%3[aA]|:).+)")
# Detours that keep the real address on their server.
OPAQUE_HOSTS = (
    (re.compile(r"(?:[\w-]+\.)*(?:mimecast\.com|mimecastprotect\.com)"), "Mimecast"),
    (re.compile(r"(?:[\w-]+\.)*list-manage\d*\.com"), "Mailchimp"),
    (re.compile(r"(?:[\w-]+\.)*hornetsecurity\.com"), "Hornetsecurity"),
    (re.compile(r"(?:lnks|links-\d+)\.gd"), "GovDelivery"),
    (re.compile(r"(?:[\w-]+\.)*safelinks\.(?:protection|partner)\.[\w.-]+"), "Outlook"),
    (PROOFPOINT_HOST, "Proofpoint"),
    (SOPHOS_HOST, "Sophos"),
    (re.compile(r"secure-web\.cisco\.com"), "Cisco"),
)


def clean_url(url: str) -> str:
    """Return the address without detours and tracking parameters. Cleaning twice changes nothing.

    An address that cannot be read comes back unchanged.
    """
    cleaned = _remove_tracking(url)
    for _ in range(MAX_DETOURS):
        target = _find_target(cleaned)
        if target is None:
            return cleaned
        cleaned = _remove_tracking(target)
    return _remove_tracking(url) if _find_target(cleaned) else cleaned


def name_detour(url: str) -> str:
    """Return the service whose server a cleaned link still leads through, or ""."""
    host = _split_url(url)[0]
    return next((name for pattern, name in OPAQUE_HOSTS if pattern.fullmatch(host)), "")


def _split_url(url: str) -> tuple[str, str, str]:
    """Return host, path and query; empty for an address that cannot be read."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip("."), parts.path, parts.query
    except ValueError:
        return "", "", ""


def _remove_tracking(url: str) -> str:
    address, hash_sign, fragment = url.partition("#")
    start, question_mark, query = address.partition("?")
    if not question_mark or not start.lower().startswith(("http://", "https://")):
        return url
    pairs = query.split("&")
    kept = [pair for pair in pairs if not TRACKING_PARAMETER.fullmatch(pair.partition("=")[0])]
    if len(kept) == len(pairs):
        return url
    return start + ("?" + "&".join(kept) if any(kept) else "") + hash_sign + fragment


def _find_target(url: str) -> str | None:
    """Return the address that a detour leads to; None if this is no detour, or hides it."""
    if not url.lower().startswith(("http://", "https://")):
        return None
    host, path, query = _split_url(url)
    target = (
        _find_parameter_target(host, path, query)
        or (_decode_proofpoint(url, path, query) if PROOFPOINT_HOST.fullmatch(host) else "")
        or (_decode_sophos(query) if SOPHOS_HOST.fullmatch(host) else "")
        or (_decode_cisco(path) if host == "secure-web.cisco.com" else "")
    ).strip()
    target = target.replace(" ", "%20")
    is_url = WEB_OR_MAIL_URL.fullmatch(target) and target.isprintable() and "\ufffd" not in target
    return target if is_url and len(target) < len(url) else None


def _find_parameter_target(host: str, path: str, query: str) -> str:
    for pattern, detour_path, names in PARAMETER_DETOURS:
        if pattern.fullmatch(host) and detour_path in ("", path):
            return unquote(_find_parameter(query, names))
    return ""


def _find_parameter(query: str, names: tuple[str, ...]) -> str:
    pairs = [pair.partition("=") for pair in query.split("&")]
    values = {name.lower(): value for name, _, value in reversed(pairs)}
    return next((values[name] for name in names if values.get(name)), "")


def _decode_proofpoint(url: str, path: str, query: str) -> str:
    if path.startswith("/v1/"):
        return unquote(_find_parameter(query, ("u",)))
    if path.startswith("/v2/"):
        return unquote(_find_parameter(query, ("u",)).translate(str.maketrans("-_", "%/")))
    return _decode_proofpoint_3(url)


def _decode_proofpoint_3(url: str) -> str:
    """Fill the gaps that version 3 leaves, `*` or `**` and a length, with its base64 text."""
    match = PROOFPOINT_3.search(url)
    if match is None:
        return ""
    removed = _decode_base64(match["bytes"])
    if removed is None:
        return ""
    position = 0

    def fill(gap: re.Match[str]) -> str:
        nonlocal position
        length = PROOFPOINT_3_LENGTHS.find(gap[1]) + 2 if gap[1] else 1
        start, position = position, position + length
        return removed[start:position]

    filled = PROOFPOINT_3_GAP.sub(fill, unquote(match["url"]))
    if position != len(removed):
        return ""
    return re.sub(r"^(https?:/)(?=[^/])", r"\1/", filled)


def _decode_sophos(query: str) -> str:
    return _decode_base64(unquote(_find_parameter(query, ("u",)))) or ""


def _decode_base64(text: str) -> str | None:
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    try:
        return base64.urlsafe_b64decode(padded).decode()
    except (binascii.Error, ValueError):
        return None


def _decode_cisco(path: str) -> str:
    match = CISCO_PATH.fullmatch(path)
    return unquote(match[1]) if match else ""
