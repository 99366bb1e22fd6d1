"""Which places may be planned at all: not excluded, not held out. And whether the rules make sense."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.domain.plan import Candidates, Ints, Rules

MOST_CONTIGUOUS = 500


def check(candidates: Candidates, rules: Rules) -> None:
    """Raises Misuse for a rule that has no meaning, an unknown area, or contiguity of too many places."""
    place, most, again = rules.most_visits_a_place, rules.most_visits, rules.revisit_slots
    shares = [*rules.cap_by_area.values(), *rules.least_by_area.values(), rules.cap_each_area or 0.0]
    wrong = {
        "a share outside 0 to 1": any(not 0 <= share <= 1 for share in shares),
        "share_by_harm outside 0 to 1": not 0 <= (rules.share_by_harm or 0.0) <= 1,
        "hold_out outside 0 to below 1": not 0 <= rules.hold_out < 1,
        "dwell_minutes below 1": rules.dwell_minutes < 1,
        "most_visits_a_slot below 1": rules.most_visits_a_slot < 1,
        "most_visits_a_place below 1": place is not None and place < 1,
        "most_visits below 1": most is not None and most < 1,
        "least_gap_slots below 0": rules.least_gap_slots < 0,
        "revisit_slots below 1": again is not None and again < 1,
        "again outside 0 to 1": not 0 <= rules.again <= 1,
        "an effect outside 0 to 1": any(not 0 <= e <= 1 for e in rules.effect.values()),
        "harm that is negative or not a number": not bool((candidates.harm >= 0).all()),
    }  # fmt: skip
    for what, so in wrong.items():
        if so:
            raise Misuse(f"The rules of the plan have {what}")
    named = {*rules.cap_by_area, *rules.least_by_area}
    if strange := named - set(candidates.areas):
        raise Misuse(
            f"The rules name {len(strange)} area(s) that the plan lacks", expected=", ".join(candidates.areas)
        )
    if strange := set(rules.excluded) - set(candidates.areas) - set(candidates.ids):
        raise Misuse(
            f"The rules exclude {len(strange)} place(s) or area(s) that the plan lacks",
            do="Check the ids: a misspelt one would be planned.",
        )
    if rules.contiguous and len(candidates.ids) > MOST_CONTIGUOUS:
        raise Misuse(
            f"Contiguity is asked of {len(candidates.ids)} places", expected=f"up to {MOST_CONTIGUOUS}",
            do="Plan a smaller area, or larger places.",
        )  # fmt: skip


def allowed(candidates: Candidates, rules: Rules) -> npt.NDArray[np.bool_]:
    """(N,) places that no rule excludes."""
    out = set(rules.excluded)
    named = np.array([area in out for area in candidates.areas], dtype=bool)
    by_area = named[candidates.area] if len(named) else np.zeros(len(candidates.ids), dtype=bool)
    by_id = np.array([one in out for one in candidates.ids], dtype=bool)
    return np.asarray(~by_area & ~by_id, dtype=bool)


def held_out(candidates: Candidates, rules: Rules) -> Ints:
    """Places drawn at random with the rules' seed, rising; at least one where a share is asked.

    The draw sees ids only, never harm: it is the randomised comparison for the evaluation afterwards.
    """
    open_to = np.flatnonzero(allowed(candidates, rules))
    if rules.hold_out <= 0 or not len(open_to):
        return np.empty(0, dtype=np.int64)
    count = max(1, round(rules.hold_out * len(open_to)))
    return np.sort(np.random.default_rng(rules.seed).choice(open_to, count, replace=False))
