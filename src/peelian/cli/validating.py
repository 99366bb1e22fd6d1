"""The command `validate`."""

from __future__ import annotations

from peelian.domain.errors import Misuse


def validate() -> None:
    """Score the knife model on this force's own labels; print figures only, with their power."""
    raise Misuse("validate is not built yet")
