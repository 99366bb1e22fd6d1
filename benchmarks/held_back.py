"""The held-back periods, scored once: the last year or half-year of each public set, with every forecaster.

usage: python benchmarks/held_back.py [--data DIR] [--only NAME,...] [--out FILE.json] [--keep DIR]
                                      [--rehearse]

None of these periods chose anything. `--rehearse` shifts each window a year (or its length) earlier, so that
the code can be tried without looking; the counted forces have too little history for that. The rival is the
plain count of the best log score on the origins before the window. docs/evidence/held-back.json keeps what
`--out` wrote the one time; held_back_tables.py prints it again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from accuracy import HEAD, row
from held_back_tables import tables
from peelian.domain.time import Every, step
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.ingesting import IngestRequest, ingest

MAPPINGS = Path(__file__).parent / "mappings"
FORCES = ("cambridgeshire", "cleveland", "derbyshire", "leicestershire", "nottinghamshire")
BOUNDED = {"beds", "met", *FORCES}
"""Homes for which LSOA and MSOA boundaries are loaded."""
Feeds = Callable[[Path, Path], list[IngestRequest]]


@dataclass(frozen=True)
class Case:
    """One row: what is ingested (data folder, scratch folder), what is forecast, from when to when."""

    name: str
    words: str
    feeds: Feeds
    target: str
    every: Every
    first: date
    last: date
    home: str
    points: bool = False  # places are points of an area file, not squares


def bedfordshire(data: Path, _scratch: Path) -> list[IngestRequest]:
    """Give the archive."""
    return [IngestRequest("police-uk", (data / "police-uk/bedfordshire-2021-03-to-2023-10.zip",))]


def shipped(file: str, mapping: str) -> Feeds:
    """Give one file with a mapping that comes with the package."""

    def feeds(data: Path, _scratch: Path) -> list[IngestRequest]:
        return [IngestRequest("table", (data / file,), mapping=mapping, force=mapping)]

    return feeds


def burglary(data: Path, _scratch: Path) -> list[IngestRequest]:
    """Give the Metropolitan Police's burglary."""
    file = data / "met-burglary-2010-to-2019.parquet"
    return [IngestRequest("table", (file,), mapping=str(MAPPINGS / "met_burglary.yaml"), force="met")]


def counted(force: str) -> Feeds:
    """Give a counted force as two files, so that the two years between them are missing and not zero."""

    def feeds(data: Path, scratch: Path) -> list[IngestRequest]:
        rows = pl.read_parquet(data / "police-uk-counts" / f"{force}.parquet")
        paths = []
        for name, part in (("before", pl.col("month") < "2020"), ("after", pl.col("month") > "2020")):
            paths.append(scratch / f"{force}-{name}.parquet")
            rows.filter(part).write_parquet(paths[-1])
        mapping = str(MAPPINGS / "police_uk_counts.yaml")
        return [IngestRequest("table", (path,), mapping=mapping, force=force) for path in paths]

    return feeds


def wards(data: Path, scratch: Path) -> list[IngestRequest]:
    """Give London's wards as points, months as rows; writes the area file of their points too."""
    attributes = data / "area-attributes"
    lookup = pl.read_parquet(attributes / "lookup_lsoa21_ward24_ltla24.parquet")
    centres = pl.read_parquet(attributes / "lsoa21_pop_weighted_centroids.parquet")
    points = (
        lookup.join(centres, on="lsoa21_code")
        .group_by("ward24_code")
        .agg(pl.col("easting", "northing").mean())
    )
    wide = pl.read_parquet(data / "mps-wards-2010-to-2022.parquet")
    months = [name for name in wide.columns if name.isdigit()]
    long = wide.unpivot(months, index=["wardcode", "minortext"], variable_name="month", value_name="count")
    long = long.filter(pl.col("count") > 0).join(points, left_on="wardcode", right_on="ward24_code")
    path = scratch / "london-wards.parquet"
    long.select("month", "minortext", "count", "easting", "northing").write_parquet(path)
    used = long.select("easting", "northing").unique().sort("easting", "northing").rows()
    area = {
        "name": "London wards", "code": "london-wards-points", "crs": "EPSG:27700", "cell_size": 250.0,
        "points": used,
    }  # fmt: skip
    (scratch / "london-wards.json").write_text(json.dumps(area))
    return [
        IngestRequest("table", (path,), mapping=str(MAPPINGS / "london_wards.yaml"), force="london-wards")
    ]


BEDS = (date(2023, 5, 1), date(2023, 10, 1))
COUNTED = (date(2021, 10, 1), date(2022, 3, 1))
BEDFORDSHIRE_VIOLENCE = "Bedfordshire, all violence and sexual offences, homes included"
CHICAGO_WORDS = "Chicago, aggravated assault outside homes"
WARDS_WORDS = "London wards, violence with injury"
CHICAGO = shipped("chicago-aggravated-assaults-2010-to-2017.parquet", "chicago")
TORONTO = shipped("toronto-2014-to-2019.parquet", "toronto")
YEAR_2017, YEAR_2019 = (date(2017, 1, 2), date(2017, 12, 18)), (date(2018, 12, 31), date(2019, 12, 16))
MET, WARDS = (date(2019, 1, 1), date(2019, 12, 1)), (date(2022, 1, 1), date(2022, 12, 1))
VIOLENCE = "all violence and sexual offences, homes included"
CASES = (
    Case("chicago", CHICAGO_WORDS, CHICAGO, "violence", "week", *YEAR_2017, "chi"),
    Case("toronto", "Toronto, assault outside homes", TORONTO, "violence", "week", *YEAR_2019, "tor"),
    Case("beds-violence", BEDFORDSHIRE_VIOLENCE, bedfordshire, "violence", "month", *BEDS, "beds"),
    Case("beds-asb", "Bedfordshire, anti-social behaviour", bedfordshire, "asb", "month", *BEDS, "beds"),
    Case("beds-robbery", "Bedfordshire, robbery", bedfordshire, "robbery", "month", *BEDS, "beds"),
    *(
        Case(force, f"{force.title()}, {VIOLENCE}", counted(force), "violence", "month", *COUNTED, force)
        for force in FORCES
    ),
    Case("met-burglary", "Metropolitan Police, burglary", burglary, "burglary", "month", *MET, "met"),
    Case("london-wards", WARDS_WORDS, wards, "violence", "month", *WARDS, "wards", True),
)  # fmt: skip


def asked_of(case: Case, scratch: Path, rehearse: bool) -> BacktestRequest:
    """Give the backtest of a case; rehearsed, of an earlier window."""
    back = (-52 if case.every == "week" else -12 if case.home in {"met", "wards"} else -6) if rehearse else 0
    first, last = step(case.first, case.every, back), step(case.last, case.every, back)
    area = str(scratch / "london-wards.json") if case.points else None
    return BacktestRequest(case.target, case.every, first, last, area=area)


def bring_in(ctx: Context, case: Case, data: Path, scratch: Path) -> None:
    """Ingest a case's files, and the boundaries that are published for it."""
    for feed in case.feeds(data, scratch):
        print(f"{case.name}: {ingest(ctx, feed).total}", file=sys.stderr)
    for level in ("lsoa21", "msoa21") if case.home in BOUNDED else ():
        import_context(ctx, "boundaries", data / "boundaries" / f"{level}.geojson.gz")


def main() -> None:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--only", default=",".join(c.name for c in CASES))
    parser.add_argument("--out", type=Path, help="also write every score here, as JSON")
    parser.add_argument("--keep", type=Path, help="keep the workspaces in this folder")
    parser.add_argument("--rehearse", action="store_true", help="score earlier windows instead")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data DIR")
    wanted, homes, found = asked.only.split(","), dict[str, Context](), dict[str, Any]()
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="peelian-held-back-") as folder:
        scratch = asked.keep or Path(folder)
        scratch.mkdir(parents=True, exist_ok=True)
        for case in (c for c in CASES if c.name in wanted and not (asked.rehearse and c.name in FORCES)):
            began = time.perf_counter()
            if case.home not in homes:
                homes[case.home] = open_context(scratch / case.home, None, "evaluation")
                bring_in(homes[case.home], case, asked.data, scratch)
            result = backtest(homes[case.home], asked_of(case, scratch, asked.rehearse)).result
            print(row(case, result), flush=True)
            words = f"{case.name}: {time.perf_counter() - began:.0f} s. {result.verdict.sentence}"
            print(words, file=sys.stderr, flush=True)
            found[case.name] = result.to_json()
            if asked.out:
                asked.out.write_text(json.dumps(found, indent=1))
    print("\n" + tables(json.loads(json.dumps(found))))


if __name__ == "__main__":
    main()
