"""Rhythm on real data: what hours of the week by kind of place add, in nats an event.

usage: python benchmarks/rhythm.py [--data DIR] [--from YYYY-MM-DD] [--to YYYY-MM-DD]

Chicago's assaults outside homes have their minute. Every 28 days the rhythm is learned from what was known,
and the events of the next 28 days are scored: the shift given the policing day and the cell, and the cell
given the day. Intervals (95 %) are over origins. 2017 is kept back and not read as outcomes here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.panel import Panel
from peelian.domain.rhythm import HOURS, Rhythm
from peelian.domain.shifts import shifts_of
from peelian.domain.target import target_named
from peelian.features.panel import positions
from peelian.features.standing import counts_as
from peelian.models import MODELS
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panel_rhythm import Rhythms
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels

SHIFTS = shifts_of(
    {"day_begins": "07:00", "zone": "America/Chicago",
     "shifts": {"early": "07:00", "late": "15:00", "night": "23:00"}}
)  # fmt: skip
STEP = 28
CLOSED = date(2017, 1, 1)
Floats = npt.NDArray[np.float64]


def happened(panels: Panels, panel: Panel) -> pl.DataFrame:
    """Give the events of the next days: cell's position, policing day's number, shift's number."""
    rows = panels.events_known(END_OF_TIME).filter(counts_as(panels.target))
    edges = [SHIFTS.windows(panel.origin + timedelta(days=k)) for k in range(STEP)]
    bounds = np.array([w[0].astimezone(UTC).timestamp() for of in edges for w in of] + [
        edges[-1][-1][1].timestamp()])  # fmt: skip
    at = rows["start"].to_physical().to_numpy() / 1e6
    rows = rows.filter(pl.Series((at >= bounds[0]) & (at < bounds[-1])))
    window = np.searchsorted(bounds, rows["start"].to_physical().to_numpy() / 1e6, side="right") - 1
    shifts = len(SHIFTS.names)
    cell = positions(rows, panel.grid, panel.cells)
    return pl.DataFrame({"cell": cell, "day": window // shifts, "shift": window % shifts}).filter(
        pl.col("cell") >= 0
    )


def one_kind(rhythm: Rhythm, profile: Floats) -> Rhythm:
    """Give the same rhythm with one profile for all cells."""
    return replace(rhythm, profiles=profile[None, :], belongs=np.ones((len(rhythm.belongs), 1)))


def shift_score(rhythm: Rhythm, events: pl.DataFrame, origin: date) -> float:
    """Give the mean log probability of each event's shift given its day and cell."""
    shares = [rhythm.shares(SHIFTS.windows(origin + timedelta(days=k))) for k in range(STEP)]
    cube = np.stack(shares)
    return float(np.log(cube[events["day"], events["shift"], events["cell"]]).mean())


def learned(panels: Panels, origin: date) -> Rhythm:
    """Learn the rhythm known at an origin."""
    made = Rhythms().at(
        origin, SHIFTS.opens(origin), panels.opens, panels.events_known,
        (panels.area.grid, panels.area.covered, panels.target, panels.shifts),
    )  # fmt: skip
    if not isinstance(made, Rhythm):
        raise made
    return made


def strain(rhythm: Rhythm, events: pl.DataFrame, origin: date) -> tuple[float, int]:
    """Give Pearson's chi-square of the area's shift counts given each day's, and its degrees of freedom."""
    total, freedom = 0.0, 0
    for k in range(STEP):
        of_day = events.filter(pl.col("day") == k)
        shares = rhythm.shares(SHIFTS.windows(origin + timedelta(days=k)))
        expected = shares[:, of_day["cell"].to_numpy()].sum(axis=1)
        seen = np.bincount(of_day["shift"].to_numpy(), minlength=len(expected))
        total += float((np.square(seen - expected) / expected).sum())
        freedom += len(expected) - 1
    return total, freedom


def day_gain(rhythm: Rhythm, events: pl.DataFrame, origin: date, base: Floats) -> float:
    """Give what weekdays by kind add to where a day's events fall: cells' shares rescaled to the total."""
    gains = []
    for k in range(STEP):
        windows = SHIFTS.windows(origin + timedelta(days=k))
        by_kind = weights(rhythm, windows) @ rhythm.belongs.T
        moved = base * by_kind
        of_day = events.filter(pl.col("day") == k)["cell"].to_numpy()
        gains += list(np.log(moved[of_day] / moved.sum()) - np.log(base[of_day] / base.sum()))
    return float(np.mean(gains))


def weights(rhythm: Rhythm, windows: tuple[tuple[datetime, datetime], ...]) -> Floats:
    """Give each kind's share of its week in a policing day, (K,)."""
    from peelian.domain.rhythm import hours_in

    out: Floats = rhythm.profiles @ hours_in(windows[0][0], windows[-1][1], rhythm.zone)
    return out


def line(name: str, values: list[float]) -> str:
    """Give a mean with its interval over origins."""
    mean, error = np.mean(values), 1.96 * np.std(values, ddof=1) / np.sqrt(len(values))
    return f"{name}: {mean:+.4f} ({mean - error:+.4f} to {mean + error:+.4f})"


def run(data: Path, first: date, last: date, home: Path) -> None:
    """Score the rhythm at each origin and print the means."""
    ctx = open_context(home, None, "evaluation")
    path = data / "chicago-aggravated-assaults-2010-to-2017.parquet"
    ingest(ctx, IngestRequest("table", (path,), "chicago", "chicago"))
    known = SHIFTS.opens(first)
    area = resolve_area(ctx, None, known)
    panels = load_panels(ctx, area, target_named("violence"), "day", known, shifts=SHIFTS)
    fitted: Any = None
    found: dict[str, list[float]] = {}
    origin, events_in_all, took, strained = first, 0, [], []
    while origin + timedelta(days=STEP) <= min(last, CLOSED):
        panel = panels.at(origin)
        fitted = fitted or MODELS["shrunk-decay"].fit(panel, horizon=1, window=1, seed=1)
        base = fitted.predict(panel).mean[0]
        began = time.perf_counter()
        rhythm = learned(panels, origin)
        took.append(time.perf_counter() - began)
        events = happened(panels, panel)
        flat = np.full(HOURS, 1 / HOURS)
        scores = [shift_score(r, events, origin)
                  for r in (one_kind(rhythm, flat), one_kind(rhythm, rhythm.area), rhythm)]  # fmt: skip
        for name, value in (
            ("area's week over even hours", scores[1] - scores[0]),
            ("kinds of place over the area's week", scores[2] - scores[1]),
            ("weekdays by kind, where a day's events fall", day_gain(rhythm, events, origin, base)),
        ):
            found.setdefault(name, []).append(value)
        events_in_all += len(events)
        strained.append(strain(rhythm, events, origin))
        print(f"{origin}: {rhythm.kinds} kinds {rhythm.names}, {len(events)} events", file=sys.stderr)
        origin += timedelta(days=STEP)
    print(f"Chicago, {len(took)} origins from {first}, {events_in_all:,} events; nats an event")
    for name, values in found.items():
        print(line(name, values))
    chi, freedom = np.sum(strained, axis=0)
    print(f"shift counts given the day: chi-square {chi / freedom:.2f} a degree of freedom ({freedom:.0f})")
    print(f"learning the rhythm: {np.median(took):.1f} s at the median")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date(2016, 1, 4))
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=CLOSED)
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data DIR")
    with tempfile.TemporaryDirectory(prefix="peelian-rhythm-") as folder:
        run(asked.data, asked.first, asked.last, Path(folder))


if __name__ == "__main__":
    main()
