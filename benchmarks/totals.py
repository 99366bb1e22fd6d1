"""How far off the area's total is: every open series, rolling origins before the periods kept back.

usage: python benchmarks/totals.py [--data DIR] [--only NAME,...]

For each set and horizon: the mean absolute log error and the mean bias (expected over counted, less one) of
the total of a window, over the last origins before the closed periods. Beside it stand the total as it was
carried before (`one_level.py`), the last year's count scaled to the window, and the same window a year
earlier. Nothing after the dates in `CLOSED` is read.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from one_level import one_level
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every, floor_period, london_midnight, period_starts, step
from peelian.domain.time import periods_between as between
from peelian.models.before import before
from peelian.models.past import gap_of
from peelian.models.total import level_for

CLOSED: Final = {
    "beds": date(2023, 5, 1), "chicago": date(2017, 1, 1), "toronto": date(2019, 1, 1),
    "met": date(2019, 1, 1), "wards": date(2022, 1, 1), "counts": date(2021, 9, 1),
}  # fmt: skip
ENFORCED: Final = ("Possession of weapons", "Drugs", "Public order")


@dataclass(frozen=True, eq=False)
class Series:
    """Daily or monthly counts by type: `name` of the set and columns type, day, count."""

    name: str
    counts: pl.DataFrame


def series_of(data: Path) -> Iterator[Series]:
    """Read every open set as counts by type and day (or first of month), up to what is closed."""
    yield Series("beds", _monthly(_bedfordshire(data)))
    for path in sorted((data / "police-uk-counts").glob("*.parquet")):
        rows = pl.scan_parquet(path).filter(pl.col("month") < f"{CLOSED['counts']:%Y-%m}").collect()
        yield Series(path.stem, _monthly(rows.select("crime_type", "month", "count")))
    met = pl.scan_parquet(data / "met-burglary-2010-to-2019.parquet").filter(pl.col("Month") < "2019-01")
    yield Series(
        "met", _monthly(met.select(pl.lit("Burglary").alias("crime_type"), pl.col("Month"), pl.lit(1)))
    )
    yield Series("wards", _wards(data))
    yield Series("chicago", _dated(data, "chicago-aggravated-assaults-2010-to-2017", "date", None))
    yield Series("toronto", _dated(data, "toronto-2014-to-2019", "occurrence_date", "mci_category"))


def _bedfordshire(data: Path) -> pl.LazyFrame:
    with zipfile.ZipFile(data / "police-uk" / "bedfordshire-2021-03-to-2023-10.zip") as archive:
        parts = [
            pl.read_csv(archive.read(name), columns=["Crime type", "Month"])
            for name in archive.namelist()
            if name.endswith("street.csv") and name[:7] < f"{CLOSED['beds']:%Y-%m}"
        ]
    return pl.concat(parts).lazy().select("Crime type", "Month", pl.lit(1))


def _monthly(rows: pl.LazyFrame | pl.DataFrame) -> pl.DataFrame:
    """Sum rows of type, month and count; enforcement is no input and left out."""
    frame = rows.lazy().collect()
    frame.columns = ["type", "month", "count"]
    frame = frame.filter(~pl.col("type").is_in(ENFORCED))
    return frame.select("type", pl.col("month").str.to_date("%Y-%m").alias("day"), "count")


def _wards(data: Path) -> pl.DataFrame:
    path = data / "mps-wards-2010-to-2022.parquet"
    months = [c for c in pl.read_parquet_schema(path) if c.isdigit() and c < "202201"]
    wide = pl.read_parquet(path, columns=["minortext", *months])
    some = ["VIOLENCE WITH INJURY", "ROBBERY OF PERSONAL PROPERTY", "CRIMINAL DAMAGE", "DOMESTIC BURGLARY"]
    long = wide.filter(pl.col("minortext").is_in(some)).unpivot(months, index="minortext")
    return long.select(
        pl.col("minortext").alias("type"), pl.col("variable").str.to_date("%Y%m").alias("day"),
        pl.col("value").fill_null(0).alias("count"),
    )  # fmt: skip


def _dated(data: Path, stem: str, day: str, kind: str | None) -> pl.DataFrame:
    rows = pl.scan_parquet(data / f"{stem}.parquet").filter(pl.col(day) < CLOSED[stem.split("-")[0]])
    named = pl.col(kind) if kind else pl.lit("Aggravated assault")
    return rows.select(
        named.alias("type"), pl.col(day).cast(pl.Date).alias("day"), pl.lit(1).alias("count")
    ).collect()


def panel_of(series: Series, target: str, every: Every) -> Panel:
    """Give the whole series as a panel of one cell, its target first; types too rare to help are left out."""
    table = series.counts.group_by("type", "day").agg(pl.col("count").sum())
    kinds = [target, *sorted(t for t in table["type"].unique() if t != target)]
    day: date = table["day"].min()  # type: ignore[assignment]
    first = step(floor_period(day, every), every, 1) if every == "week" else floor_period(day, every)
    last: date = table["day"].max()  # type: ignore[assignment]
    end = floor_period(last, every) if every == "week" else step(floor_period(last, every), every, 1)
    starts = period_starts(first, between(first, end, every), every)
    counts = np.zeros((len(kinds), len(starts), 1), np.float32)
    for name, when, n in table.select("type", "day", "count").iter_rows():
        at = between(first, floor_period(when, every), every)
        if 0 <= at < len(starts):
            counts[kinds.index(name), at, 0] += n
    seen = np.broadcast_to((counts.sum(axis=0) > 0)[None], counts.shape)
    return Panel(
        GRID, every, end, london_midnight(end), target, tuple(kinds), tuple(starts),
        np.zeros(1, np.int64), counts, seen, np.zeros(counts.shape[:2]),
    )  # fmt: skip


Method = Callable[[Panel, int], float]
"""Gives the total expected in the window of so many periods from the panel's origin."""


def model_total(panel: Panel, window: int) -> float:
    """Give what every forecaster of the repo shares."""
    totals, level, _ = level_for(panel, horizon=1, window=window)
    at = len(panel.starts)
    base, factor = totals.ahead(level, at - gap_of(panel), at, window)
    return base * float(factor.sum())


def last_year(panel: Panel, window: int) -> float:
    """Scale the last year's count, of the periods seen, to the window."""
    year = YEAR_PERIODS[panel.every]
    seen = panel.observed[0, -year:, 0]
    return float(panel.counts[0, -year:, 0][seen].mean()) * window


def year_before(panel: Panel, window: int) -> float:
    """Count the same window a year earlier."""
    at = len(panel.starts) - YEAR_PERIODS[panel.every]
    return float(panel.counts[0, at : at + window, 0].sum()) if at >= 0 else float("nan")


METHODS: Final[dict[str, Method]] = {
    "total": model_total, "one level": one_level, "last year": last_year, "year before": year_before,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A series, and how it is scored: every `step`-th of the last origins."""

    set: str
    target: str
    every: Every
    windows: tuple[int, ...]
    origins: int
    step: int = 1


VIOLENCE, ASB = "Violence and sexual offences", "Anti-social behaviour"
CASES = (
    *(Case("beds", t, "month", (1, 6), 12) for t in (VIOLENCE, ASB, "Robbery", "Burglary")),
    *(
        Case(force, t, "month", (1,), 4)
        for force in ("cambridgeshire", "cleveland", "derbyshire", "leicestershire", "nottinghamshire")
        for t in (VIOLENCE, ASB, "Robbery")
    ),
    Case("met", "Burglary", "month", (1, 6), 72),
    *(Case("wards", t, "month", (1, 6), 96) for t in (
        "VIOLENCE WITH INJURY", "ROBBERY OF PERSONAL PROPERTY", "CRIMINAL DAMAGE", "DOMESTIC BURGLARY")),
    Case("chicago", "Aggravated assault", "week", (1, 4), 208, 4),
    *(Case("toronto", t, "week", (1, 4), 156, 4) for t in ("Assault", "Robbery", "Auto Theft")),
    Case("chicago", "Aggravated assault", "day", (1, 7), 400, 10),
    Case("toronto", "Assault", "day", (1, 7), 400, 10),
)  # fmt: skip


def errors(case: Case, panel: Panel, window: int, method: Method) -> tuple[list[float], list[float]]:
    """Give what was expected and what was counted at each of the last origins."""
    last = len(panel.starts) - window
    told, counted = [], []
    for at in range(max(last - case.origins + 1, 8), last + 1, case.step):
        if not panel.observed[0, at : at + window].all():
            continue
        expected = method(before(panel, at), window)
        if expected > 0:  # a year before there may be nothing
            told.append(expected)
            counted.append(float(panel.counts[0, at : at + window].sum()))
    return told, counted


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data DIR")
    held = {series.name: series for series in series_of(asked.data)}
    print("| set | target | window | origins | " + " | ".join(f"{m}: error, bias" for m in METHODS) + " |")
    print("| --- " * (4 + len(METHODS)) + "|")
    for case in CASES:
        if asked.only and case.set not in asked.only.split(","):
            continue
        panel = panel_of(held[case.set], case.target, case.every)
        for window in case.windows:
            print(row(case, panel, window), flush=True)


def row(case: Case, panel: Panel, window: int) -> str:
    """Give one line: each method's mean absolute log error and bias, in per cent."""
    cells = []
    n = 0
    for method in METHODS.values():
        told, counted = (np.array(v) for v in errors(case, panel, window, method))
        if len(told) == 0:
            cells.append("-")
            continue
        n = max(n, len(told))
        off = np.abs(np.log(told / counted)).mean()
        cells.append(f"{100 * off:.1f}, {100 * (told.sum() / counted.sum() - 1):+.1f}")
    return f"| {case.set} | {case.target} | {window} {case.every} | {n} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
