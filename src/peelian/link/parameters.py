"""Parameters of linking: pinned in the package, or learnt from a force's own reports without labels."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

REACH: Final = 1.5
"""Candidates lie within this many combined precisions (root of the sum of squares) of each other."""
HOURS: Final = 4.0
"""And within this many hours, plus half the width of either interval."""
PLACE_BINS: Final = 12
TIME_BINS: Final = 8
KINDS: Final = ("robbery and health", "two kinds of one agency", "fitting")
KNIVES: Final = ("both armed", "one armed", "neither armed")


@dataclass(frozen=True)
class Parameters:
    """Chances of each level of agreement, for reports of one incident (m) and of two (u).

    `place` and `time` are m over equal steps of distance / (REACH x combined precision) and of time
    difference / (HOURS + half widths); their u follow from geometry (unrelated reports lie evenly over the
    window). `kind` and `knife` are (m, u) by level in the order of `KINDS` and `KNIVES`. `version` names
    where they come from.
    """

    version: str
    place: tuple[float, ...]
    time: tuple[float, ...]
    kind_m: tuple[float, ...]
    kind_u: tuple[float, ...]
    knife_m: tuple[float, ...]
    knife_u: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """Give plain data for a run's card."""
        return asdict(self)

    def digest(self) -> str:
        """Give the first 16 hex digits of the SHA-256 of all of them, so that a card can name them."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()[:16]

    @staticmethod
    def from_json(body: dict[str, Any]) -> Parameters:
        """Read what `to_json` gave."""
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}
        return Parameters(**plain)


def place_u(step: int) -> float:
    """Give the chance that an unrelated candidate falls in a step of distance: rings grow with radius.

    >>> round(sum(place_u(k) for k in range(PLACE_BINS)), 12)
    1.0
    """
    return ((step + 1) ** 2 - step**2) / PLACE_BINS**2


@cache
def pinned() -> Parameters:
    """Give the package's own parameters, learnt by EM without labels on simulated feeds."""
    text = resources.files("peelian.link").joinpath("parameters.json").read_text()
    return Parameters.from_json(json.loads(text))
