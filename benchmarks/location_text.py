"""Location text: how often a match is right, how often there is one, and whether its likelihood is honest.

    python benchmarks/location_text.py [--failures] [--speed]

The phrases and the town are written for the purpose (tests/gazetteer); half the families of phrasing are held
out. `--failures` lists what went wrong in the development half only.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.gazetteer import town  # noqa: E402

from peelian.gazetteer import Gazetteer, resolve  # noqa: E402
from peelian.gazetteer.loaders import load_kind  # noqa: E402

NEAR_M = 40.0
"""A match is right when its point lies within this of the labelled place's own."""


@dataclass(frozen=True)
class Measured:
    """One half: `rows` has text, family, want, right (of those matched), matched, findable, match, how."""

    rows: pl.DataFrame

    @property
    def precision(self) -> float:
        """The share of matches that are right."""
        matched = self.rows.filter("matched")
        return float(matched["right"].mean() or 0.0)  # type: ignore[arg-type]

    @property
    def match_rate(self) -> float:
        """The share of findable phrases that got a point."""
        return float(self.rows.filter("findable")["matched"].mean() or 0.0)  # type: ignore[arg-type]

    @property
    def found_right(self) -> float:
        """The share of findable phrases whose point is right."""
        return float(self.rows.filter("findable")["right"].mean() or 0.0)  # type: ignore[arg-type]


def gazetteer(folder: Path) -> Gazetteer:
    """Give the invented town's gazetteer, read from files in the real products' layouts."""
    return Gazetteer.of(pl.concat([load_kind(kind, path) for kind, path in town.write_files(folder).items()]))


def phrases(half: str) -> pl.DataFrame:
    """Give one half's phrases: text, want, family."""
    held = yaml.safe_load((ROOT / "tests/gazetteer/phrases" / f"{half}.yaml").read_text())
    rows = [(text, want, family) for family, pairs in held["families"].items() for text, want in pairs]
    return pl.DataFrame(rows, schema=["text", "want", "family"], orient="row")


def measure(half: str, places: Gazetteer) -> Measured:
    """Resolve one half and compare with its labels."""
    table = phrases(half)
    found = resolve(table["text"], places)
    points = [town.truth(want) for want in table["want"].to_list()]
    codes = [want[2:] if want.startswith("a:") else None for want in table["want"].to_list()]
    rows = table.hstack(found).with_columns(
        x=pl.Series([p[0] if p else None for p in points], dtype=pl.Float64),
        y=pl.Series([p[1] if p else None for p in points], dtype=pl.Float64),
        code=pl.Series(codes, dtype=pl.String),
    )
    apart = ((pl.col("x") - pl.col("easting")) ** 2 + (pl.col("y") - pl.col("northing")) ** 2).sqrt()
    return Measured(
        rows.with_columns(
            matched=pl.col("easting").is_not_null(), findable=pl.col("x").is_not_null(),
            right=(apart <= NEAR_M).fill_null(False), apart=apart,
        )
    )  # fmt: skip


def calibration(rows: pl.DataFrame) -> pl.DataFrame:
    """Give, in bands of the stated likelihood, how many matches there are and which share is right."""
    band = pl.when(pl.col("match") < 0.8).then(0.7).when(pl.col("match") < 0.9).then(0.8)
    matched = rows.filter("matched").with_columns(
        at_least=band.when(pl.col("match") < 0.95).then(0.9).otherwise(0.95)
    )
    return matched.group_by("at_least").agg(
        n=pl.len(), said=pl.col("match").mean().round(3), right=pl.col("right").mean().round(3)
    ).sort("said")  # fmt: skip


def speed(places: Gazetteer, n: int = 10_000) -> float:
    """Give the seconds 10,000 distinct phrases take: all of ours, each with house numbers of its own."""
    texts = pl.concat([phrases(half)["text"] for half in ("development", "held_out")]).to_list()
    rng = np.random.default_rng(1)
    many = pl.Series([f"{rng.integers(1, 9999)} {texts[i % len(texts)]}" for i in range(n)])
    began = time.perf_counter()
    resolve(many, places)
    return time.perf_counter() - began


def main() -> None:
    """Score the phrases and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        places = gazetteer(Path(folder))
        for half in ("development", "held_out"):
            measured = measure(half, places)
            n, matched = measured.rows.height, int(measured.rows["matched"].sum())
            print(
                f"{half}: {n} phrases; {matched} matched; precision {measured.precision:.3f}; "
                f"match rate {measured.match_rate:.3f} of {int(measured.rows['findable'].sum())} findable "
                f"({measured.found_right:.3f} right)"
            )
            print(calibration(measured.rows))
            if "--failures" in sys.argv and half == "development":
                wrong = measured.rows.filter(
                    (pl.col("matched") & ~pl.col("right"))
                    | (pl.col("findable") & ~pl.col("matched"))
                    | (pl.col("code").is_not_null() & ~pl.col("code").eq_missing(pl.col("area")))
                )
                with pl.Config(tbl_rows=200, fmt_str_lengths=70, tbl_width_chars=200):
                    print(wrong.select("family", "text", "want", "matched", "match", "how", "apart"))
        if "--speed" in sys.argv:
            print(f"10,000 distinct phrases: {speed(places):.1f} s")


if __name__ == "__main__":
    main()
