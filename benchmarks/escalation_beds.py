"""Does disorder lead to violence in Bedfordshire's open months? The model's effects, by LSOA and month.

    python benchmarks/escalation_beds.py [--data DIR]

Violence here is all recorded violence and sexual offences, homes included: the open source cannot separate
them. It is fitted over the whole area for evaluation; nothing is said of any place. Months from May 2023 on
are not read.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

from peelian.domain.series import Floats, Series
from peelian.domain.time import parse_date, period_starts, step
from peelian.warn.escalation import effects
from peelian.warn.escalation_drivers import DRIVERS

KEPT_BACK = "2023-05"
TYPES = {
    "violence": "Violence and sexual offences", "asb": "Anti-social behaviour",
    "damage": "Criminal damage and arson", "robbery": "Robbery",
}  # fmt: skip
METRES = (68_000.0, 111_000.0)  # a degree east and north here, near enough to find neighbours
FEWEST = 26


def rows(data: Path) -> pl.DataFrame:
    """Read the open months."""
    wanted = ["Month", "LSOA code", "Crime type", "Longitude", "Latitude"]
    with zipfile.ZipFile(data / "police-uk/bedfordshire-2021-03-to-2023-10.zip") as whole:
        names = [n for n in whole.namelist() if n.endswith("street.csv") and Path(n).name[:7] < KEPT_BACK]
        read = [pl.read_csv(io.BytesIO(whole.read(name)), columns=wanted) for name in names]
    return pl.concat(read).filter(pl.col("LSOA code").is_not_null())


def series_of(made: pl.DataFrame, target: str) -> Series:
    """Give the series of a target with its drivers, over LSOAs with a report a month or more."""
    middle = (pl.col("Longitude").mean(), pl.col("Latitude").mean())
    places = made.group_by("LSOA code").agg(pl.len().alias("n"), *middle)
    places = places.filter(pl.col("n") >= FEWEST).sort("LSOA code")
    months = sorted(made["Month"].unique().to_list())
    first = parse_date(months[0])
    counts = {name: counted(made, TYPES[name], months, places) for name in (target, *DRIVERS[target])}
    east, north = (places[n].to_numpy() * m for n, m in zip(("Longitude", "Latitude"), METRES, strict=True))
    y = counts.pop(target)
    return Series(
        target, "month", "lsoa", tuple(period_starts(first, len(months), "month")),
        step(first, "month", len(months)), tuple(places["LSOA code"].to_list()), east, north, y,
        np.ones(y.shape, bool), drivers=tuple(counts.items()),
    )  # fmt: skip


def counted(made: pl.DataFrame, kind: str, months: list[str], places: pl.DataFrame) -> Floats:
    """Count one type (P, A)."""
    grid = pl.DataFrame({"Month": months}).join(places.select("LSOA code"), how="cross")
    mine = made.filter(pl.col("Crime type") == kind).group_by("Month", "LSOA code").agg(n=pl.len())
    full = grid.join(mine, on=["Month", "LSOA code"], how="left", maintain_order="left")
    return full["n"].fill_null(0).to_numpy().reshape(len(months), places.height).astype(np.float64)


def main() -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=Path("../shared/data"))
    made = rows(ask.parse_args().data)
    print("| driver and target | before (error) | before less after (error) | chance under none |")
    print("| --- | --- | --- | --- |")
    for target in ("violence", "robbery"):
        for one in effects(series_of(made, target)):
            print(
                f"| {one.driver} and {target} | {one.before:.3f} ({one.before_error:.3f}) "
                f"| {one.beyond:.3f} ({one.beyond_error:.3f}) | {one.p:.2f} |"
            )


if __name__ == "__main__":
    main()
