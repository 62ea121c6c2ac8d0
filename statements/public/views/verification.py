"""Give strangers what they need to check an edition: its exact text, its seal and our keys."""

import base64
import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from statements.caching.headers import prevent_caching
from statements.content.schema import digest_of
from statements.integrity.keys import get_public_keys
from statements.integrity.public_keys import PublicKeyEntry
from statements.public.responses import public_view, render_page, text_response
from statements.public.views.statement import (
    gone_response,
    load_readable_statement,
    redirect_to_current,
)
from statements.published import seals
from statements.published.editions import StatementPage
from statements.published.statement_context import load_context, load_readable_editions
from statements.release_dates import ReleaseDate

BINARY = "application/octet-stream"


@public_view
def verification(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Explain how to check an edition with common tools."""
    return render_page("statements/verification.html", gets_timestamps=seals.gets_timestamps())


# --- One edition ----------------------------------------------------------------------------------


@public_view
def proof(request: HttpRequest, *, slug: str, number: int, at: dt.datetime) -> HttpResponse:
    """Return the digest of an edition and where to find what it is checked with."""
    return _answer_for_edition(slug, number, "proof", at)


@public_view
def content(request: HttpRequest, *, slug: str, number: int, at: dt.datetime) -> HttpResponse:
    """Return the exact text that was approved and hashed."""
    return _answer_for_edition(slug, number, "content", at)


def _answer_for_edition(slug: str, number: int, name: str, at: dt.datetime) -> HttpResponse:
    """Answer as the page of the edition does: 404 for what is not public, 410 for what is gone."""
    page = load_readable_statement(slug, at)
    if page is None:
        return gone_response(slug, at, as_text=True)
    if redirect := redirect_to_current(page, slug, name, number=number):
        return redirect
    release = next((r for r in load_context(page, at=at).releases if r.number == number), None)
    if release is None:
        raise Http404
    if page.notice and release.edition_id == page.edition.pk:
        return text_response(page.notice.text + "\n", status=410)
    edition = load_readable_editions(page, at=at).get(release.edition_id)
    if edition is None:
        return text_response(f"What edition {number} said was taken away.\n", status=410)
    if not json.loads(edition.content).get("salt"):
        raise Http404  # a digest without salt would confirm a guess after an erasure
    if name == "content":
        return HttpResponse(edition.content, content_type="application/json")
    return _json_response(_build_proof(page, edition, number, at))


def _build_proof(page: StatementPage, edition: Any, number: int, at: dt.datetime) -> dict[str, Any]:
    path = {"slug": page.edition.slug, "number": number}
    seal_number = seals.find_seal_number(edition, at=at)
    return {
        "edition": _absolute("edition", **path),
        "released": _format_released(edition.released),
        "content": _absolute("content", **path),
        "digest": digest_of(edition.content),
        "id": f"{edition.uuid} {number}",
        "seal": _absolute("seal", number=seal_number) if seal_number else None,
        "keys": _absolute("keys"),
        "how to check this": _absolute("verification"),
    }


def _format_released(released: ReleaseDate) -> str:
    if isinstance(released, dt.datetime):
        released = released.astimezone(dt.UTC)
    return released.isoformat()


# --- Seals ----------------------------------------------------------------------------------------


@public_view
def seal(request: HttpRequest, *, number: int, at: dt.datetime) -> HttpResponse:
    """Return the exact text that was signed."""
    return text_response(_load_seal(number, at).document)


@public_view
def seal_list(request: HttpRequest, *, number: int, at: dt.datetime) -> HttpResponse:
    """Return the hash of each edition in a seal, one on each line."""
    text = seals.load_list(number, at=at)
    if text is None:
        raise Http404
    return text_response(text)


@public_view
def seal_signature(request: HttpRequest, *, number: int, at: dt.datetime) -> HttpResponse:
    """Return the 64 bytes of the signature, as openssl reads them."""
    return HttpResponse(base64.b64decode(_load_seal(number, at).signature), content_type=BINARY)


@public_view
def seal_timestamp(request: HttpRequest, *, number: int, at: dt.datetime) -> HttpResponse:
    """Return the answer of the time-stamping authority, as openssl reads it."""
    timestamp = _load_seal(number, at).timestamp
    if not timestamp:
        raise Http404
    return HttpResponse(timestamp, content_type="application/timestamp-reply")


def _load_seal(number: int, at: dt.datetime) -> seals.PublicSeal:
    found = seals.load_seal(number, at=at)
    if found is None:
        raise Http404
    return found


# --- Keys -----------------------------------------------------------------------------------------
# They are files: no cache version tells when they change, so no page of them is kept.


@public_view
def keys(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """List every key that signs or signed, the oldest first."""
    prevent_caching(request)
    return _json_response({"keys": [_describe_key(entry) for entry in get_public_keys().values()]})


def _describe_key(entry: PublicKeyEntry) -> dict[str, Any]:
    return {
        "id": entry.key_id,
        "created": entry.created_at,
        "retired": entry.retired_at or None,
        "public key": _absolute("key", key_id=entry.key_id),
        "signed by": entry.signed_by or None,
        "signature": _absolute("key_signature", key_id=entry.key_id) if entry.signature else None,
    }


@public_view
def key(request: HttpRequest, *, key_id: str, at: dt.datetime) -> HttpResponse:
    """Return a public key as PEM."""
    prevent_caching(request)
    return text_response(_get_key(key_id).pem)


@public_view
def key_signature(request: HttpRequest, *, key_id: str, at: dt.datetime) -> HttpResponse:
    """Return the signature over the PEM of a key by one before it; 404 for the first key."""
    prevent_caching(request)
    signature = _get_key(key_id).signature
    if not signature:
        raise Http404
    return HttpResponse(base64.b64decode(signature), content_type=BINARY)


def _get_key(key_id: str) -> PublicKeyEntry:
    entry = get_public_keys().get(key_id)
    if entry is None:
        raise Http404
    return entry


@public_view
def timestamp_authority(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Return the certificates by which we verify timestamps; 404 if there are none."""
    prevent_caching(request)
    path = Path(settings.TIMESTAMP_CA_FILE or "/")
    if not path.is_file():
        raise Http404
    return text_response(path.read_text(encoding="utf-8", errors="replace"))


# --- Parts ----------------------------------------------------------------------------------------


def _absolute(name: str, **kwargs: Any) -> str:
    return settings.SITE_URL + reverse(f"statements:{name}", kwargs=kwargs)


def _json_response(data: dict[str, Any]) -> HttpResponse:
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return HttpResponse(text, content_type="application/json")
