"""The share of the true rates' score that each forecaster reaches, in worlds whose true rates are known.

    python benchmarks/oracle.py [--data FOLDER] [--models learner,shrunk-decay] [--worlds peer,simulator,...]
                                [--out docs/evidence/oracle.json]

Worlds: `peer`, the synthetic city of the peer benchmark (events_100000.npz in FOLDER, made by its gen.py);
`simulator`, Peelian's own, 36 months with about 100,000 public violent events; `quiet`, the same without near
repeats; `uniform`, the same rate everywhere. The oracle knows every true event before a week, reported or
not, and nothing of the week itself. All numbers check the harness; none says how well anything works
on a real place.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.target import FEATURE_GROUPS
from peelian.domain.time import london_midnight, period_starts, step
from peelian.evaluate.oracle import Reached, reached
from peelian.models import MODELS, SERVED
from peelian.simulate.scenario import load_scenario
from peelian.simulate.truth import build_truth, recorded_counts
from peelian.simulate.world import build_world

TEST_WEEKS = 12
REFIT = 6
WORLDS = ("peer", "simulator", "quiet", "uniform")


@dataclass(frozen=True, eq=False)
class Known:
    """A world of weeks whose rates are known: the whole panel, and the target's true rates of the last 12."""

    name: str
    panel: Panel
    truth: Floats

    def at(self, week: int) -> Panel:
        """Give the panel as it was before a week (an index)."""
        p = self.panel
        return replace(
            p, origin=step(p.starts[0], "week", week), starts=p.starts[:week], counts=p.counts[:, :week],
            observed=p.observed[:, :week], elsewhere=p.elsewhere[:, :week],
        )  # fmt: skip


def panel_of(cells: np.ndarray, counts: np.ndarray, types: tuple[str, ...], first: date) -> Panel:
    """Give a panel of counts (T, P, C) over cells of the grid."""
    kinds, weeks, _ = counts.shape
    origin = step(first, "week", weeks)
    seen = np.broadcast_to(np.ones((), bool), counts.shape)
    return Panel(
        GRID, "week", origin, london_midnight(origin), types[0], types,
        tuple(period_starts(first, weeks, "week")), cells, counts.astype(np.float32), seen,
        np.zeros((kinds, weeks)),
    )  # fmt: skip


def peer(folder: Path) -> Known:
    """The peer benchmark's city: 100,000 events of one type in 156 weeks over 80 x 80 cells."""
    held = np.load(folder / "events_100000.npz")
    side, weeks = 80, 156
    column = ((held["x"] - 400_000.0) // 250).astype(int)
    row = ((held["y"] - 280_000.0) // 250).astype(int)
    week = (held["t"] // 7).astype(int)
    counts = np.zeros((1, weeks, side * side))
    np.add.at(counts, (0, week, row * side + column), 1.0)
    ids = (np.arange(side)[:, None] + 1120) * GRID.columns + np.arange(side) + 1600
    truth = held["oracle"].reshape(TEST_WEEKS, -1)
    return Known("peer", panel_of(ids.ravel(), counts, ("violence",), date(2022, 1, 3)), truth)


def simulated(name: str, seed: int = 1) -> Known:
    """Peelian's simulator, weekly: public violence, informed by the other types that may inform."""
    scenario = load_scenario("plain")
    world = build_world(scenario.changed(uniform=name == "uniform", near_repeat=name != "quiet"), seed)
    truth = build_truth(world, "week", foreseeable=True)
    records = recorded_counts(world, "week")
    whole = slice(int(truth.starts[0] < world.clock.days[0]), len(truth.starts) - 1)
    groups = [part.group for part in scenario.components.values()]
    k = list(scenario.components).index("violence-public")
    others = [g for g in FEATURE_GROUPS if g in groups and g != "violence"]
    summed = [records[[j for j, g in enumerate(groups) if g == other]].sum(axis=0) for other in others]
    counts = np.stack([records[k], *summed])[:, whole]
    open_cells = ~world.silent
    starts = truth.starts[whole]
    panel = panel_of(world.land.cells[open_cells], counts[:, :, open_cells], ("violence", *others), starts[0])
    rates = truth.recorded[k][whole][:, open_cells]
    # What events of a week trigger within it is foreseen in sum only: one factor, the whole world's.
    rates = rates * (panel.counts[0].sum() / rates.sum())
    return Known(name, panel, rates[-TEST_WEEKS:])


def score(known: Known, model: str, share: float = 0.01) -> tuple[Reached, float, dict[str, float]]:
    """Forecast the last 12 weeks one by one, learning anew every six; gives seconds and parts of the mean."""
    weeks = len(known.panel.starts)
    means, spreads, parts = [], [], dict[str, float]()
    began = time.perf_counter()
    for k in range(TEST_WEEKS):
        panel = known.at(weeks - TEST_WEEKS + k)
        if k % REFIT == 0:
            fitted = MODELS[model].fit(panel, horizon=1, window=1, seed=1)
        made = fitted.predict(panel)
        means.append(made.mean[0])
        spreads.append(made.dispersion[0])
        for reason, values in made.contributions.items():
            parts[reason] = parts.get(reason, 0.0) + float(values.sum() / made.mean.sum() / TEST_WEEKS)
    counts = known.panel.counts[0, -TEST_WEEKS:].astype(float)
    found = reached(counts, np.stack(means), np.stack(spreads), known.truth, share=share)
    return found, time.perf_counter() - began, parts


def figures(one: Reached, parts: dict[str, float]) -> dict[str, float]:
    """Give what is kept as evidence: no times, so that the same code gives the same file."""
    found = {**asdict(one), "hits_reached": one.hits_reached, "pai": one.pai, "pai_noise": one.pai_noise}
    if one.oracle_gain > 1e-3:
        found["gain_reached"] = one.gain_reached
    return {name: round(value, 5) for name, value in {**found, **parts}.items()}


def lines(known: Known, models: list[str], rows: list[dict[str, object]]) -> Iterator[str]:
    """Give a world's table line by line, and add each model's figures to `rows`."""
    panel = known.panel
    yield (
        f"\n{known.name}: {panel.counts[0].sum():,.0f} events of the target in {len(panel.starts)} weeks "
        f"over {len(panel.cells):,} cells; the last {TEST_WEEKS} weeks are scored, "
        f"{panel.counts[0, -TEST_WEEKS:].sum():,.0f} events"
    )
    yield (
        f"{'model':18}{'hit rate 1 %':>13}{'oracle':>8}{'reached':>9}{'gain':>8}{'oracle':>8}{'reached':>9}"
        f"{'PAI':>7}{'noise':>7}{'recent':>8}{'near':>7}{'s':>7}"
    )
    for model in models:
        one, seconds, parts = score(known, model)
        rows.append({"world": known.name, "model": model, **figures(one, parts)})
        yield (
            f"{model + (' *' if model == SERVED else ''):18}{one.hit_rate:>13.4f}{one.oracle_hit_rate:>8.4f}"
            f"{one.hits_reached:>9.3f}{one.gain:>8.4f}{one.oracle_gain:>8.4f}"
            f"{one.gain_reached if one.oracle_gain > 1e-3 else float('nan'):>9.3f}{one.pai:>7.2f}"
            f"{one.pai_noise:>7.2f}{parts.get('recent events', 0.0):>8.3f}"
            f"{parts.get('neighbours', 0.0):>7.3f}{seconds:>7.1f}"
        )


def main() -> None:
    """Print each world's table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the peer city's events_100000.npz")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--out", type=Path, help="a JSON file to write the figures to")
    asked = parser.parse_args()
    models = [name for name in asked.models.split(",") if name]
    print(
        "* the served model. Gains are nats an event over an even spread; noise is one standard error of PAI."
    )
    rows: list[dict[str, object]] = []
    for name in asked.worlds.split(","):
        if name == "peer" and not (asked.data and (asked.data / "events_100000.npz").is_file()):
            print(
                "\npeer: no events_100000.npz: make it with the peer benchmark's gen.py, give --data FOLDER"
            )
            continue
        known = peer(asked.data) if name == "peer" else simulated(name)
        for line in lines(known, models, rows):
            print(line, flush=True)
    if asked.out:
        asked.out.write_text(json.dumps({"test_weeks": TEST_WEEKS, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
