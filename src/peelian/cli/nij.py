"""The command `nij`."""

from __future__ import annotations

from peelian.domain.errors import Misuse


def nij() -> None:
    """Score the NIJ challenge: Portland, five horizons, PAI and PEI*."""
    raise Misuse("nij is not built yet")
