"""Local files in the real products' layouts become the same entries, however they are packed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.gazetteer import Gazetteer, load, look_up, resolve
from peelian.gazetteer.entries import ENTRIES, read_entries, write_entries
from peelian.gazetteer.loaders import LOADERS, csvs, load_kind
from tests.gazetteer import town


def test_open_names_in_a_zip_with_the_products_own_folders(files: dict[str, Path], tmp_path: Path) -> None:
    plain = load_kind("open-names", files["open-names"])
    where = tmp_path / "opname_csv_gb.zip"
    with zipfile.ZipFile(where, "w") as archive:
        archive.write(files["open-names"], "Data/SU46.csv")
        archive.writestr("Doc/OS_Open_Names_Header.csv", "ID,NAMES_URI,NAME1\n")
        archive.writestr("Doc/licence.txt", "free")
    assert load_kind("open-names", where).equals(plain)
    kinds = dict(plain["kind"].value_counts().iter_rows())
    assert kinds == {"area": 4, "street": len(town.streets())}
    road = plain.filter(pl.col("name") == "Acacia Avenue").row(0, named=True)
    assert (road["easting"], road["northing"], road["spread"], road["town"]) == (
        444_400,
        160_300,
        300,
        "Hollowmere",
    )


def test_a_line_of_names_in_front_is_no_place(files: dict[str, Path], tmp_path: Path) -> None:
    from peelian.gazetteer.loaders.open_names import HEADER

    both = tmp_path / "outputfile.csv"
    both.write_text(",".join(HEADER).upper() + "\n" + files["open-names"].read_text())
    assert load_kind("open-names", both).height == load_kind("open-names", files["open-names"]).height


def test_roads_are_joined_cut_where_they_are_apart_and_meet(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text(
        "WKT,name_1,road_classification_number\n"
        '"LINESTRING (0 0, 100 0)",High Street,A97\n'
        '"LINESTRING (100 0, 200 0)",High Street,A97\n'
        '"LINESTRING (9000 0, 9100 0)",High Street,\n'
        '"LINESTRING (100 0, 100 100)",Mill Lane,\n'
        '"LINESTRING EMPTY",Nothing,\n'
        '"not a line",Nothing,\n'
    )
    found = load_kind("open-roads", path)
    high = found.filter(pl.col("name") == "High Street").sort("easting")
    assert high.select("easting", "northing", "spread").rows() == [(100, 0, 100), (9050, 0, 50)]
    corners = found.filter(pl.col("kind") == "junction").select("name", "easting", "northing").rows()
    assert sorted(corners) == [("A97 & High Street", e, 0) for e in (0, 100, 200)] + [
        ("A97 & Mill Lane", 100, 0), ("High Street & Mill Lane", 100, 0),
    ]  # fmt: skip


def test_roads_as_geojson_are_the_same(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [100, 0]]}
    feature = {"type": "Feature", "properties": {"name_1": "High Street"}, "geometry": line}
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert load_kind("open-roads", path).select("name", "easting", "spread").rows() == [
        ("High Street", 50, 50)
    ]
    path.write_text("{]")
    with pytest.raises(Refused, match="is not GeoJSON"):
        load_kind("open-roads", path)


def test_a_geopackage_is_refused_with_the_command_that_makes_it_readable(tmp_path: Path) -> None:
    path = tmp_path / "oproad_gb.gpkg"
    path.write_bytes(b"SQLite format 3\0")
    with pytest.raises(Refused, match=r"ogr2ogr -f CSV roads\.csv oproad_gb\.gpkg road_link"):
        load_kind("open-roads", path)


def test_uprns_keep_to_the_box_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvs, "BLOCK", 4096)
    path = tmp_path / "osopenuprn.csv"
    rows = [f"{n},{400_000 + n}.0,{100_000 + n}.0,51.0,-1.9" for n in range(1, 5001)]
    path.write_text("﻿UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\r\n" + "\r\n".join(rows) + "\r\n")
    found = load_kind("open-uprn", path, (400_100, 100_100, 400_199, 100_199))
    assert sorted(map(int, found["code"])) == list(range(100, 200))
    places = Gazetteer.of(found)
    looked = look_up("uprn", pl.Series([" 000000000150 ", "150.0", "5", None, "one"]), places)
    assert looked["easting"].to_list() == [400_150, 400_150, None, None, None]
    assert looked["precision_m"].to_list()[0] == 10.0


def test_usrns_have_their_streets_middle_and_reach(tmp_path: Path) -> None:
    path = tmp_path / "usrn.csv"
    path.write_text(
        'usrn,street_type,WKT\n20100001,Designated,"MULTILINESTRING ((0 0, 300 0), (300 0, 400 0))"\n'
    )
    found = look_up("usrn", pl.Series(["20100001"]), Gazetteer.of(load_kind("open-usrn", path)))
    assert found.row(0) == (200.0, 0.0, 200.0, None)


@pytest.mark.parametrize("layout", ["onspd", "code-point", "plain", "degrees"])
def test_postcodes_in_four_layouts(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "pc.csv"
    path.write_text(
        {
            "onspd": "pcd,pcds,oseast1m,osnrth1m,lsoa11,lsoa21\nZZ1 4AB,ZZ1 4AB,445050,160005,Z1,Z2\n"
            "ZZ99,ZZ9 9ZZ,0,0,,\n",
            "code-point": '"ZZ1 4AB",10,445050,160005,"E92000001","","","","",""\n'
            '"ZZ1 4CD",90,0,0,"","","","","",""\n',
            "plain": "Postcode,Easting,Northing\nzz14ab,445050,160005\nbad,1,1\n",
            "degrees": "postcode,latitude,longitude\nZZ1 4AB,51.337,-1.354\n",
        }[layout]
    )
    found = load_kind("postcodes", path)
    assert found["code"].to_list() == ["ZZ14AB"]
    near = 100 if layout == "degrees" else 0.5
    assert abs(found["easting"][0] - 445_050) < near
    assert abs(found["northing"][0] - 160_005) < near
    assert found["area"][0] == ("Z2" if layout == "onspd" else None)
    assert look_up("postcode", pl.Series(["zz1 4ab"]), Gazetteer.of(found))["easting"][0] is not None


def test_a_list_may_hold_streets_premises_and_areas(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "name,kind,town,easting,northing,lsoa,licensee\n"
        "Elm Row,street,Hollowmere,1000,1000,Z1,\nThe Owl,pub,Hollowmere,1010,1000,Z1,Zachariah Quill\n"
        "Hollowmere,town,,1000,1000,,\n"
    )
    found = load_kind("premises", path)
    assert found["kind"].to_list() == ["street", "premises", "area"]
    assert "Quill" not in str(found.to_dict(as_series=False))  # what is not a place is not read


@pytest.mark.parametrize("kind", LOADERS)
def test_a_file_of_another_kind_is_refused_not_guessed(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text("alpha,beta\n1,2\n")
    with pytest.raises(Refused):
        load_kind(kind, path)
    for body in (b"", b"\0\1\2\3" * 100, b"PK\3\4broken"):
        path.write_bytes(body)
        with pytest.raises(Refused):
            load_kind(kind, path)


def test_a_file_without_column_names_is_refused_without_a_word_of_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Zebulons Yard,pub,1000,2000\n")
    with pytest.raises(Refused, match="its first line is no column names") as caught:
        load_kind("premises", path)
    assert "zebulon" not in caught.value.sentence.lower()
    path.write_text("title_of_place,x1,oseast1m,lsoa21cd\n")
    with pytest.raises(Refused, match="it has title_of_place, x1, oseast1m, lsoa21cd"):
        load_kind("premises", path)


def test_misuse_names_the_kinds(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="open-names"):
        load_kind("roadz", tmp_path)
    with pytest.raises(Misuse, match="no file"):
        load_kind("premises", tmp_path / "none.csv")


def test_entries_come_back_as_written_and_a_change_is_seen(tmp_path: Path, entries: pl.DataFrame) -> None:
    path = tmp_path / "gazetteer.parquet"
    assert read_entries(path).schema == pl.Schema(ENTRIES)
    write_entries(path, entries)
    assert read_entries(path).height == entries.height
    assert resolve(pl.Series(["Acacia Ave"]), load(path))["easting"][0] == 444_400
    write_entries(path, entries.filter(pl.col("name") != "Acacia Avenue"))
    assert resolve(pl.Series(["Acacia Ave"]), load(path))["easting"][0] is None
