"""The commands `lineage` and `erase`: from a forecast back to files, and what must go."""

from __future__ import annotations


def lineage() -> None:
    """Say what a forecast cell rests on: feeds, files, rules and counts."""
    from peelian.domain.errors import Fault

    raise Fault("lineage is not built yet")


def erase() -> None:
    """Erase what must go: expired retention, ended agreements."""
    from peelian.domain.errors import Fault

    raise Fault("erase is not built yet")
