"""A force's own areas as candidates: what is expected in each, from the squares it overlaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from peelian.domain import negative_binomial as nb
from peelian.domain.errors import Refused
from peelian.domain.per_cent import per_cent
from peelian.domain.plan import Candidates
from peelian.domain.recorded_only import power_named
from peelian.domain.shifts import Shifts
from peelian.pipeline.areas import grid_of
from peelian.pipeline.planning.candidates import Choice
from peelian.pipeline.planning.run_cells import RunCells, read_cells
from peelian.plan.zoning import zoned
from peelian.store.runs import RunRow

TOUCH_M = 1.0
"""Areas no farther apart than this touch: files are drawn by hand."""
Floats = npt.NDArray[np.float64]


def choice_of_areas(
    run: RunRow, kind: str, areas: pl.DataFrame, shifts: Shifts | None = None, *, days: int = 7
) -> Choice:
    """Give areas (code, name, wkb in EPSG:27700; see `own_areas`) as candidates of a run's first window.

    A square's harm goes to each area by the share of the square that the area overlaps. The interval is of
    a negative binomial with the sum as mean and the squares' mean dispersion: as if what is unsure moved them
    together, which is wide rather than narrow. Areas with nothing of the run in them are left out, and told.

    Raises:
        Refused: the run is not on the British grid, or no area overlaps it.
    """
    if str(run.card["grid"]["crs"]) != "EPSG:27700":
        raise Refused(
            "the areas are on the British National Grid and the run is not", do="plan for squares instead"
        )
    held = read_cells(run, shifts, days)
    shapes = np.array(shapely.from_wkb(areas["wkb"].to_list()), object)
    weight = overlap(run, held, shapes)
    inside = np.asarray(weight.sum(axis=1)).ravel() > 0
    if not inside.any():
        raise Refused(f"no area of kind {kind} overlaps the squares of the run", do="check the run's area")
    weight, shapes = weight[inside], shapes[inside]
    rows = areas.filter(pl.Series(inside))
    mean, last = np.asarray(weight @ held.harm), np.asarray(weight @ held.last)
    spread = np.asarray(weight @ (held.harm * held.dispersion)) / np.maximum(mean, 1e-12)
    heaviest, patterns = _heaviest(held, weight)
    names = tuple(_shown(n, c, k) for k, (n, c) in enumerate(rows.select("name", "code").iter_rows(), 1))
    ids = tuple(_shown(c, f"area-{k}", k) for k, c in enumerate(rows["code"], 1))
    share = mean / np.maximum(mean.sum(axis=1, keepdims=True), 1e-12)
    low, high = (nb.quantile(q, mean, spread).astype(float) for q in (0.05, 0.95))
    codes, area = held.areas(heaviest)
    candidates = Candidates(
        ids, names, rows["easting"].to_numpy(), rows["northing"].to_numpy(), mean, low, high,
        last[:, None] * share, codes, area, touching(shapes),
    )  # fmt: skip
    squares = tuple(held.cells[weight[k].indices] for k in range(len(ids)))
    notes = (*held.notes, *_notes(held, weight, int((~inside).sum()), kind))
    outlines = tuple(shapely.to_wkb(shapes).tolist())
    return Choice(zoned(candidates), held.windows, patterns, notes, squares, spread, kind, outlines)


def overlap(run: RunRow, held: RunCells, shapes: npt.NDArray[Any]) -> Any:
    """Share of each square in each area, scipy csr (areas, squares)."""
    from scipy.sparse import csr_matrix

    card = run.card["grid"]
    grid = grid_of(str(card["crs"]), float(card["size"]))
    x, y = grid.corner(held.cells)
    boxes = shapely.box(x, y, x + grid.size, y + grid.size)
    area, square = shapely.STRtree(boxes).query(shapes, predicate="intersects")
    shapely.prepare(shapes)
    part = shapely.area(shapely.intersection(shapes[area], boxes[square])) / grid.size**2
    good = part > 1e-9
    return csr_matrix((part[good], (area[good], square[good])), shape=(len(shapes), len(boxes)))


def touching(shapes: npt.NDArray[Any]) -> tuple[tuple[int, int], ...]:
    """Pairs of areas that touch or overlap, each once."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCH_M)
    return tuple((int(i), int(j)) for i, j in zip(a, b, strict=True) if i < j)


def _heaviest(held: RunCells, weight: Any) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """The square with most of each area's harm, and its pattern among the squares of all areas."""
    total = held.harm.sum(axis=1)
    at = []
    for k in range(weight.shape[0]):
        row = weight[k]
        at.append(int(row.indices[np.argmax(row.data * total[row.indices])]))
    every = np.arange(len(held.cells))
    patterns = held.patterns(every)
    return np.array(at, np.int64), tuple(patterns[one] for one in at)


def _shown(said: str, instead: str, at: int) -> str:
    """A name that names a power that is recorded only is not shown: the code stands for it."""
    if power_named(said) is None:
        return said
    return instead if power_named(instead) is None else f"area {at}"


def _notes(held: RunCells, weight: Any, without: int, kind: str) -> tuple[str, ...]:
    covered = np.asarray(weight.sum(axis=0)).ravel()
    notes = []
    total = held.harm.sum()
    outside = float((np.clip(1 - covered, 0, None) * held.harm.sum(axis=1)).sum())
    if total > 0:
        notes.append(f"{per_cent(outside / total)} of the harm expected lies in no area of kind {kind}")
    if (covered > 1 + 1e-6).any():
        notes.append("some areas overlap: harm where they do is counted in each")
    if without:
        notes.append(f"{without} areas of kind {kind} lie outside the run and cannot be chosen")
    return tuple(notes)
