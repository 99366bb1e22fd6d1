"""Does a plan pay? Events that fell in the planned places and times, against two plainer plans. Prints.

usage: nice python benchmarks/plan_value.py [--data DIR] [--only beds-violence,beds-asb,...] [--seconds 120]

At each origin three plans of as many visits under the same rules are made from what was known then: by the
forecast, by last year's count, and spread equally. Afterwards the events in visited squares and windows are
counted. Bedfordshire: a month is one window, a visit is a square for the month. Chicago: a week of 21
shifts, ten visits a shift on average, at most three a square, two shifts between. There last year's
count is shared over the shifts by the forecast's own rhythm, which helps the rival. Intervals (95 %) are
paired: over origins where there are 24 or more, else over 2 km blocks. Held-back periods are not read as
outcomes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.domain.plan import Candidates, Rules, Slot, Visit
from peelian.domain.shifts import shifts_of
from peelian.domain.target import target_named
from peelian.domain.time import Every, london_midnight, step
from peelian.evaluate.interval import (
    DRAWS,
    FEW_ORIGINS,
    block_weights,
    moving_block_weights,
    origin_block_length,
    ratio_interval,
    spatial_blocks,
)
from peelian.features.panel import positions
from peelian.features.standing import counts_as
from peelian.models import MODELS
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels, origins_between
from peelian.plan.allocate import visits_only
from peelian.plan.allocate.problem import problem
from peelian.plan.allocate.rivals import equal_spread, last_year

Floats = npt.NDArray[np.float64]
PLANS = ("forecast", "last-year-count", "equal-spread")
MOST = 4000
SHIFTS = shifts_of(
    {"day_begins": "07:00", "zone": "America/Chicago",
     "shifts": {"early": "07:00", "late": "15:00", "night": "23:00"}}
)  # fmt: skip
BEDS = IngestRequest("police-uk", (Path("police-uk/bedfordshire-2021-03-to-2023-10.zip"),))
CHICAGO = IngestRequest(
    "table", (Path("chicago-aggravated-assaults-2010-to-2017.parquet"),), "chicago", "chicago"
)


@dataclass(frozen=True)
class Case:
    """What is replayed: origins from first to last, visits at each, and the rules."""

    name: str
    feed: IngestRequest
    target: str
    every: Every
    first: date
    last: date
    visits: int
    rules: Rules
    refit: int


SPACED = Rules(most_visits_a_place=3, least_gap_slots=2)
YEAR = (date(2016, 1, 4), date(2016, 12, 26))
MONTHS = (date(2022, 9, 1), date(2023, 4, 1))
CASES = (
    Case("beds-violence", BEDS, "violence", "month", *MONTHS, 100, Rules(), 1),
    Case("beds-asb", BEDS, "asb", "month", *MONTHS, 100, Rules(), 1),
    Case("chicago", CHICAGO, "violence", "week", *YEAR, 210, SPACED, 13),
)  # fmt: skip


def panels_of(case: Case, data: Path, home: Path) -> Panels:
    """Ingest the case's file once a home, and read its panels."""
    ctx = open_context(home / case.feed.paths[0].stem, None, "evaluation")
    ingest(
        ctx, IngestRequest(case.feed.source, (data / case.feed.paths[0],), case.feed.mapping, case.feed.force)
    )
    known = london_midnight(case.first)
    return load_panels(ctx, resolve_area(ctx, None, known), target_named(case.target), case.every, known)


def slots_of(case: Case, origin: date) -> list[Slot]:
    """A month as one window, or a week's shifts."""
    if case.every == "month":
        end = step(origin, "month", 1)
        return [Slot("month", london_midnight(origin), london_midnight(end))]
    windows = [one for k in range(7) for one in SHIFTS.windows(origin + timedelta(days=k))]
    return [
        Slot(f"{k}", start.astimezone(UTC), end.astimezone(UTC)) for k, (start, end) in enumerate(windows)
    ]


def happened(panels: Panels, slots: Sequence[Slot], cells: npt.NDArray[np.int64], origin: date) -> Floats:
    """Events in each cell and slot (C, S), as known now."""
    if len(slots) == 1:
        counts, seen = panels.truth(origin, 1, 1)
        return np.where(seen[0], counts[0], 0.0)[:, None]
    rows = panels.events_known(END_OF_TIME).filter(counts_as(panels.target))
    at = rows["start"].to_physical().to_numpy() / 1e6
    edges = np.array([one.start.timestamp() for one in slots] + [slots[-1].end.timestamp()])
    slot = np.searchsorted(edges, at, side="right") - 1
    cell = positions(rows, panels.area.grid, cells)
    good = (slot >= 0) & (slot < len(slots)) & (cell >= 0)
    out = np.zeros((len(cells), len(slots)))
    np.add.at(out, (cell[good], slot[good]), rows["n"].to_numpy()[good].astype(float))
    return out


def harm_of(panels: Panels, mean: Floats, slots: Sequence[Slot], origin: date, days: Panels | None) -> Floats:
    """Expected events by slot (C, S): the week shared by the rhythm known at the origin."""
    if len(slots) == 1 or days is None:
        return mean[:, None]
    rhythm = days.rhythm(origin, panels.opens(origin))
    if isinstance(rhythm, Refused):
        raise rhythm
    return mean[:, None] * rhythm.shares(tuple((one.start, one.end) for one in slots)).T


Round = tuple[date, Floats, dict[str, Floats]]


def replay(case: Case, panels: Panels, days: Panels | None, seconds: float) -> Iterator[Round]:
    """Give each origin, its truth (C, S) and what each plan visits (C, S)."""
    fitted = None
    for at, origin in enumerate(origins_between(case.first, case.last, case.every)):
        panel = panels.at(origin)
        if fitted is None or at % case.refit == 0:
            fitted = MODELS["learner"].fit(panel, horizon=1, window=1, seed=1)
        slots = slots_of(case, origin)
        harm = harm_of(panels, fitted.predict(panel).mean[0], slots, origin, days)
        year = panel.target_counts[-{"month": 12, "week": 52}[case.every] :].sum(axis=0).astype(float)
        yield (
            origin,
            happened(panels, slots, panel.cells, origin),
            plans(case, panel, slots, harm, year, seconds),
        )


def plans(
    case: Case, panel: Any, slots: list[Slot], harm: Floats, year: Floats, seconds: float
) -> dict[str, Floats]:
    """What each of the three plans visits, (C, S); the busiest by forecast or by count may be chosen."""
    busy = np.union1d(np.argsort(-harm.sum(1))[:MOST], np.argsort(-year)[:MOST])
    share = harm / harm.sum(axis=1, keepdims=True)
    east, north = panel.grid.centre(panel.cells[busy])
    ids = tuple(str(one) for one in panel.cells[busy])
    one = Candidates(ids, ids, east, north, harm[busy], harm[busy], harm[busy], (year[:, None] * share)[busy],
                     ("all",), np.zeros(len(busy), np.int64))  # fmt: skip
    teams, rules = visits_only(case.visits, slots, case.rules)
    asked = problem(one, slots, teams, rules)
    solved = asked.solve(one.harm, seconds)
    if solved is None:
        raise SystemExit("no plan keeps the rules")
    mine = asked.visits(*solved)
    made = {
        "forecast": mine, "last-year-count": last_year(asked, len(mine), seconds),
        "equal-spread": equal_spread(_everywhere(panel, slots, teams, rules), len(mine), seconds),
    }  # fmt: skip
    out = {}
    for name, visits in made.items():
        where = np.arange(len(harm)) if name == "equal-spread" else busy
        out[name] = _grid(visits, where, harm.shape)
    return out


def _everywhere(panel: Any, slots: list[Slot], teams: Any, rules: Rules) -> Any:
    """All squares, in one slot turn by turn: an equal spread is not one over the busiest."""
    east, north = panel.grid.centre(panel.cells)
    ids = tuple(str(one) for one in panel.cells)
    flat = np.ones((len(ids), len(slots)))
    whole = Candidates(ids, ids, east, north, flat, flat, flat, flat, ("all",), np.zeros(len(ids), np.int64))
    return problem(whole, slots, teams, rules)


def _grid(visits: Sequence[Visit], where: npt.NDArray[np.int64], shape: tuple[int, ...]) -> Floats:
    out = np.zeros(shape)
    for visit in visits:
        out[where[visit.place], visit.slot] = 1.0
    return out


def score(case: Case, data: Path, home: Path, seconds: float) -> None:
    """Replay a case and print its lines."""
    panels = panels_of(case, data, home)
    days = None
    if case.every == "week":
        ctx = open_context(home / case.feed.paths[0].stem, None, "evaluation")
        days = load_panels(ctx, panels.area, panels.target, "day", london_midnight(case.first), shifts=SHIFTS)
    blocks = spatial_blocks(panels.area.grid, panels.area.covered, 2.0)
    hits = {name: [] for name in PLANS}  # type: ignore[var-annotated]
    events, visits, all_slots = 0.0, 0.0, 0.0
    for origin, truth, made in replay(case, panels, days, seconds):
        for name in PLANS:
            hits[name].append(np.bincount(blocks, (truth * made[name]).sum(1), blocks.max() + 1))
        events, visits = events + truth.sum(), visits + made["forecast"].sum()
        all_slots += truth.size
        said = ", ".join(f"{name} {hits[name][-1].sum():.0f}" for name in PLANS)
        print(f"{case.name} {origin}: of {truth.sum():.0f} events {said}", file=sys.stderr, flush=True)
    by = {name: np.array(rows) for name, rows in hits.items()}
    origins = len(by["forecast"])
    print(f"\n{case.name}: {origins} {case.every}s, {events:,.0f} events, {visits:,.0f} visits")
    print(f"  a visit anywhere at random meets {events / all_slots:.4f} events")
    for name in PLANS:
        caught = by[name].sum()
        print(
            f"  {name:18} {caught:8,.0f} events ({100 * caught / events:5.2f} %), "
            f"{caught / visits:.4f} a visit"
        )
    for name in PLANS[1:]:
        got = interval(by["forecast"], by[name])
        word = "beats" if got.low > 1 else "loses to" if got.high < 1 else "cannot be told from"
        print(f"  {got.value:.3f} times {name} ({got.low:.3f} to {got.high:.3f}): {word} it", flush=True)


def interval(mine: Floats, other: Floats) -> Any:
    """How many times as many, with its paired interval, over origins or 2 km blocks."""
    rng = np.random.default_rng(1)
    if len(mine) >= FEW_ORIGINS:
        length = origin_block_length(len(mine), 1, 1)
        weights = moving_block_weights(len(mine), length, DRAWS, rng)
        return ratio_interval(mine.sum(1), other.sum(1), weights, len(mine) / length)
    used = (mine.sum(0) + other.sum(0)) > 0
    weights = block_weights(int(used.sum()), DRAWS, rng)
    return ratio_interval(mine.sum(0)[used], other.sum(0)[used], weights, float(used.sum()))


def main() -> None:
    """Run the cases."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    ask.add_argument("--data", type=Path, default=beside)
    ask.add_argument("--only", default=",".join(case.name for case in CASES))
    ask.add_argument("--seconds", type=float, default=120.0)
    said = ask.parse_args()
    if not said.data.is_dir():
        sys.exit(f"no data at {said.data}: give --data DIR")
    with tempfile.TemporaryDirectory(prefix="peelian-plan-value-") as folder:
        for case in CASES:
            if case.name in said.only.split(","):
                score(case, said.data, Path(folder), said.seconds)


if __name__ == "__main__":
    main()
