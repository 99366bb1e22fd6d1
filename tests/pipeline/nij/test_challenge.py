from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from peelian.domain.errors import Misuse, Refused
from peelian.pipeline.nij import choosing
from peelian.pipeline.nij.backtest import play, summary
from peelian.pipeline.nij.cells import CellTable
from peelian.pipeline.nij.challenge import run, to_json, write_entries
from peelian.pipeline.nij.events import City, read_city
from peelian.pipeline.nij.lines import told
from peelian.pipeline.nij.modelled import ModelRanker
from peelian.pipeline.nij.ranking import RAW, CountRanker, highest
from peelian.pipeline.nij.rules import HORIZONS, MILE, ORIGIN, categories_of
from peelian.pipeline.nij.tessellation import PIVOT, Tessellation
from tests.pipeline.nij.portland import frame, write

SETTINGS = (CountRanker(around=0.02), CountRanker(365.0, other=0.5, around=0.02))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portland")
    write(path)
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer grids and settings, so that the whole challenge takes a second."""
    monkeypatch.setattr(choosing, "SETTINGS", SETTINGS)
    monkeypatch.setattr(choosing, "_CANDIDATES", 6)
    monkeypatch.setattr(choosing, "_GRIDS", 1)
    monkeypatch.setattr(choosing, "SIDES", (250.0, 600.0))


def test_memory_and_counts_by_hand(folder: Path) -> None:
    city = read_city(folder)
    table = CellTable.of(Tessellation(250.0, 250.0), city, "burglary")
    origin = date(2016, 3, 1)
    own = city.events["burglary"]
    age = (origin - date(1970, 1, 1)).days - own.day
    cell = int(table.own_at[0])
    mine = (table.own_at == cell) & (age > 0)
    got = table.remembered(origin, 100.0)
    assert got[cell] == pytest.approx((0.5 ** (age[mine] / 100.0)).sum())
    assert got.sum() == pytest.approx((0.5 ** (age[age > 0] / 100.0)).sum())
    days = (age <= 0) & (age > -7)
    assert table.happened(origin, date(2016, 3, 8)).sum() == days.sum()


def test_neighbours_touch_by_side_or_corner(folder: Path) -> None:
    table = CellTable.of(Tessellation(250.0, 250.0), read_city(folder), "burglary")
    row, column = np.divmod(table.keys, 1 << 20)
    for k in (0, 17, len(table.keys) - 1):
        near = (np.abs(row - row[k]) <= 1) & (np.abs(column - column[k]) <= 1)
        near[k] = False
        assert table.beside[[k]].toarray().ravel().astype(bool).tolist() == near.tolist()


def test_repeat_addresses_are_found_and_a_shuffled_city_gives_pai_one(folder: Path) -> None:
    city = read_city(folder)
    table = CellTable.of(Tessellation(250.0, 250.0), city, "vehicle")
    origins = [date(2016, m, 1) for m in (3, 5, 7, 9, 11)]
    got = play(lambda _: table, RAW, origins, ORIGIN, 0.25, city.area)
    found = summary(got, HORIZONS[2])
    assert found.pooled_pai > 8  # two in three at 40 cells in 112 of the 2,304: 0.66 / 0.05
    rng = np.random.default_rng(5)
    events = {
        name: type(e)(
            PIVOT[0] + rng.uniform(0, 12_000, len(e)), PIVOT[1] + rng.uniform(0, 12_000, len(e)), e.day
        )
        for name, e in city.events.items()
    }
    even = City(events, city.boundary, city.area)
    table = CellTable.of(Tessellation(250.0, 250.0), even, "vehicle")
    nothing = summary(
        play(lambda _: table, CountRanker(around=0.3), origins, ORIGIN, 0.25, city.area), HORIZONS[4]
    )
    noise = np.sqrt(0.05 * 0.95 / nothing.events) / 0.05
    assert abs(nothing.pooled_pai - 1.0) < 3.5 * noise


def test_what_comes_after_the_origin_changes_no_value(folder: Path) -> None:
    city = read_city(folder)
    origin = date(2015, 6, 1)
    cut = City({n: e.between(None, origin) for n, e in city.events.items()}, city.boundary, city.area)
    square = Tessellation(250.0, 250.0, 20.0)
    whole, part = CellTable.of(square, city, "burglary"), CellTable.of(square, cut, "burglary")
    covering, _ = square.covering(city.boundary)
    rankers = (CountRanker(400.0, 0.5, 1.0, 0.3), ModelRanker("shrunk-decay", covering))
    for ranker in rankers:
        flags = [t.keys[highest(ranker.values(t, origin), 112) > 0] for t in (whole, part)]
        assert flags[0].tolist() == flags[1].tolist()


def test_a_forecaster_needs_square_cells(folder: Path) -> None:
    table = CellTable.of(Tessellation(125.0, 500.0), read_city(folder), "burglary")
    with pytest.raises(Misuse, match="square"):
        ModelRanker("shrunk-decay", table.keys).values(table, date(2015, 6, 1))


@pytest.mark.usefixtures("quick")
def test_the_whole_challenge(folder: Path, tmp_path: Path) -> None:
    truth = tmp_path / "later.csv"
    frame(3, 400, date(2017, 3, 1), date(2017, 6, 1)).write_csv(truth)
    only = categories_of("burglary")
    made = run(folder, only, truth=truth, models=("shrunk-decay",))
    again = run(folder, only)
    assert made.digest == again.digest  # the truth changes nothing that was filed
    assert len(made.entries) == 2
    for entry, miles in zip(made.entries, (0.25, 0.75), strict=True):
        assert 0.25 <= entry.flagged / MILE**2 <= 0.75
        assert entry.flagged / MILE**2 == pytest.approx(miles, abs=0.02)
        assert entry.shapes.size == len(entry.keys)
        later = pl.read_csv(truth, try_parse_dates=True)
        for horizon in HORIZONS:
            rows = later.filter(pl.col("occ_date") < horizon.end(ORIGIN))
            inside = shapely.union_all(entry.shapes[entry.hotspot])
            points = rows["x_coordina"].to_numpy(), rows["y_coordina"].to_numpy()
            hit = shapely.intersects_xy(inside, *points).sum()
            got = made.truth["burglary", miles, horizon.name]
            assert (got.events, got.caught) == (len(rows), hit)
            assert got.pai == pytest.approx(hit / len(rows) / (entry.flagged / 12_000**2))
    assert made.truth["burglary", 0.25, "3 months"].pai > 5
    words = "\n".join(told(made))
    assert made.digest in words
    assert "later file" in words
    assert "shrunk-decay" in words
    json.dumps(to_json(made))
    path = write_entries(made.entries, tmp_path / "out")[0]
    held = json.loads(path.read_text())
    assert sum(f["properties"]["hotspot"] for f in held["features"]) == made.entries[0].hotspot.sum()
    assert held["crs"]["properties"]["name"].endswith("EPSG::2913")


@pytest.mark.usefixtures("quick")
def test_a_pretend_truth_of_earlier_months_scores_an_earlier_origin(folder: Path, tmp_path: Path) -> None:
    city = read_city(folder)
    origin = date(2016, 9, 1)
    later = city.events["vehicle"].between(origin, date(2016, 12, 1))
    days = [date.fromordinal(int(d) + date(1970, 1, 1).toordinal()) for d in later.day]
    path = tmp_path / "pretend.parquet"
    pl.DataFrame({"occ_date": days, "x_coordina": later.x, "y_coordina": later.y}).write_parquet(path)
    made = run(folder, categories_of("vehicle"), truth=path, aims=("pai",), origin=origin)
    assert made.truth["vehicle", 0.25, "3 months"].events == len(later)
    assert made.truth["vehicle", 0.25, "3 months"].pai > 5
    assert max(len(b.lines) for b in made.blocks) == 5


def test_errors_teach(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="burglary, vehicle, all"):
        categories_of("street")
    with pytest.raises(Misuse, match="no such data folder"):
        read_city(tmp_path / "nowhere")
    with pytest.raises(Refused, match="burglary"):
        read_city(tmp_path)
    with pytest.raises(Misuse, match="unknown model"):
        run(folder, categories_of("all"), models=("crystal-ball",))


def test_the_command_teaches_and_leaves_with_two(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "peelian", "nij", "--data", str(tmp_path / "nowhere"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such data folder" in json.loads(done.stdout)["error"]
