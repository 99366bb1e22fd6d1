"""The running state beside rates that stand still and plain counts, day by day; and what it costs.

The recipe is learned at the start of a year; then each day of it is told, and the next day is forecast.
Toronto, robbery and car theft in 2018: nothing of 2019 is read. Gains in log score (Poisson) are per event,
over the rate of the first day standing still, with a 95 % interval from 1,000 draws of whole weeks. Plain
counts are each cell's own with 2 % spread evenly, not pulled to their surroundings as the background is.

    python benchmarks/running_state.py [--data DIR]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from peelian.domain.live import Taken
from peelian.live.entering import entering
from peelian.live.state import RunningState, microseconds
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.live.state_recipe import make_recipe, rows_of
from peelian.store.ledger import latest_snapshot
from peelian.store.runs import RunRow

CUT, DAYS = datetime(2018, 1, 1, 5, tzinfo=UTC), 364
Floats = np.ndarray


def held(data: Path, home: Path) -> Context:
    """Bring in Toronto up to the end of 2018."""
    file = home.parent / "toronto.parquet"
    rows = pl.read_parquet(data / "toronto-2014-to-2019.parquet")
    rows.filter(pl.col("occurrence_date") < datetime(2019, 1, 1)).write_parquet(file)
    ctx = open_context(home, None)
    ingest(ctx, IngestRequest("table", (file,), mapping="toronto"))
    return ctx


def followed(ctx: Context, target: str) -> tuple[dict[str, Floats], Floats, RunningState]:
    """Give each forecaster's expected numbers of every day (D, C), and what the day held."""
    card = {"area": {"code": "toronto"}, "as_of": CUT.isoformat(), "origin": str(date(2018, 1, 1))}
    recipe = make_recipe(ctx, RunRow(f"toronto-{target}", "toronto", target, "day", CUT, card, ctx.ws.runs))
    rows = rows_of(ctx, resolve_area(ctx, "toronto", CUT), None, None).sort("start")
    read = entering(rows, recipe)
    own = read.kind == 0
    at, cell = (read.time[own] - microseconds(CUT)) // 86_400_000_000, read.cell[own]
    counts = np.zeros((DAYS + 365, len(recipe.cells)))
    kept = (at >= -365) & (at < DAYS)
    np.add.at(counts, (at[kept] + 365, cell[kept]), read.count[own][kept])
    state = RunningState(recipe)
    state.begin(rows.filter(pl.col("start") < CUT), position=0, snapshot=latest_snapshot(ctx.ws))
    out: dict[str, list[Floats]] = {"rate now": [], "last 7 days": [], "last 365 days": [], "both counts": []}
    even = counts[:365].mean()
    for k in range(DAYS):
        now = CUT + timedelta(days=k)
        out["rate now"].append(state.at(now).rate / 7)
        week, year = counts[k + 358 : k + 365].mean(axis=0), counts[k : k + 365].mean(axis=0)
        out["last 7 days"].append(0.98 * week + 0.02 * even)
        out["last 365 days"].append(0.98 * year + 0.02 * even)
        out["both counts"].append(0.1 * week + 0.88 * year + 0.02 * even)
        day = rows.filter((pl.col("start") >= now) & (pl.col("start") < now + timedelta(days=1)))
        state.take(Taken(k + 1, k + 1, now, day, day.clear()))
    still = np.repeat(out["rate now"][0][None], DAYS, axis=0)
    return {"its first day's": still} | {name: np.array(v) for name, v in out.items()}, counts[365:], state


def gain(one: Floats, base: Floats, truth: Floats) -> tuple[float, float, float]:
    """Give the gain per event with its interval; each forecast's total is its own."""
    each = (truth * np.log(one / base) - (one - base)).sum(axis=1).reshape(-1, 7).sum(axis=1)
    events = truth.sum(axis=1).reshape(-1, 7).sum(axis=1)
    draw = np.random.default_rng(1).integers(0, len(each), (1000, len(each)))
    low, high = np.quantile(each[draw].sum(axis=1) / events[draw].sum(axis=1), [0.025, 0.975])
    return float(each.sum() / events.sum()), float(low), float(high)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=beside)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peelian-running-") as folder:
        ctx = held(asked.data, Path(folder) / "home")
        for target in ("robbery", "vehicle"):
            rates, truth, state = followed(ctx, target)
            r = state.recipe
            print(f"\nToronto {target}, 2018: {truth.sum():.0f} events in {truth.shape[1]} cells; "
                  f"learned from {r.events:,}: branching {np.round(r.branching.sum(axis=1), 3).tolist()} of "
                  f"{[kind.name for kind in r.kinds]}, delay {r.scales[0]:.1f} days")  # fmt: skip
            for name, rate in rates.items():
                value, low, high = gain(rate, rates["its first day's"], truth)
                print(f"  {name:14} {value:+.4f} ({low:+.4f} to {high:+.4f}) nats an event, "
                      f"expected {rate.sum():.0f}")  # fmt: skip
            began = time.process_time()
            for k in range(20):
                state.at(CUT + timedelta(days=DAYS, seconds=k))
            print(f"  seen in {(time.process_time() - began) / 20 * 1e3:.1f} ms of processor")


if __name__ == "__main__":
    main()
