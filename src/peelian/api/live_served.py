"""What a live desk serves: a state that is followed, how it is drawn, and what others may see of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from peelian.api.live_layer import LiveLayer
from peelian.domain.live import Taken
from peelian.live.freshness import Feed
from peelian.live.released import Tier
from peelian.live.state import RunningState


class Following(Protocol):
    """A running state that is told of commits and kept."""

    state: RunningState

    def __call__(self, taken: Taken) -> None:
        """Take in a commit."""

    def check(self) -> None:
        """Take in what nobody told."""

    def keep(self, version: int) -> None:
        """Write the state down."""


@dataclass
class Told:
    """A running state that rests on what it is told alone: a replay's, which keeps nothing."""

    state: RunningState

    def __call__(self, taken: Taken) -> None:
        """Take in a commit."""
        self.state.take(taken)

    def check(self) -> None:
        """There is no ledger to look at."""

    def keep(self, version: int) -> None:
        """Nothing is kept."""


@dataclass(frozen=True)
class Served:
    """What is live: a state followed, and how it is drawn over its run."""

    following: Following
    layer: LiveLayer


Feeds = Callable[[], Sequence[Feed]]
Renew = Callable[[str | None], Served | str | None]
"""Given the run served now: something new to serve, or why there is nothing, or None when all stays."""
Release = Callable[[RunningState, Tier, tuple[date, date]], dict[str, Any]]
"""Gives what a tier may see of a window, as known when it fell due."""


def nothing(_state: RunningState, _tier: Tier, _window: tuple[date, date]) -> dict[str, Any]:
    """Give an empty table."""
    return {"areas": {}}
