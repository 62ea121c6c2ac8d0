"""Which form of a text goes over the wire: Brotli, gzip, or as it is (RFC 9110, 12.5.3)."""

import functools
import gzip

import brotli

MIN_COMPRESSED_BYTES = 200
"""Bytes; what is shorter fits into one packet either way."""


@functools.lru_cache(maxsize=256)
def negotiate_encoding(accepted: str) -> str:
    """The best coding that this Accept-Encoding allows; empty for the text as it is."""
    allowed = {}
    for one in accepted.lower().split(","):
        name, _, parameter = one.partition(";")
        allowed[name.strip()] = parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")
    return next((name for name in ("br", "gzip") if allowed.get(name)), "")


def is_text(content_type: str) -> bool:
    return content_type.startswith("text/") or any(
        form in content_type for form in ("json", "xml", "javascript")
    )


def compress(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)
    if coding == "gzip":
        return gzip.compress(body, compresslevel=6, mtime=0)
    return body
