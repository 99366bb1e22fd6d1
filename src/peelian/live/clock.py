"""Whose time it is: the wall's, or a replay's. Nothing in the running state asks the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Clock:
    """`now` gives the instant, UTC, only ever going forward; `speed` how many times faster a replay runs."""

    now: Callable[[], datetime]
    speed: float | None = None

    @property
    def replay(self) -> bool:
        """Whether this is a stretch of the past, run again."""
        return self.speed is not None
