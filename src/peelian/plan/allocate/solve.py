"""The best whole-number choice with a proven bound: columns that could matter, then SCIP through OR-Tools.

A force-sized program has 168,000 columns of which a few thousand can be chosen. The linear relaxation is
solved over the promising ones, all others are priced by its duals, and those that could still improve it are
added (column generation). The bound is summed from the duals over *every* column, so
it holds for the whole program whatever was left out and however far the solver came.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.domain.plan import Floats, Ints
from peelian.plan.allocate.model import Program

SMALL = 4_000
"""Columns up to which nothing is left out."""
GAP = 1e-4
"""Relative gap at which the search stops; a tenth of a percent in a large program, where it takes long."""
_LARGE = 1e-3
_CLOSE = 2e-4


@dataclass(frozen=True, eq=False)
class Solved:
    """`x` over all variables, whole where they must be; `bound` is proven for the whole program."""

    x: Floats
    worth: float
    bound: float


def best(program: Program, value: Floats, seconds: float) -> Solved | None:
    """The best choice found in so many seconds of clock, or None where the rules cannot all be kept."""
    until = time.monotonic() + seconds
    if program.visits <= SMALL:
        return whole(program, value, np.arange(len(value)), np.inf, seconds)
    active, bound, reduced = columns(program, value, seconds / 2)
    found = whole(
        program, value, active, bound, max(2.0, until - time.monotonic()), _rest(active, bound, reduced)
    )
    if found is None and len(active) < len(value):
        return whole(program, value, np.arange(len(value)), bound, max(2.0, until - time.monotonic()))
    if found is None or found.bound - found.worth <= _LARGE * max(abs(found.worth), 1e-9):
        return found
    wider = np.union1d(active, np.flatnonzero(bound + reduced > found.worth))
    if len(active) < len(wider) <= 3 * SMALL and (left := until - time.monotonic()) > 1.0:
        try:
            again = whole(program, value, wider, found.bound, left, _rest(wider, bound, reduced))
        except Refused:
            return found
        if again is not None and again.worth >= found.worth - 1e-9:
            return again
    return found


def _rest(active: Ints, bound: float, reduced: Floats) -> float:
    """What no choice can exceed that uses a column left out: each costs at least its reduced value."""
    out = np.ones(len(reduced), dtype=bool)
    out[active] = False
    return bound + min(0.0, float(reduced[out].max(initial=-np.inf)))


def columns(program: Program, value: Floats, seconds: float) -> tuple[Ints, float, Floats]:
    """The columns that could matter, what no choice can exceed, and each column's reduced value there.

    The relaxation is solved over more and more of them until its bound is proven for all, or about so many
    seconds are over; the bound holds either way (infinite where no relaxation was solved).
    """
    until = time.monotonic() + seconds
    active, bound, kept = _promising(program, value), np.inf, np.zeros(len(value))
    for _ in range(12):
        told = relaxed(program, value, active, max(1.0, until + seconds - time.monotonic()))
        if told is None:  # too few columns to keep the rules: take them all
            return np.arange(len(value)), bound, kept
        worth, duals, _ = told
        reduced = value - program.matrix.T @ duals
        if (now := bound_of(program, reduced, duals)) < bound:
            bound, kept = now, reduced
        if bound - worth <= _CLOSE * max(abs(worth), 1e-9) or time.monotonic() > until:
            break
        fresh = np.setdiff1d(np.flatnonzero(reduced > 1e-9), active)
        if not len(fresh):
            break
        active = np.union1d(active, fresh[np.argsort(-reduced[fresh])[:20_000]])
    return active, bound, kept


def _promising(program: Program, value: Floats) -> Ints:
    """All variables that are no visits, and in each slot the visits worth most, twice as many as fit."""
    visits = program.visits
    slots = int(program.slot.max(initial=0)) + 1
    room = 2 * int(program.upper[program.total]) // slots + 20
    order = np.lexsort((-value[:visits], program.slot))
    start = np.searchsorted(program.slot[order], np.arange(slots))
    rank = np.arange(visits) - start[program.slot[order]]
    return np.sort(np.concatenate([order[rank < room], np.arange(visits, len(value))]))


def _part(program: Program, active: Ints) -> tuple[Any, npt.NDArray[np.int64]]:
    """Rows that hold an active column, as scipy csr, and their numbers."""
    matrix = program.matrix[:, active].tocsr()
    needs = (program.low > 0) | (program.high < 0)
    rows = np.flatnonzero((np.diff(matrix.indptr) > 0) | needs)
    return matrix[rows], rows


def _model(program: Program, value: Floats, active: Ints, matrix: Any, rows: Ints) -> Any:
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()
    model.helper.fill_model_from_sparse_data(
        program.lower[active],
        program.upper[active],
        value[active],
        program.low[rows],
        program.high[rows],
        matrix,
    )
    model.helper.set_maximize(True)
    return model


def relaxed(
    program: Program, value: Floats, active: Ints, seconds: float
) -> tuple[float, Floats, Floats] | None:
    """The linear relaxation over some columns: its best, duals of all rows (0 where none is active), x."""
    from ortools.linear_solver.python import model_builder

    matrix, rows = _part(program, active)
    solver = model_builder.Solver("GLOP")
    solver.set_time_limit_in_seconds(seconds)
    model = _model(program, value, active, matrix, rows)
    if solver.solve(model) != model_builder.SolveStatus.OPTIMAL:
        return None
    duals = np.zeros(len(program.low))
    duals[rows] = np.asarray(solver.dual_values(model.get_linear_constraints()), dtype=float)
    x = np.zeros(len(value))
    x[active] = np.asarray(solver.values(model.get_variables()), dtype=float)
    return float(solver.objective_value), duals, x


def bound_of(program: Program, reduced: Floats, duals: Floats) -> float:
    """What no choice can exceed, by weak duality over every row and variable."""
    duals = np.where(np.isinf(program.high), np.minimum(duals, 0), duals)
    duals = np.where(np.isinf(program.low), np.maximum(duals, 0), duals)
    rows = np.where(duals > 0, program.high, program.low)
    used = duals != 0
    ends = np.where(reduced > 0, program.upper, program.lower)
    return float((duals[used] * rows[used]).sum() + (reduced * ends).sum())


def whole(
    program: Program, value: Floats, active: Ints, bound: float, seconds: float, rest: float = np.inf
) -> Solved | None:
    """The whole-number program over some columns; None where it has no solution.

    `rest` is what no choice that uses another column can exceed.
    """
    from ortools.linear_solver.python import model_builder

    matrix, rows = _part(program, active)
    model = _model(program, value, active, matrix, rows)
    for at in np.flatnonzero(program.whole[active]):
        model.helper.set_var_integrality(int(at), True)
    solver = model_builder.Solver("SCIP")
    solver.set_solver_specific_parameters(f"limits/gap = {GAP if len(active) <= SMALL else _LARGE}")
    solver.set_time_limit_in_seconds(seconds)
    status = solver.solve(model)
    if status == model_builder.SolveStatus.INFEASIBLE:
        return None
    if status not in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE):
        raise Refused(
            f"No choice was found in {seconds:.0f} s", expected="a choice that keeps every rule",
            do="Give more seconds, or fewer places, slots or rules.",
        )  # fmt: skip
    x = np.zeros(len(value))
    x[active] = np.asarray(solver.values(model.get_variables()), dtype=float)
    x[program.whole] = np.round(x[program.whole])
    worth = float(x @ value)
    proven = float(solver.best_objective_bound)
    if len(active) < len(value):
        proven = max(proven, rest)
    return Solved(x, worth, max(worth, min(bound, proven)))
