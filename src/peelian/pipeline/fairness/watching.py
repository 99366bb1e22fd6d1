"""What was flagged and what then happened at origins gone by, by neighbourhood: held back from the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.contracts import Fitted
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import YEAR_PERIODS, Every
from peelian.evaluate.fairness_reporting import FLAGGED
from peelian.models import MODELS
from peelian.pipeline.fairness.held_back import Round
from peelian.pipeline.fairness.other_lists import other_lists
from peelian.pipeline.panels import Panels

Ints = npt.NDArray[np.int64]
REFIT: Final[dict[Every, int]] = {"month": 1, "week": 13, "day": 28}
"""As a backtest refits: once in so many origins."""


@dataclass(frozen=True)
class WatchRequest:
    """Which forecasts to make again: as the backtest made them, or by the fit in force (`fitted_at`)."""

    model: str
    origins: tuple[date, ...]
    window: int
    seed: int
    fitted_at: date | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """By O origins and A areas (`codes`): what `evaluate.fairness.Watched` asks for, each (O, A).

    `features` holds, by name, what the model was given of each area in the last year before the last origin,
    and what it forecast, per cell, (A,). `forces` names the force most of each area's events are of.
    """

    codes: tuple[str, ...]
    origins: tuple[date, ...]
    flagged: Floats
    harm: Floats
    expected: Floats
    caught: Floats
    false: Floats
    features: Mapping[str, Floats] = field(default_factory=dict)
    forces: tuple[str, ...] = ()
    left_out: int = 0
    """Cells that lie in no neighbourhood."""
    others: Mapping[str, tuple[Floats, Floats]] = field(default_factory=dict)
    """Other lists of as many squares: flagged squares and events in them, each (A,), over all origins."""


def watch(panels: Panels, rounds: Iterable[Round], tick: Tick = no_tick) -> Seen:
    """Flag the top share of each forecast and add up what then happened by area.

    Needs `panels.parents` with neighbourhoods. Cells whose outcome was not observed count nowhere.
    """
    from peelian.evaluate.capture import selection  # late: what only forecasts needs none of it

    lsoas = next(one for one in (panels.parents.parents if panels.parents else ()) if one.level == "lsoa")
    inside, areas = lsoas.of_cell >= 0, len(lsoas.codes)
    sums: dict[str, list[Floats]] = {n: [] for n in ("flagged", "harm", "expected", "caught", "false")}
    origins = []
    mean = np.zeros(len(lsoas.of_cell))
    kept_rounds = list(rounds)
    last = panels.at(kept_rounds[-1][0])
    others: dict[str, tuple[Floats, Floats]] = {}
    for origin, mean, counts, observed in kept_rounds:
        tick(f"origin {origin}", 0.0)
        flag = selection(mean, [FLAGGED])[0]
        kept = observed & inside
        for name, values in {
            "flagged": flag, "harm": counts, "expected": mean, "caught": flag * counts,
            "false": flag * (counts == 0),
        }.items():  # fmt: skip
            sums[name].append(np.bincount(lsoas.of_cell[kept], values[kept], areas).astype(np.float64))
        for name, chosen in other_lists(last, origin, mean, flag, lsoas.of_cell).items():
            before = others.get(name, (np.zeros(areas), np.zeros(areas)))
            mine = (chosen, chosen * counts)
            added = [np.bincount(lsoas.of_cell[kept], one[kept], areas) for one in mine]
            others[name] = (before[0] + added[0], before[1] + added[1])
        origins.append(origin)
    cells = np.maximum(np.bincount(lsoas.of_cell[inside], minlength=areas), 1)
    told = {
        name: np.bincount(lsoas.of_cell[inside], values[inside], areas) / cells
        for name, values in (_given(last) | {"the forecast itself": mean}).items()
    }
    stacked: dict[str, Any] = {name: np.stack(rows) for name, rows in sums.items()}
    return Seen(
        lsoas.codes, tuple(origins), **stacked, features=told,
        forces=_forces(panels, lsoas.of_cell, areas), left_out=int((~inside).sum()),
        others=others,
    )  # fmt: skip


def made_again(panels: Panels, request: WatchRequest) -> Iterator[Round]:
    """Forecast from each origin by what was known then, as a backtest would."""
    fitted: Fitted | None = None
    for n, origin in enumerate(request.origins):
        counts, observed = (part[0] for part in panels.truth(origin, 1, request.window))
        panel = panels.at(origin)
        if fitted is None or (request.fitted_at is None and n % REFIT[panels.every] == 0):
            learned = panels.at(request.fitted_at) if request.fitted_at else panel
            fitted = MODELS[request.model].fit(learned, horizon=1, window=request.window, seed=request.seed)
        yield origin, np.asarray(fitted.predict(panel).mean[0], np.float64), counts, observed


def _given(panel: Panel) -> dict[str, Floats]:
    """Give each cell's counts of the last year by kind, as the model was given them, (C,)."""
    year = YEAR_PERIODS[panel.every]
    return {
        f"{kind}, last year": np.asarray(panel.counts[k, -year:].sum(axis=0), np.float64)
        for k, kind in enumerate(panel.types)
    }


def _forces(panels: Panels, of_cell: Ints, areas: int) -> tuple[str, ...]:
    """Name the force that most events of each area are of; empty where it has none."""
    rows = panels.versions.select("force", "easting", "northing").drop_nulls()
    names = sorted(rows["force"].cast(pl.String).unique().to_list())
    if len(names) < 2:
        return tuple(names or [""]) * areas
    cells = panels.area.covered
    at = panels.area.grid.cell_of(rows["easting"].to_numpy(), rows["northing"].to_numpy())
    found = np.minimum(np.searchsorted(cells, at), len(cells) - 1)
    here = (cells[found] == at) & (of_cell[found] >= 0)
    force = rows["force"].cast(pl.String).replace_strict(names, list(range(len(names)))).to_numpy()
    many = np.zeros((areas, len(names)))
    np.add.at(many, (of_cell[found[here]], force[here].astype(np.int64)), 1.0)
    return tuple(names[int(k)] if total else "" for k, total in zip(many.argmax(1), many.sum(1), strict=True))
