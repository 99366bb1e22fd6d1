"""The order of visits in each team's round, by OR-Tools routing. No gap is claimed for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from peelian.domain.plan import Floats

_GIVEN_UP = 1_000_000


def order(
    minutes: Floats, hours: Sequence[float], dwell: int, worth: Sequence[float]
) -> list[tuple[int, int] | None]:
    """(team, place in its round) of each of V visits, or None where no round has time for it.

    `minutes` (V + 1, V + 1) of travel with the base first; `hours` the minutes each team has in the slot,
    which is the time window of every visit and of the return to base. Where time is short, what is worth
    less (`worth` (V,)) is given up first.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    if not (count := len(minutes) - 1) or not hours:
        return [None] * count
    ways = np.ceil(minutes * 10).astype(int)  # tenths of a minute, rounded up: a round never runs over
    ways[:, 1:] += dwell * 10
    np.fill_diagonal(ways, 0)
    manager = pywrapcp.RoutingIndexManager(count + 1, len(hours), 0)
    routing = pywrapcp.RoutingModel(manager)
    transit = routing.RegisterTransitMatrix(ways.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    routing.AddDimensionWithVehicleCapacity(transit, 0, [int(h * 10) for h in hours], True, "time")
    mean = max(sum(worth) / count, 1e-12)
    for visit in range(count):
        given_up = int(_GIVEN_UP * min(max(0.2, worth[visit] / mean), 10.0))
        routing.AddDisjunction([manager.NodeToIndex(visit + 1)], given_up)
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.time_limit.FromMilliseconds(300 + 10 * count)
    found = routing.SolveWithParameters(how)
    out: list[tuple[int, int] | None] = [None] * count
    for team in range(len(hours) if found else 0):
        at, step = found.Value(routing.NextVar(routing.Start(team))), 0
        while not routing.IsEnd(at):
            out[manager.IndexToNode(at) - 1] = (team, step)
            at, step = found.Value(routing.NextVar(at)), step + 1
    return out
