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

    `rival` and `candidate` are (id, title); `about` is what was scored, such as
    "6 past forecast dates of violence by month".
    """
    rival_id, rival_title = rival
    plain = f"the best plain count, “{rival_title}”,"
    if candidate is None or gain is None:
        words = f"“{rival_title}” is served: only plain counts were compared, on {about}."
        return Verdict(rival_id, rival_id, None, False, words)
    worse = [share for share in GATE_SHARES if share in hit_gains and hit_gains[share].below_zero]
    passed = gain.above_zero and not worse
    name = f"“{candidate[1]}”"
    figures = f"{gain.value:+.3f} nats, 95 % interval {gain.low:+.3f} to {gain.high:+.3f}"
    if passed:
        words = (
            f"{name} is served: on {about} it gave what happened {math.exp(gain.value):.2f} times the "
            f"probability that {plain} gave, event by event ({figures}), and caught no fewer events in the "
            "first 1, 2 and 5 % of the area beyond noise."
        )
    elif not gain.above_zero:
        words = (
            f"The plain count “{rival_title}” is served: on {about}, {name} was not shown to give what "
            f"happened a higher probability, event by event ({figures})."
        )
    else:
        at = " and ".join(f"{share:.0%}".replace("%", " %") for share in worse)
        words = (
            f"The plain count “{rival_title}” is served: on {about}, {name} gave better probabilities "
            f"({figures}) but caught fewer events in the first {at} of the area."
        )
    return Verdict(candidate[0] if passed else rival_id, rival_id, candidate[0], passed, words)
