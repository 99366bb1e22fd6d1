"""Progress as a plain callable, so that long work can say where it stands without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Tick = Callable[[str, float], None]
"""A sentence and a share done from 0 to 1."""


def no_tick(_what: str, _share: float) -> None:
    """Report nothing."""
