"""The gate: which forecaster is served, and one sentence that says why in plain words."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

from peelian.evaluate.interval import Interval

GATE_SHARES: Final = (0.01, 0.02, 0.05)
"""Shares of the area at which the hit rate must not fall below the rival's beyond noise."""


@dataclass(frozen=True)
class Verdict:
    """Who is served. `passed` says whether a model beat the rival plain count by the rule of the house."""

    served: str
    rival: str
    candidate: str | None
    passed: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """Give the verdict as plain values."""
        return asdict(self)


def decide(
    *,
    rival: tuple[str, str],
    candidate: tuple[str, str] | None,
    gain: Interval | None,
    hit_gains: dict[float, Interval],
    about: str,
) -> Verdict:
    """Serve the candidate only if its gain is above zero and no gated hit rate below, both at 95 %.

    `rival` and `candidate` are (id, title); `about` is what was forecast, such as "violence by month".
    """
    rival_id, rival_title = rival
    if candidate is None or gain is None:
        words = f"For {about} only plain counts were compared; the best of them, {rival_title}, is served."
        return Verdict(rival_id, rival_id, None, False, words)
    worse = [share for share in GATE_SHARES if share in hit_gains and hit_gains[share].below_zero]
    passed = gain.above_zero and not worse
    name = candidate[1]
    figures = f"{gain.value:+.3f} nats per event, 95 % interval {gain.low:+.3f} to {gain.high:+.3f}"
    if passed:
        words = (
            f"For {about}, {name} did better than the best plain count ({rival_title}): it gave what "
            f"happened {_times(gain.value)} the probability, event by event ({figures}), and caught no fewer "
            f"events at 1, 2 and 5 % of the area beyond noise. {_first(name)} is served."
        )
    elif not gain.above_zero:
        words = (
            f"For {about}, {name} was not shown to do better than the best plain count "
            f"({rival_title}): {figures}. {_first(rival_title)} is served."
        )
    else:
        at = " and ".join(f"{share:.0%}".replace("%", " %") for share in worse)
        words = (
            f"For {about}, {name} gave better probabilities than the best plain count ({rival_title}) but "
            f"caught fewer events at {at} of the area. {_first(rival_title)} is served."
        )
    return Verdict(candidate[0] if passed else rival_id, rival_id, candidate[0], passed, words)


def _times(gain: float) -> str:
    return f"{math.exp(gain):.2f} times"


def _first(title: str) -> str:
    return title[:1].upper() + title[1:]
