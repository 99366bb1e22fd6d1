"""Run a method on a comparison; and the same question for the ring round the treated places."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from peelian.domain.errors import Misuse, Refused
from peelian.pipeline.evaluating.asked import Asked
from peelian.pipeline.evaluating.comparing import Compared
from peelian.pipeline.evaluating.counting import Floats, Whole
from peelian.plan.effects.buffers import sign
from peelian.plan.effects.effect import Effect
from peelian.plan.effects.event_study import NEVER, event_study
from peelian.plan.effects.matched import alike, match, matched_effect
from peelian.plan.effects.randomised import randomised_effect
from peelian.plan.effects.synthetic import synthetic_control
from peelian.plan.effects.wdd import dispersion, wdd

_MOST_DONORS = 60


def method_of(made: Compared, asked: Asked) -> str:
    """Choose a method: the draw if there was one, else the event study, else (few places) the difference."""
    if asked.method != "auto":
        return asked.method
    if asked.draw:
        return "randomised"
    return "event-study" if len(made.treated) >= 4 and len(made.controls) >= 8 else "wdd"


def estimate(made: Compared, asked: Asked) -> Effect:
    """Estimate the change in the treated places by the method asked for.

    Raises:
        Refused: too few places or periods for the method, with what else could be done.
        Misuse: several starts for a method that takes one.
    """
    method = method_of(made, asked)
    many = len(np.unique(made.starts[made.treated])) > 1
    if many and method != "event-study":
        raise Misuse(f"{method} takes one start, and these entries have several", expected="event-study")
    if method == "event-study":
        return _events(made, made.treated, made.starts[made.treated], asked)
    if method == "wdd":
        return _difference(made, asked)
    if method == "matched":
        sets = match(_before(made), made.treated, made.controls)
        return matched_effect(sets, _before(made).sum(axis=1), _after(made), level=asked.level)
    if method == "synthetic":
        return _synthetic(made, asked)
    return _drawn(made, asked)


def nearby(made: Compared, asked: Asked) -> dict[str, Any]:
    """Say whether harm moved to the ring or fell there too; or why that cannot be said.

    A ring's place is taken to start with the earliest of the entries. `further` is the same of a second ring
    as wide round the first; its places are among the controls of the main estimate, but not of this one. It
    is a second look, so its interval and its sign are at half the chance of error.
    """
    if asked.buffer_m <= 0:
        return {"why_not": "No ring was asked for."}
    outer = made.further(asked.buffer_m)
    first = _ring(made, made.ring, made.controls, asked)
    strict = replace(asked, level=1 - (1 - asked.level) / 2)
    second = _ring(made, outer, np.setdiff1d(made.controls, outer), strict)
    return first | {"further": second | {"from_metres": asked.buffer_m, "metres": 2 * asked.buffer_m}}


def _ring(made: Compared, ring: Whole, controls: Whole, asked: Asked) -> dict[str, Any]:
    try:
        effect = _events(made, ring, np.full(len(ring), made.begins), asked, controls)
    except Refused as refused:
        return {"why_not": refused.what}
    return {"metres": asked.buffer_m, "sign": sign(effect), "effect": effect.to_json()}


def _events(
    made: Compared, places: Whole, starts: Whole, asked: Asked, controls: Whole | None = None
) -> Effect:
    free = made.controls if controls is None else controls
    rows = np.r_[places, free]
    when = np.r_[starts, np.full(len(free), NEVER)].astype(np.int64)
    return event_study(made.counts[rows], when, horizon=made.after, level=asked.level)


def _before(made: Compared) -> Floats:
    return made.counts[:, : made.begins]


def _after(made: Compared) -> Floats:
    return np.asarray(made.counts[:, made.begins : made.begins + made.after].sum(axis=1), np.float64)


def _difference(made: Compared, asked: Asked) -> Effect:
    """The displacement difference; each control is as many untreated places, the likest before."""
    need = len(made.treated) + len(made.ring)
    if len(made.controls) < max(need, 3):
        raise Refused(
            f"{len(made.controls)} untreated places are too few to stand for {need}",
            do="take a narrower ring (--buffer), or register the places in a wider area",
        )
    before, after = _before(made), _after(made)
    total = before.sum(axis=1)
    own, _ = alike(before, made.treated, made.controls)
    free = np.setdiff1d(made.controls, own.ravel())
    other = alike(before, made.ring, free)[0].ravel() if len(made.ring) else made.ring
    groups = (made.treated, own.ravel(), made.ring, other)
    pairs = [(float(total[g].sum()), float(after[g].sum())) for g in groups]
    wide = dispersion(before[np.concatenate(groups)])
    return wdd(*pairs, times=(made.begins / made.after, 1.0), dispersion=wide, level=asked.level)


def _synthetic(made: Compared, asked: Asked) -> Effect:
    """The donors are the likest in level, so that the mix is of places of its kind."""
    level = _before(made).sum(axis=1)
    middle = np.sqrt(level[made.treated]).mean()
    near = np.argsort(np.abs(np.sqrt(level[made.controls]) - middle), kind="stable")[:_MOST_DONORS]
    donors = np.sort(made.controls[near])
    counts = made.counts[:, : made.begins + made.after]
    return synthetic_control(counts, made.begins, made.treated, donors, seed=asked.seed, level=asked.level)


def _drawn(made: Compared, asked: Asked) -> Effect:
    """By the draw: the places in it alone, treated as drawn, whatever was done (intention to treat)."""
    draw = asked.draw
    if draw is None:
        raise Misuse("there is no draw", expected="a locked design with its draw")
    at = {name: k for k, name in enumerate(made.names)}
    if any(name not in at for name in draw["places"]):
        raise Refused("places of the draw are not in the area's counts", do="look at the area and its level")
    rows = np.array([at[name] for name in draw["places"]])
    treated, strata = np.array(draw["treated"], np.bool_), np.array(draw["strata"], np.int64)
    before, after = _before(made).sum(axis=1)[rows], _after(made)[rows]
    return randomised_effect(before, after, treated, strata, seed=int(draw["seed"]), level=asked.level)
