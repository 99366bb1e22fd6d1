"""All the measures of a world in one dictionary, for the soak's evidence file."""

from __future__ import annotations

import numpy as np

from peelian.simulate.checks import (
    knox_ratio,
    of_component,
    over_dispersion,
    recovered_branching,
    share_holding_half,
)
from peelian.simulate.world import World


def measure(world: World) -> dict[str, float]:
    events, months = world.events, world.scenario.months
    public = of_component(world, "violence-public")
    streets = np.bincount(events.street[public], minlength=len(world.streets.x))
    cells = np.bincount(events.cell[public], minlength=len(world.land.cells))
    out = {
        "knox_burglary": _knox(world, "burglary"),
        "knox_robbery": _knox(world, "robbery"),
        "branching_violence": recovered_branching(world, "violence-public", "violence-public"),
        "branching_burglary": recovered_branching(world, "burglary", "burglary"),
        "half_of_public_violence_in_streets": share_holding_half(streets.astype(float)),
        "half_of_public_violence_in_cells": share_holding_half(cells.astype(float)),
        "dispersion_streets": over_dispersion(streets),
        "knife_a_year": float((world.observed.knife & world.observed.reported).sum() / months * 12),
        "records_a_month": float(world.published.sum() / months),
    }
    for name, part in world.scenario.components.items():
        wanted = part.monthly * world.scenario.scale
        out[f"total_{name}"] = float(of_component(world, name).sum() / months / wanted)
    return {key: round(value, 4) for key, value in out.items()}


def _knox(world: World, name: str) -> float:
    mine, events = of_component(world, name), world.events
    return knox_ratio(events.x[mine], events.y[mine], events.hour[mine])
