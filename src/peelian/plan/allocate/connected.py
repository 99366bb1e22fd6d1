"""The best connected choice with a proven bound: grown, bounded by cuts, and searched by branch and bound."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.plan import Floats
from peelian.plan.allocate.contiguity import (
    Bools,
    Connection,
    Cut,
    broken_cuts,
    chosen_of,
    cuts_of_pieces,
    rows_of,
)
from peelian.plan.allocate.growing import Ground, grown
from peelian.plan.allocate.model import Program
from peelian.plan.allocate.solve import GAP, Solved, best, bound_of, relaxed, whole

_ROUNDS = 60
_CUTS = 60


def search(program: Program, value: Floats, seconds: float) -> Solved | None:
    """The best choice, whether places must hang together or not; None where the rules cannot all be kept."""
    return (best if program.connection is None else best_connected)(program, value, seconds)


def best_connected(program: Program, value: Floats, seconds: float) -> Solved | None:
    """The best choice whose places hang together, or None where the rules cannot all be kept.

    A third of `seconds` goes to the relaxation with cuts, the rest to branch and bound, which is asked
    again with the cuts that its answer broke until the answer hangs together or time is over.
    """
    start = time.monotonic()
    connection = program.connection
    assert connection is not None
    ground = _ground(program, connection, value)
    found = _restricted(program, value, connection, grown(ground, 0.08 * seconds), seconds)
    program, bound, favour = _bounded(program, value, connection, start + 0.4 * seconds)
    if favour is not None and (found is None or bound - found.worth > GAP * abs(bound)):
        again = grown(ground, 0.08 * seconds, 2, favour)
        found = _better(found, _restricted(program, value, connection, again, seconds))
    return _searched(program, value, connection, found, bound, start + seconds)


def _searched(
    program: Program, value: Floats, connection: Connection, found: Solved | None, bound: float, until: float
) -> Solved | None:
    everything = np.arange(len(value))
    while True:
        if found is not None and bound - found.worth <= GAP * max(abs(bound), 1e-9):
            return replace(found, bound=max(bound, found.worth))
        left = until - time.monotonic()
        if left < 0.2:
            break
        try:
            tried = whole(program, value, everything, bound, left)
        except Refused:
            break
        if tried is None:
            return None if found is None else replace(found, bound=max(bound, found.worth))
        bound = min(bound, tried.bound)
        taken = chosen_of(connection, tried.x)
        root = int(np.argmax(tried.x[connection.root]))
        if not (cuts := cuts_of_pieces(connection, taken, root)):
            return replace(_better(found, tried), bound=max(bound, tried.worth))  # type: ignore[type-var]
        program = _with(program, connection, cuts)
        mended = _largest(connection, taken, _ground(program, connection, value))
        found = _better(found, _restricted(program, value, connection, mended, until - time.monotonic()))
    if found is None:
        raise Refused(
            "No connected choice was found in the time", expected="a choice that keeps every rule",
            do="Give more seconds, or fewer places, slots or rules.",
        )  # fmt: skip
    return replace(found, bound=max(bound, found.worth))


def _bounded(
    program: Program, value: Floats, connection: Connection, until: float
) -> tuple[Program, float, Floats | None]:
    """The program with cuts, what no connected choice can exceed, and how far each place is taken."""
    everything, bound, chosen = np.arange(len(value)), np.inf, None
    for _ in range(_ROUNDS):
        made = relaxed(program, value, everything, max(0.5, until - time.monotonic()))
        if made is None:
            break
        _, duals, x = made
        bound = min(bound, bound_of(program, value - program.matrix.T @ duals, duals))
        chosen = x[connection.chosen]
        cuts = broken_cuts(connection, chosen, x[connection.root], _CUTS)
        if not cuts or time.monotonic() > until:
            break
        program = _with(program, connection, cuts)
    return program, bound, chosen


def _with(program: Program, connection: Connection, cuts: list[Cut]) -> Program:
    from scipy.sparse import vstack

    more = rows_of(connection, cuts, program.matrix.shape[1])
    return replace(
        program, matrix=vstack([program.matrix, more]).tocsc(),
        low=np.concatenate([program.low, np.full(len(cuts), -np.inf)]),
        high=np.concatenate([program.high, np.zeros(len(cuts))]),
    )  # fmt: skip


def _restricted(
    program: Program, value: Floats, connection: Connection, taken: Bools, seconds: float
) -> Solved | None:
    """The best choice of visits to just these places, each visited; None where a rule cannot be kept."""
    if not taken.any():
        return None
    lower, upper = program.lower.copy(), program.upper.copy()
    upper[connection.chosen[~taken]] = 0
    lower[connection.chosen[taken]] = 1
    try:
        return whole(replace(program, lower=lower, upper=upper), value, np.arange(len(value)), np.inf,
                     max(1.0, 0.2 * seconds))  # fmt: skip
    except Refused:
        return None


def _better(one: Solved | None, other: Solved | None) -> Solved | None:
    if one is None or other is None:
        return one or other
    return one if one.worth >= other.worth else other


def _ground(program: Program, connection: Connection, value: Floats) -> Ground:
    """Each place's possible visits by worth, falling; places without that many have zeros."""
    at = np.full(int(program.place.max(initial=0)) + 1, -1)
    at[connection.places] = np.arange(len(connection.places))
    mine = at[program.place]
    order = np.lexsort((-value[: program.visits], mine))
    start = np.searchsorted(mine[order], np.arange(len(connection.places)))
    rank = np.arange(len(order)) - start[mine[order]]
    worth = np.zeros((len(connection.places), int(rank.max(initial=0)) + 2))
    worth[mine[order], rank] = value[: program.visits][order]
    return Ground(connection, worth, int(program.upper[program.total]))


def _largest(connection: Connection, taken: Bools, ground: Ground) -> Bools:
    """The worthiest piece of a choice that does not hang together."""
    label = connection.pieces(taken)
    worth = np.bincount(label[taken], ground.worth[taken, 0])
    return np.asarray(taken & (label == int(np.argmax(worth))), dtype=bool)
