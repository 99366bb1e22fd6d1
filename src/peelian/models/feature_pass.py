"""One pass over the past: every map at every past origin, only for the places drawn as examples.

Decay and smoothing commute, so each event is lent to its surroundings once and remembered there: the pass
costs events x kernel plus places x periods, and never a smoothing for each origin.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel
from peelian.models.happened import Happened
from peelian.models.lattice import Kernel, Lattice, Singles, Small, kernel_of
from peelian.models.maps import Map, season_parts

Indices = npt.NDArray[np.int64]


def rows_of_maps(
    panel: Panel, maps: Sequence[Map], cuts: Sequence[int], lead: int, row: Indices, cell: Cells
) -> Singles:
    """Give each map's shares times C at the rows (cut `row`, place `cell`), (rows, K), as `read_maps` would.

    `cuts` rise; `row` (rows,) indexes them and never falls; `cell` (rows,) indexes the panel's cells.
    """
    chosen, slot = np.unique(cell, return_inverse=True)
    lattice = Lattice.of(panel.grid, panel.cells)
    look, first = lattice.only(chosen), np.searchsorted(row, np.arange(len(cuts) + 1))
    out = np.ones((len(row), len(maps)), np.float32)
    held = {kind: Happened.of(panel, kind) for kind in {one.kind for one in maps}}
    for one in (m for m in maps if m.band > 0):
        out[:, maps.index(one)] = _season(panel, held[one.kind], one, cuts, lead, row, cell)
    plain = [(one.kind, one.width) for one in maps if one.band == 0]
    kernels = {width: kernel_of(lattice, width) for width in {width for _, width in plain}}
    for kind, width in dict.fromkeys(plain):
        wanted = [k for k, m in enumerate(maps) if (m.kind, m.width) == (kind, width) and m.band == 0]
        halves = np.array([maps[k].half_life for k in wanted])
        values = _remembered(
            held[kind], lattice, look, kernels[width], halves, np.asarray(cuts), first, slot,
            chosen,
        )  # fmt: skip
        whole = held[kind].totals(halves, np.asarray(cuts), kernels[width].given)
        scale = (held[kind].cells / np.where(whole > 0, whole, 1.0)).astype(np.float32)
        out[:, wanted] = np.where(whole[row] > 0, values * scale[row], np.float32(1.0))
    return out


def _remembered(
    held: Happened, lattice: Lattice, look: Small, kernel: Kernel, halves: Floats, cuts: Indices,
    first: Indices, slot: Indices, chosen: Cells,
) -> Singles:  # fmt: skip
    keep = (0.5 ** (1.0 / halves)).astype(np.float32)
    values: Singles = _walk(
        held.first, held.cell, held.count, lattice.x, lattice.y, look, kernel.bell, keep,
        cuts.astype(np.int64), first.astype(np.int64), slot.astype(np.int64), len(chosen),
    )  # fmt: skip
    return values * kernel.inverse[chosen][slot][:, None]


@numba.njit(cache=True, nogil=True)
def _walk(
    begins: Indices, cell: Cells, count: Singles, x: Small, y: Small, look: Small, bell: Singles,
    keep: Singles, cuts: Indices, first: Indices, slot: Indices, places: int,
) -> Singles:  # fmt: skip  # pragma: no cover - compiled
    out = np.zeros((len(slot), len(keep)), np.float32)
    state = np.zeros((places, len(keep)), np.float32)
    reach = bell.shape[0] // 2
    at = 0
    for c in range(len(cuts)):
        while at < cuts[c]:
            for s in range(places):
                for k in range(len(keep)):
                    state[s, k] *= keep[k]
            for n in range(begins[at], begins[at + 1]):
                column, row = x[cell[n]], y[cell[n]]
                for up in range(max(-reach, -row), min(reach, look.shape[0] - 1 - row) + 1):
                    for right in range(max(-reach, -column), min(reach, look.shape[1] - 1 - column) + 1):
                        to = look[row + up, column + right]
                        weight = bell[up + reach, right + reach] * count[n]
                        if to >= 0 and weight > 0:
                            for k in range(len(keep)):
                                state[to, k] += weight
            at += 1
        for r in range(first[c], first[c + 1]):
            out[r] = state[slot[r]]
    return out


def _season(
    panel: Panel, held: Happened, one: Map, cuts: Sequence[int], lead: int, row: Indices, cell: Cells
) -> Singles:
    out = np.ones(len(row), np.float32)
    for n, cut in enumerate(cuts):
        part = slice(*np.searchsorted(row, [n, n + 1]))
        values = held.within(season_parts(panel.every, one.band, cut, lead))
        if values.sum() > 0:
            out[part] = values[cell[part]] / values.sum() * held.cells
    return out
