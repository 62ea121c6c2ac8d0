"""Public seals, the list of each, and the seal of an edition."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from statements.audit.seals import format_list
from statements.models import Edition, Seal, SealedEdition


@dataclass(frozen=True)
class PublicSeal:
    """What everybody may read of a seal; `timestamp` is empty where no authority dated it."""

    document: str
    signature: str
    timestamp: bytes


def load_seal(number: int, *, at: dt.datetime) -> PublicSeal | None:
    """Load a seal of this instant or before. One query."""
    seal = Seal.objects.filter(number=number, sealed_at__lte=at).first()
    if seal is None:
        return None
    return PublicSeal(seal.document, seal.signature, bytes(seal.timestamp))


def load_list(number: int, *, at: dt.datetime) -> str | None:
    """Load the list of a seal. Two queries."""
    if not Seal.objects.filter(number=number, sealed_at__lte=at).exists():
        return None
    leaves = SealedEdition.objects.filter(seal__number=number).values_list("leaf", flat=True)
    return format_list(leaves)


def find_seal_number(edition: Edition, *, at: dt.datetime) -> int | None:
    """Return the number of the seal that lists this edition, if one does. One query."""
    entries = SealedEdition.objects.filter(edition=edition.pk, seal__sealed_at__lte=at)
    return entries.values_list("seal__number", flat=True).first()


def gets_timestamps() -> bool:
    """Return whether an authority dates the seals of this site."""
    return bool(settings.TIMESTAMP_URL)
