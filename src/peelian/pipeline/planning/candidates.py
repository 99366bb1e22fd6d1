"""The places of a run that may be visited, with the harm expected in each slot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.domain.plan import Candidates, Slot
from peelian.domain.shifts import Shifts
from peelian.domain.target import TARGETS
from peelian.pipeline.planning.run_cells import RunCells, read_cells
from peelian.pipeline.planning.slotting import Windows
from peelian.plan.zoning import zoned
from peelian.store.runs import RunRow

MOST: Final = 8000
"""Places that can be chosen from: the busiest by forecast or by last year's count."""
MOST_CONTIGUOUS: Final = 500
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Choice:
    """Candidates with their slots and, for each place, whether it is stable or flaring and its squares.

    `dispersion` (N, S) is the forecast's. `outlines` are of areas (WKB, the run's CRS); squares have none.
    `kind` is the kind of the force's own areas, empty for squares.
    """

    candidates: Candidates
    windows: Windows
    patterns: tuple[str, ...]
    notes: tuple[str, ...]
    squares: tuple[Ints, ...]
    dispersion: Floats
    kind: str = ""
    outlines: tuple[bytes, ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Give the slots."""
        return self.windows.slots

    def doubted(self) -> Candidates:
        """Give the candidates with the 5 and 95 % quantiles of their rates, not of counts.

        A count of one shift is mostly 0 whatever its rate: what could change a choice is doubt of the rate,
        the gamma part of the negative binomial.
        """
        from scipy.special import gammaincinv

        spread, mean = np.maximum(self.dispersion, 1e-6), self.candidates.harm
        low, high = (mean * spread * gammaincinv(1 / spread, q) for q in (0.05, 0.95))
        return replace(self.candidates, low=low, high=high)


def may_plan(run: RunRow, *, for_evaluation: bool) -> None:
    """Check that the run is of what may be planned for.

    Raises:
        Refused: its rows may include homes.
    """
    target = TARGETS.get(run.target)
    if target is None or not target.public_only or run.card.get("marks_known") or for_evaluation:
        return
    raise Refused(
        f"no plan is made of {run.card.get('title', run.target)}: its source cannot tell homes from streets",
        expected="a target whose source tells homes, domestic and sexual offences apart, such as asb",
        do="add --for-evaluation to replay it for evaluation only",
    )


def choice_of(
    run: RunRow, shifts: Shifts | None = None, *, days: int = 7, contiguous: bool = False
) -> Choice:
    """Give the run's busiest squares as candidates; `plain` is last year's count, shared as the forecast is.

    With `shifts`, a run that is not by shift is shared over the shifts of its first `days`. Where chosen
    places must hang together, the busiest 500 are given, since more cannot be chosen from.
    """
    held = read_cells(run, shifts, days)
    total, most = held.harm.sum(axis=1), MOST_CONTIGUOUS if contiguous else MOST
    busy = np.concatenate([np.argsort(-total, kind="stable")[:most], np.argsort(-held.last)[: most // 4]])
    kept = np.sort(np.argsort(-total, kind="stable")[:most]) if contiguous else np.unique(busy)[:most]
    places = held.places(kept)
    names = tuple(n or f"square {c}" for n, c in places.select("name", "cell").iter_rows())
    candidates = Candidates(
        tuple(str(c) for c in places["cell"]), names,
        places["easting"].to_numpy(), places["northing"].to_numpy(),
        held.harm[kept], held.quantile(0.05, kept), held.quantile(0.95, kept), held.plain(kept),
        *held.areas(kept), _side_by_side(held, kept) if contiguous else (),
    )  # fmt: skip
    squares = tuple(np.array([one]) for one in held.cells[kept])
    shared = zoned(candidates)
    return Choice(shared, held.windows, held.patterns(kept), held.notes, squares, held.dispersion[kept])


def _side_by_side(held: RunCells, kept: Ints) -> tuple[tuple[int, int], ...]:
    """Pairs of squares that share a side."""
    from peelian.pipeline.areas import grid_of

    card = held.run.card["grid"]
    columns = grid_of(str(card["crs"]), float(card["size"])).columns
    at = {int(cell): k for k, cell in enumerate(held.cells[kept])}
    return tuple(
        (k, at[cell + away])
        for cell, k in at.items()
        for away in (1, columns)
        if cell + away in at and (away != 1 or (cell + 1) % columns)
    )
