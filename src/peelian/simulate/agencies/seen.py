"""Which true events of public harm each agency hears of: three thinned observations of one process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.simulate.agencies.numbers import Health
from peelian.simulate.land import Ints
from peelian.simulate.observe import report_probability
from peelian.simulate.world import World

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """`event` indexes the world's events of harm where any feed publishes; one mask an agency, same shape."""

    event: Ints
    police: Bools
    ambulance: Bools
    emergency_department: Bools


def harm_events(world: World) -> Ints:
    """Index the true events that all three agencies may see; those of silent districts are in no feed."""
    names = list(world.scenario.components)
    harm = [names.index(name) for name in world.scenario.agencies.harm]
    mine = np.isin(world.events.k, harm) & ~world.silent[world.events.cell]
    return np.flatnonzero(mine).astype(np.int64)


def seen_by(world: World, rng: np.random.Generator, *, dependent: bool) -> Seen:
    """Draw what each agency hears of.

    Police records are the world's own. Care is sought alike in every place: the chance of a health record is
    the same for each event, and the chance that police know of such an event falls with deprivation as their
    reporting does. Given that, ambulance and hospital are independent, unless `dependent`: then the
    ambulance calls the police to, and conveys from, a share of its events.
    """
    event = harm_events(world)
    numbers = world.scenario.agencies
    police = world.observed.reported[event]
    k, cell = world.events.k[event].astype(np.int64), world.events.cell[event]
    month = world.clock.month[world.events.hour[event].astype(np.int64)]
    chance = report_probability(world.scenario, world.intensity, month, k, cell)
    deprived = world.land.deprivation[cell]
    slope = 0.0 if world.scenario.uniform else world.scenario.observation.report_slope
    trust = slope * (deprived - deprived.mean()) if len(event) else np.zeros(0)
    ambulance = _health(numbers.ambulance, police, chance, trust, rng)
    department = _health(numbers.emergency_department, police, chance, trust, rng)
    calls, conveys = rng.random(len(event)), rng.random(len(event))
    if dependent:
        police = police | (ambulance & (calls < numbers.dependence.calls_police))
        department = department | (ambulance & (conveys < numbers.dependence.conveys))
    return Seen(event, police, ambulance, department)


def _health(numbers: Health, police: Bools, chance: Floats, trust: Floats, rng: np.random.Generator) -> Bools:
    """Draw one health feed given what police know: marginal chance the same everywhere (Bayes' rule)."""
    if not len(police):
        return np.zeros(0, bool)
    sought = numbers.per_police * float(chance.mean())
    known = 1 - numbers.unknown_to_police
    told = 1 / (1 + np.exp(-(np.log(known / (1 - known)) + trust)))
    given = np.where(police, sought * told / chance, sought * (1 - told) / (1 - chance))
    return np.asarray(rng.random(len(police)) < given, np.bool_)
