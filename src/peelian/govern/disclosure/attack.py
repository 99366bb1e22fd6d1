"""An attacker: with every table ever released in hand, how narrowly can each small count be bounded?

A linear programme for each count asked about (Fischetti and Salazar 2000, "Models and algorithms for
optimizing cell suppression"): the least and the greatest value that agree with all that was published,
what is known of the rules included. A count whose bounds meet is recovered exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """What a published figure tells: the sum over some atoms lies between two bounds.

    Atoms are the finest parts that any two released tables have in common (a place, a stretch of days, a
    kind), numbered from 0.
    """

    atoms: tuple[int, ...]
    least: float
    most: float


def bounds(known: Sequence[Known], asked: Sequence[Sequence[int]], atoms: int) -> Floats:
    """Give the least and the greatest sum over each set of atoms asked, (A, 2), that agree with all known.

    A sum without a bound is infinite.

    Raises:
        ValueError: the figures contradict each other: no counts could have given them.
    """
    from ortools.linear_solver import pywraplp  # late: only releases need it

    # One programme, asked many questions: GLOP goes on from the last answer.
    solver = pywraplp.Solver.CreateSolver("GLOP")
    counts = [solver.NumVar(0, solver.infinity(), "") for _ in range(atoms)]
    for one in known:
        row = solver.RowConstraint(one.least, one.most if np.isfinite(one.most) else solver.infinity(), "")
        for atom in one.atoms:
            row.SetCoefficient(counts[atom], 1.0)
    out = np.empty((len(asked), 2))
    for k, atoms_asked in enumerate(asked):
        out[k] = [_end(solver, counts, atoms_asked, most) for most in (False, True)]
    return out


def _end(solver: Any, counts: Sequence[Any], asked: Sequence[int], most: bool) -> float:
    goal = solver.Objective()
    goal.Clear()
    for atom in asked:
        goal.SetCoefficient(counts[atom], 1.0)
    goal.SetOptimizationDirection(most)
    status = solver.Solve()
    if status == solver.OPTIMAL:
        return float(round(goal.Value(), 6))
    if status == solver.UNBOUNDED:
        return float("inf")
    # GLOP may say "infeasible or unbounded" in one word: without a goal, only the first can be.
    goal.Clear()
    if solver.Solve() == solver.OPTIMAL:
        return float("inf") if most else 0.0
    raise ValueError("the released figures contradict each other")
