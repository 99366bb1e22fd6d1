"""What each event finds when it happens: decayed memories of earlier events around it, in one pass.

A memory is kept as a sum of exp((t_j - base) / scale), so that letting time pass costs nothing: an event
adds one number to its cell and reads those around it. The base moves on before the numbers grow too large.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.models.exciting.events import Events, Ground, Small
from peelian.models.exciting.rings import Classes, Rings

Singles = npt.NDArray[np.float32]
_FAR = 300.0
"""How many scales may pass before the base moves; exp(300) is far from overflow."""


def gather(
    events: Events, ground: Ground, rings: Rings, scales: Floats, target: int, kinds: int,
    rows: Small | None = None,
) -> Singles:  # fmt: skip
    """Give what the events of `target` find: (n, kinds x S x Q) memories per day, strictly before each.

    `scales` (S,) are mean delays in days. Column (j x S + s) x Q + q sums, over earlier events of kind j in
    cells of class q, exp(-delay / scale) / scale. Cost is linear in events. Events at the same instant do
    not excite each other. `rows` (n,) says in which row each event's findings go; else in order of time.
    """
    n = int((events.kind == target).sum())
    out = np.zeros((n, kinds * len(scales), len(rings.size)), np.float32)
    memory = np.zeros((ground.rows + 2 * rings.reach, ground.columns + 2 * rings.reach, kinds * len(scales)))
    row, column = np.divmod(events.cell, np.int32(ground.columns))
    _pass(
        events.time, row, column, events.kind, np.asarray(scales, float), target, rings.reach, rings.klass,
        memory, np.arange(n, dtype=np.int32) if rows is None else rows, out,
    )  # fmt: skip
    return out.reshape(n, -1)


@numba.njit(cache=True, nogil=True)
def _pass(
    time: Floats, row: Small, column: Small, kind: Small, scales: Floats, target: int, reach: int,
    klass: Classes, memory: Floats, rows: Small, out: Singles,
) -> None:  # fmt: skip # pragma: no cover - compiled
    width, wide = len(scales), memory.shape[2]
    base = np.zeros(width)
    found = np.zeros((out.shape[2], wide))
    pushed, at = 0, 0
    for i in range(len(time)):
        while pushed < i and time[pushed] < time[i]:
            for s in range(width):
                grown = (time[pushed] - base[s]) / scales[s]
                if grown > _FAR:
                    shrink = np.exp(-grown)
                    base[s] = time[pushed]
                    grown = 0.0
                    for k in range(s, wide, width):
                        memory[:, :, k] *= shrink
                memory[row[pushed] + reach, column[pushed] + reach, kind[pushed] * width + s] += np.exp(grown)
            pushed += 1
        if kind[i] != target:
            continue
        found[:] = 0.0
        for up in range(2 * reach + 1):
            for right in range(2 * reach + 1):
                q = klass[up, right]
                for k in range(wide):
                    found[q, k] += memory[row[i] + up, column[i] + right, k]
        for k in range(wide):
            s = k % width
            # the base may lie far behind the event when nothing was pushed in between
            fade = np.exp(-(time[i] - base[s]) / scales[s]) / scales[s]
            for q in range(out.shape[2]):
                out[rows[at], k, q] = found[q, k] * fade
        at += 1


def compensator(events: Events, ground: Ground, rings: Rings, scales: Floats, kinds: int) -> Floats:
    """Give the integral of each column of `gather` over the mask and the time looked at, exactly.

    (kinds x S x Q,): every event counts the mask's cells of each class around it, times the part of its
    excitement that is over by the end.
    """
    met = rings.met(ground.inside).reshape(-1, len(rings.size))
    out = np.zeros((kinds, len(scales), len(rings.size)))
    for j in range(kinds):
        mine = events.kind == j
        for s, scale in enumerate(scales):
            over = -np.expm1(-(events.span - events.time[mine]) / scale)
            weight = np.bincount(events.cell[mine], over, ground.inside.size)
            out[j, s] = weight @ met
    return out.ravel()
