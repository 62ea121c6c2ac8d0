"""How long property tests search: briefly in `make test`, long in `make test-nightly`."""

import os

from hypothesis import settings

IS_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
NIGHTLY_FACTOR = 40

settings.register_profile("short", max_examples=25, deadline=None)
settings.register_profile("nightly", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("nightly" if IS_NIGHTLY else "short")


def scale_examples(short: int) -> int:
    """Return how many examples a test draws that needs another number than its profile's."""
    return short * NIGHTLY_FACTOR if IS_NIGHTLY else short
