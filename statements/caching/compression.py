"""Choose and apply the compression of a response: Brotli, gzip or none (RFC 9110, 12.5.3)."""

import functools
import gzip
from typing import cast

import brotli

MIN_COMPRESSED_BYTES = 200
"""A shorter body fits into one network packet in any form."""


@functools.lru_cache(maxsize=256)
def negotiate_encoding(accept_encoding: str) -> str:
    """Return the best encoding that this Accept-Encoding header allows, or "" for none."""
    is_allowed = {}
    for item in accept_encoding.lower().split(","):
        name, _, parameter = item.partition(";")
        is_allowed[name.strip()] = parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")
    return next((name for name in ("br", "gzip") if is_allowed.get(name)), "")


def is_compressible(content_type: str, body: bytes) -> bool:
    is_text = content_type.startswith("text/") or any(
        name in content_type for name in ("json", "xml", "javascript")
    )
    return is_text and len(body) >= MIN_COMPRESSED_BYTES


def compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return cast("bytes", brotli.compress(body, mode=brotli.MODE_TEXT, quality=5))
    if encoding == "gzip":
        return gzip.compress(body, compresslevel=6, mtime=0)
    return body
