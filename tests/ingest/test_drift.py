"""Drift: a stable feed is let in, a feed that changed its ways is held for review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Refused
from peelian.ingest.drift import drift
from peelian.ingest.profile import ProfileMaker
from peelian.ingest.run import IngestReport, ingest
from peelian.sources import SOURCES
from peelian.sources.table.load import load_mapping
from peelian.sources.table.parsing import parse_by
from peelian.store.ledger import state
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

MAPPING = {
    "source": "s", "force": "simulated-x", "time": {"format": "%d/%m/%Y %H:%M"},
    "columns": {"id": "ref", "occurred": "when", "easting": "x", "northing": "y", "offence": "what",
                "severity": "harm"},
    "codes": {"A1": "violence", "R1": "robbery", "B1": "burglary"},
}  # fmt: skip
HOURS = np.array([3, 2, 2, 1, 1, 1, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 6, 7, 8, 9, 10, 11, 9, 6], float)
Mutate = Callable[[pl.DataFrame], pl.DataFrame]


def month(k: int, rng: np.random.Generator, rate: float = 220) -> pl.DataFrame:
    """Draw a month of a steady feed, month `k` from January 2021."""
    first = datetime(2021 + k // 12, k % 12 + 1, 1)
    days = (datetime(2021 + (k + 1) // 12, (k + 1) % 12 + 1, 1) - first).days
    n = int(rng.poisson(rng.gamma(100, rate / 100)))
    hours = rng.choice(24, n, p=HOURS / HOURS.sum())
    when = [
        first + timedelta(days=int(d), hours=int(h), minutes=int(m))
        for d, h, m in zip(rng.integers(0, days, n), hours, rng.integers(0, 60, n), strict=True)
    ]
    placed = rng.random(n) > 0.08
    return pl.DataFrame({
        "ref": [f"{k}-{j}" for j in range(n)], "when": [w.strftime("%d/%m/%Y %H:%M") for w in when],
        "x": [str(int(v)) if p else None for v, p in zip(rng.normal(455_000, 6_000, n), placed, strict=True)],
        "y": [str(int(v)) if p else None for v, p in zip(rng.normal(212_000, 6_000, n), placed, strict=True)],
        "what": rng.choice(["A1", "R1", "B1"], n, p=[0.6, 0.1, 0.3]),
        "harm": [f"{v:.1f}" for v in rng.gamma(2, 5, n)],
    })  # fmt: skip


def _when(frame: pl.DataFrame, change: Callable[[datetime], str]) -> pl.DataFrame:
    read = (datetime.strptime(text, "%d/%m/%Y %H:%M") for text in frame["when"])
    return frame.with_columns(when=pl.Series([change(one) for one in read]))


def _uk(one: datetime) -> str:
    return one.strftime("%d/%m/%Y %H:%M")


WRONG: dict[str, Mutate] = {
    "day and month swapped": lambda f: _when(f, lambda w: w.strftime("%m/%d/%Y %H:%M")),
    "swapped, early days only": lambda f: _when(
        f, lambda w: w.replace(day=(w.day - 1) % 12 + 1).strftime("%m/%d/%Y %H:%M")
    ),
    "coordinates swapped": lambda f: f.rename({"x": "y", "y": "x"}),
    "coordinates in kilometres": lambda f: f.with_columns(
        (pl.col("x", "y").cast(pl.Float64) / 1000).cast(pl.String)
    ),
    "clock three hours on": lambda f: _when(f, lambda w: _uk(w + timedelta(hours=3))),
    "times lost": lambda f: _when(f, lambda w: w.strftime("%d/%m/%Y 00:00")),
    "codes renamed": lambda f: f.with_columns(what=pl.col("what").replace({"A1": "Z9"})),
    "codes swapped": lambda f: f.with_columns(what=pl.col("what").replace({"A1": "B1", "B1": "A1"})),
    "every row twice": lambda f: pl.concat(
        [f, *(f.with_columns(ref=pl.col("ref") + f"/{k}") for k in (2, 3))]
    ),
    "most rows missing": lambda f: f.head(f.height // 5),
    "places missing": lambda f: f.with_columns(
        pl.lit(None, pl.String).alias("x"), pl.lit(None, pl.String).alias("y")
    ),
    "severity in another unit": lambda f: f.with_columns(
        harm=(pl.col("harm").cast(pl.Float64) * 100).cast(pl.String)
    ),
    "a mapped column renamed": lambda f: f.rename({"what": "offence type"}),
    "a mapped column retyped": lambda f: f.with_columns(when=pl.lit("yesterday")),
}


def mapping(folder: Path) -> Path:
    path = folder / "m.yaml"
    path.write_text(yaml.safe_dump(MAPPING))
    return path


def take(ws: Workspace, folder: Path, name: str, frame: pl.DataFrame, **options: object) -> IngestReport:
    path = folder / name
    frame.write_csv(path)
    full = {"mapping": str(mapping(folder))} | options
    return ingest(ws, SOURCES["table"], [path], options=full, actor=LOCAL_ANALYST, purpose="analysis")


def profile(folder: Path, frame: pl.DataFrame) -> dict[str, object]:
    path = folder / "f.csv"
    frame.write_csv(path)
    made = ProfileMaker()
    where = str(mapping(folder))
    raw = next(iter(SOURCES["table"].land([path], folder, {"mapping": where})))
    for batch in parse_by(raw, {"mapping": where}, load_mapping(where)[0]):
        made.add(batch)
    return made.profile()


def test_two_hundred_steady_files_are_seldom_held(tmp_path: Path) -> None:
    held = 0
    for seed in range(5):
        rng = np.random.default_rng(seed)
        past: list[dict[str, object]] = []
        for k in range(40):
            one = profile(tmp_path, month(k, rng))
            held += bool(drift(one, past))
            past.append(one)
    assert held <= 4


@pytest.mark.parametrize("name", WRONG)
def test_a_feed_that_changed_its_ways_is_never_taken_silently(name: str, tmp_path: Path) -> None:
    """Each change in 15 months of steady feeds: 14 changes, 210 files, all held for review or refused."""
    silent = []
    for seed in range(3):
        rng = np.random.default_rng(100 + seed)
        past = [profile(tmp_path, month(k, rng)) for k in range(6)]
        for k in range(6, 11):
            frame = WRONG[name](month(k, rng))
            try:
                if not drift(profile(tmp_path, frame), past):
                    silent.append((seed, k))
            except Refused:
                pass
    assert not silent


def test_a_held_file_takes_nothing_and_says_how_to_take_it(tmp_path: Path) -> None:
    ws, rng = fresh(tmp_path / "home"), np.random.default_rng(1)
    for k in range(3):
        take(ws, tmp_path, f"{k}.csv", month(k, rng))
    before = state(ws)
    swapped = WRONG["coordinates swapped"](month(3, rng))
    with pytest.raises(Refused, match=r"held for review.*swapped.*--accept-drift") as said:
        take(ws, tmp_path, "3.csv", swapped)
    assert said.value.exit_code == 3
    assert state(ws).equals(before)
    assert take(ws, tmp_path, "3.csv", swapped, accept_drift=True).total.accepted == swapped.height
    # A past accepted is the past from then on.
    take(ws, tmp_path, "4.csv", WRONG["coordinates swapped"](month(4, rng)))
    ws.engine.dispose()
