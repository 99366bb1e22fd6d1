from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from peelian.domain.errors import Misuse
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.time import LONDON
from peelian.simulate.emit import SimulatedFiles, emit
from peelian.simulate.emit_scene import boundary
from peelian.simulate.published import lonlat, published_frame
from peelian.simulate.world import World

STREET = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip
OUTCOMES = [*STREET[:9], "Outcome type"]


def digests(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_world_gives_the_same_bytes(tiny: World, tiny_files: SimulatedFiles, tmp_path: Path) -> None:
    emit(tiny, tmp_path)
    assert digests(tmp_path) == digests(tiny_files.folder)


def test_every_published_record_is_in_each_layout_once(tiny: World, tiny_files: SimulatedFiles) -> None:
    published = int(tiny.published.sum())
    assert tiny_files.extract is not None
    extract = pl.read_csv(tiny_files.extract)
    assert len(extract) == published == tiny_files.records
    assert extract["record"].n_unique() == published
    street = pl.concat([pl.read_csv(path, infer_schema=False) for path in tiny_files.street])
    assert len(street) == published
    assert len(tiny_files.street) == tiny.scenario.months


def test_street_files_are_laid_out_as_published(tiny: World, tiny_files: SimulatedFiles) -> None:
    path = tiny_files.street[2]
    assert path.parent.name == "2022-03"
    assert path.name == "2022-03-simulated-little-eldermarch-street.csv"
    frame = pl.read_csv(path, infer_schema=False)
    assert frame.columns == STREET
    assert set(frame["Month"]) == {"2022-03"}
    asb = frame["Crime type"] == "Anti-social behaviour"
    assert frame.filter(asb)["Crime ID"].is_null().all()
    assert frame.filter(~asb)["Crime ID"].str.contains("^[0-9a-f]{64}$").all()
    lost = frame["Longitude"].is_null()
    assert 0 < lost.mean() < 0.06
    assert set(frame.filter(lost)["Location"]) == {"No Location"}
    assert frame.filter(~lost)["Location"].str.starts_with("On or near ").all()
    assert frame.filter(~lost)["LSOA code"].str.contains("^X[0-9]{8}$").all()
    outcomes = pl.read_csv(tiny_files.outcomes[2], infer_schema=False)
    assert outcomes.columns == OUTCOMES


def test_outcomes_belong_to_crimes_of_the_street_files(tiny_files: SimulatedFiles) -> None:
    street = pl.concat([pl.read_csv(path, infer_schema=False) for path in tiny_files.street])
    outcomes = pl.concat([pl.read_csv(path, infer_schema=False) for path in tiny_files.outcomes])
    joined = outcomes.join(street, on="Crime ID", how="left", suffix="_street")
    assert joined["Month_street"].is_not_null().all()
    assert (joined["Month"] >= joined["Month_street"]).all()


def test_snap_points_return_to_their_street_within_a_metre(tiny: World) -> None:
    from convertbng import cutil

    lon, lat = lonlat(tiny.streets.x, tiny.streets.y)
    x, y = cutil.convert_bng(np.round(lon, 6), np.round(lat, 6))
    assert np.hypot(np.asarray(x) - tiny.streets.x, np.asarray(y) - tiny.streets.y).max() < 1


def test_months_in_the_hole_are_not_published(tiny: World, tmp_path: Path) -> None:
    files = emit(tiny, tmp_path, layouts=("police_uk",), hole=(date(2022, 5, 1), date(2022, 7, 31)))
    months = {path.parent.name for path in files.street}
    assert len(months) == tiny.scenario.months - 3
    assert months.isdisjoint({"2022-05", "2022-06", "2022-07"})
    with pytest.raises(Misuse):
        emit(tiny, tmp_path, hole=(date(2022, 7, 1), date(2022, 5, 1)))


def test_times_exist_on_london_clocks_and_keep_order(tiny: World) -> None:
    frame = published_frame(tiny)
    assert (frame["from"] <= frame["to"]).all()
    assert (frame["received"] > frame["to"]).all()
    skipped = date(2022, 3, 27)
    there = frame.filter(pl.col("from").dt.date() == skipped)
    assert len(there) > 0
    assert not there["from"].dt.hour().is_in([1]).any()
    for when in there["from"].head(20).to_list():
        local = when.replace(tzinfo=LONDON)
        assert (local + timedelta(0)).astimezone(LONDON).replace(tzinfo=None) == when


def test_marks_follow_the_component(tiny: World, tiny_files: SimulatedFiles) -> None:
    assert tiny_files.extract is not None
    violence = pl.read_csv(tiny_files.extract).filter(pl.col("class") == "violence")
    share = (pl.col("setting") == "public") & (pl.col("domestic") == "no") & (pl.col("sexual") == "no")
    mine = tiny.published & (tiny.events.k == 0)
    assert violence.filter(share).height == mine.sum()
    assert set(violence.filter(pl.col("domestic") == "yes")["setting"]) == {"dwelling"}


def test_records_lie_in_the_lsoa_they_name(tiny: World, tiny_files: SimulatedFiles) -> None:
    assert tiny_files.extract is not None
    extract = pl.read_csv(tiny_files.extract)
    cell = tiny.land.index_of(extract["easting"].to_numpy(), extract["northing"].to_numpy())
    assert (cell >= 0).all()
    named = np.array(tiny.lsoa_codes)[tiny.lsoa[cell]]
    assert (named == extract["lsoa"].to_numpy()).all()


def test_the_scene_and_the_area_file_say_simulated(tiny: World, tiny_files: SimulatedFiles) -> None:
    scene = json.loads(tiny_files.scene.read_text())
    kinds = {feature["properties"]["kind"] for feature in scene["features"]}
    assert {"boundary", "no-data", "road", "town", "station", "school", "pub", "park", "stadium"} <= kinds
    assert all(feature["properties"]["simulated"] for feature in scene["features"])
    area = json.loads(tiny_files.area.read_text())
    assert area["simulated"] is True
    assert area["code"].startswith("simulated")
    assert area["boundary"] == boundary(tiny)


def test_the_boundary_holds_the_land(tiny: World) -> None:
    import shapely

    ring = shapely.from_geojson(json.dumps(boundary(tiny)))
    x, y = GRID.centre(tiny.land.cells)
    lon, lat = lonlat(x, y)
    assert shapely.contains_xy(ring, lon, lat).mean() > 0.999


def test_truth_files_carry_rates_and_parents(tiny: World, tiny_files: SimulatedFiles) -> None:
    assert tiny_files.truth is not None
    assert tiny_files.truth_events is not None
    rates, events = pl.read_parquet(tiny_files.truth), pl.read_parquet(tiny_files.truth_events)
    assert len(events) == len(tiny.events)
    assert events["parent"].is_null().sum() == (tiny.events.parent < 0).sum()
    assert rates["records"].sum() == tiny.published.sum()
    assert rates["recorded"].sum() == pytest.approx(tiny.published.sum(), rel=0.03)


def test_the_mapping_names_columns_the_extract_has(tiny: World, tiny_files: SimulatedFiles) -> None:
    assert tiny_files.mapping is not None
    assert tiny_files.extract is not None
    rules = yaml.safe_load(tiny_files.mapping.read_text())
    header = pl.read_csv(tiny_files.extract, n_rows=1).columns
    assert set(rules["columns"].values()) <= set(header)
    assert rules["covers"] == {"from": date(2022, 1, 1), "to": date(2023, 2, 28)}
    assert set(rules["codes"]) == set(published_frame(tiny)["group"])
