"""What is recorded of what happened: reporting, marks, knife words, delays, uncertain times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.simulate.clock import Clock
from peelian.simulate.happen import Happened
from peelian.simulate.intensity import Intensity
from peelian.simulate.land import Ints
from peelian.simulate.scenario import Scenario

Bools = npt.NDArray[np.bool_]
SETTINGS = ("public", "dwelling", "other")
KNIFE_WORDS = ("none", "low", "medium", "high")


@dataclass(frozen=True, eq=False)
class Observed:
    """Marks of every true event, in the order of `Happened`. Shapes (N,).

    `reported` says whether any record exists; `knife` is the truth, `knife_words` what a text label says;
    `start`, `end` the recorded interval in hours; `received` hours of its receipt.
    """

    reported: Bools
    setting: npt.NDArray[np.int8]
    knife: Bools
    knife_words: npt.NDArray[np.int8]
    officer: Bools
    offence: Ints
    start: Floats
    end: Floats
    received: Floats
    no_location: Bools


def report_probability(scenario: Scenario, intensity: Intensity, month: Ints, k: Ints, cell: Ints) -> Floats:
    """Give each event's chance of being reported, with the jump in practice where the scenario has one."""
    out = intensity.report[k, cell]
    jump = scenario.observation.jump
    if jump is not None:
        names = list(scenario.components)
        which = np.isin(k, [names.index(name) for name in jump.components]) & (month >= jump.month)
        out = np.where(which, np.minimum(out * jump.factor, 0.98), out)
    return np.asarray(out, np.float64)


def _per_type(scenario: Scenario, name: str, k: Ints) -> Floats:
    return np.array([float(getattr(part, name)) for part in scenario.components.values()])[k]


def _setting(scenario: Scenario, k: Ints, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    main = np.array([SETTINGS.index(part.setting) for part in scenario.components.values()])[k]
    other = rng.random(len(k)) < _per_type(scenario, "setting_other", k)
    return np.where(other, SETTINGS.index("other"), main).astype(np.int8)


def _knife_words(scenario: Scenario, knife: Bools, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    words = scenario.observation.knife_words
    u = rng.random(len(knife))
    hit = np.where(
        u < words.sensitivity * 0.7, 3, np.where(u < words.sensitivity, 2, np.where(u < 0.97, 1, 0))
    )
    miss = np.where(u < words.false_medium, 2, np.where(u < words.false_medium + words.false_low, 1, 0))
    return np.where(knife, hit, miss).astype(np.int8)


def _offences(scenario: Scenario, k: Ints, rng: np.random.Generator) -> Ints:
    u = rng.random(len(k))
    out = np.zeros(len(k), np.int64)
    base = 0
    for index, part in enumerate(scenario.components.values()):
        cut = np.cumsum([share for _, share in part.offences])
        which = k == index
        picked = np.minimum(np.searchsorted(cut / cut[-1], u[which], side="right"), len(cut) - 1)
        out[which] = base + picked
        base += len(cut)
    return out


def observe(
    scenario: Scenario, clock: Clock, intensity: Intensity, events: Happened, rng: np.random.Generator
) -> Observed:
    """Draw what each event's record would say, and whether there is one."""
    k, n = events.k.astype(np.int64), len(events)
    month = clock.month[events.hour.astype(np.int64)]
    reported = rng.random(n) < report_probability(scenario, intensity, month, k, events.cell)
    knife = rng.random(n) < _per_type(scenario, "knife", k)
    span = _per_type(scenario, "span", k)
    width = np.where(span > 0, np.minimum(rng.exponential(np.maximum(span, 1e-9)), 72.0), 0.0)
    before = width * rng.random(n)
    start = np.maximum(events.hour - before, 0.0)
    end = np.minimum(events.hour + (width - before), clock.hours - 1 / 60)
    known = scenario.observation.received_hours
    lag = known.median * np.exp(known.spread * rng.standard_normal(n))
    late = rng.random(n) < scenario.observation.late.share
    lag += np.where(late, rng.random(n) * scenario.observation.late.weeks * 168, 0.0)
    return Observed(
        reported=reported,
        setting=_setting(scenario, k, rng),
        knife=knife,
        knife_words=_knife_words(scenario, knife, rng),
        officer=rng.random(n) < _per_type(scenario, "officer", k),
        offence=_offences(scenario, k, rng),
        start=start,
        end=np.maximum(end, start),
        received=np.maximum(end, start) + np.maximum(lag, 0.25),
        no_location=rng.random(n) < scenario.observation.no_location,
    )
