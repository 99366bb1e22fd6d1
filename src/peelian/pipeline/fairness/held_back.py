"""Forecasts held back by a backtest, with what then happened: kept, so an audit makes none again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Floats
from peelian.evaluate.rounds import Rounds
from peelian.pipeline.context import Context
from peelian.pipeline.gating import versions
from peelian.store.fairness_audits import served_key
from peelian.store.runs import RunRow

FILE: Final = "held_back.npz"
Bools = npt.NDArray[np.bool_]
Round = tuple[date, Floats, Floats, Bools]
"""An origin, the mean forecast, what happened and whether it was observed, each (C,), of the first window."""


@dataclass(frozen=True, eq=False)
class HeldBack:
    """The first window of each origin of a backtest, of one model."""

    origins: tuple[date, ...]
    mean: npt.NDArray[np.float32]
    counts: npt.NDArray[np.float32]
    observed: Bools

    def __iter__(self) -> Iterator[Round]:
        """Give the rounds in order."""
        for k, origin in enumerate(self.origins):
            yield origin, self.mean[k].astype(np.float64), self.counts[k].astype(np.float64), self.observed[k]


def keep_held_back(folder: Path, rounds: Rounds, window: int, models: Sequence[str]) -> None:
    """Keep the first windows of some models' forecasts, with the outcome."""
    _, first = np.unique(rounds.origin_of, return_index=True)
    said = {
        "window": window, "origins": [str(day) for day in rounds.origins], "versions": versions(*models),
    }  # fmt: skip
    arrays = {f"mean {name}": rounds.mean[name][first] for name in models if name in rounds.mean}
    with (folder / FILE).open("wb") as file:
        np.savez_compressed(
            file, said=np.frombuffer(json.dumps(said).encode(), np.uint8), cells=rounds.cells,
            counts=rounds.counts[first], observed=rounds.observed[first], allow_pickle=False, **arrays,
        )  # fmt: skip


def held_back(ctx: Context, run: RunRow, cells: Cells) -> HeldBack | None:
    """Give what the newest backtest like a run held back of its model; None where there is none.

    Like it: the same area, target, period and window, no lag, the same cells, and this version of the model.
    """
    key = served_key(run.card)
    name = f"{run.area}-{run.target}-{key['every']}-*-lag0"
    found = sorted((ctx.ws.home / "backtests").glob(f"{name}/{FILE}"), key=lambda path: path.stat().st_mtime)
    for path in reversed(found):
        with np.load(path, allow_pickle=False) as file:
            said = json.loads(file["said"].tobytes())
            mean = f"mean {key['model']}"
            like = said["window"] == key["window"] and said["versions"].get(key["model"]) == key["version"]
            if like and mean in file.files and np.array_equal(file["cells"], cells):
                days = tuple(map(date.fromisoformat, said["origins"]))
                return HeldBack(days, file[mean], file["counts"], file["observed"])
    return None
