"""Let a time-stamping authority date each seal (RFC 3161), so that nobody can backdate one.

A failure stops nothing: the next seal tries again.
"""

import logging
import ssl
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from statements.models import Seal

MAX_SECONDS = 20
MAX_ANSWER_BYTES = 100_000
MAX_SEALS_AT_ONCE = 30

logger = logging.getLogger(__name__)


class TimestampFailure(Exception):
    """The authority gave no timestamp that holds. The message says why."""


def add_missing_timestamps() -> list[str]:
    """Get a timestamp for the newest seals that have none; return a sentence for a failure."""
    if not settings.TIMESTAMP_URL:
        return []
    for seal in Seal.objects.filter(timestamp=b"").order_by("-number")[:MAX_SEALS_AT_ONCE]:
        try:
            timestamp = request_timestamp(seal.document.encode())
        except TimestampFailure as error:
            logger.warning("Seal %d got no timestamp: %s", seal.number, error)
            return [f"Seal {seal.number} got no timestamp: {error}. The next seal tries again."]
        Seal.objects.filter(pk=seal.pk, timestamp=b"").update(timestamp=timestamp)
    return []


def request_timestamp(data: bytes) -> bytes:
    """Return the authority's answer for this data, as DER, once it is verified."""
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _post(request.as_bytes())
    try:
        response = decode_timestamp_response(answer)
        verifier = VerifierBuilder.from_request(request)
        for certificate in read_authority_certificates():
            verifier = verifier.add_root_certificate(certificate)
        verifier.build().verify_message(response, data)
    except (ValueError, VerificationError) as error:
        raise TimestampFailure(f"its answer does not verify ({error})") from error
    return answer


def read_authority_certificates() -> list[Certificate]:
    """Return the authority's certificates. Raises TimestampFailure if the file has none."""
    try:
        return load_pem_x509_certificates(Path(settings.TIMESTAMP_CA_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise TimestampFailure(
            f"TIMESTAMP_CA_FILE {settings.TIMESTAMP_CA_FILE} cannot be read ({error})"
        ) from error


def _post(body: bytes) -> bytes:
    request = Request(  # noqa: S310 - config/environment.py accepts only http and https
        settings.TIMESTAMP_URL, data=body, headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urlopen(request, timeout=MAX_SECONDS, context=ssl.create_default_context()) as answer:  # noqa: S310 - as above
            data: bytes = answer.read(MAX_ANSWER_BYTES)
            return data
    except (OSError, HTTPException, URLError, ValueError) as error:
        raise TimestampFailure(f"{settings.TIMESTAMP_URL} did not answer ({error})") from error
