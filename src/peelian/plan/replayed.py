"""What plans like this were worth in replays of the past, in words: also where they were worth no more."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_RIVALS = {"last_year": "last year's count", "equal_spread": "an equal spread"}


@cache
def replays() -> tuple[dict[str, Any], ...]:
    """The replays held: where, and by rival the ratio of events met with its 95 % interval."""
    text = (files("peelian.plan") / "replayed.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["replay"])


def verdict(ratio: float, low: float, high: float) -> str:
    """Beats, loses to or cannot be told from, by whether the interval holds 1."""
    return "beats" if low > 1 else "loses to" if high < 1 else "cannot be told from"


def _times(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.0f}"


def told(replay: Mapping[str, Any]) -> str:
    """One replay as a sentence."""
    parts = []
    for key, name in _RIVALS.items():
        ratio, low, high = replay[key]
        parts.append(
            f"{verdict(ratio, low, high)} {name} (meets {_times(ratio)} times as many events, "
            f"95 % interval {_times(low)} to {_times(high)})"
        )
    return f"{replay['where']}: the plan {' and '.join(parts)}"


def replay_notes() -> tuple[str, ...]:
    """What is said of a plan's worth; first, whether it was shown to beat last year's count."""
    won = [one["where"] for one in replays() if verdict(*one["last_year"]) == "beats"]
    count = f"{len(won) or 'none'} of {len(replays())} replays"
    first = (
        "Replays of the past, elsewhere, ask whether such a plan meets more events for each visit than one "
        f"by last year's count: shown in {count}. This force's own records may differ"
    )
    return (first, *(told(one) for one in replays()))
