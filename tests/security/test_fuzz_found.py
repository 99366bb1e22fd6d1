"""What fuzzing found, once each: files that came out as another error than a refusal of the project's own."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.security.fuzzing.bench import Bench
from tests.security.fuzzing.feeds import DATA
from tests.security.fuzzing.parsers import PARSERS
from tests.security.fuzzing.trying import input_of, try_one

CHECKPOINT = ("seq", "hash", "at", "key", "next_key", "before", "signature")
CRIMES = pl.read_csv(DATA / "table" / "crimes.csv", infer_schema=False)


def not_utf8() -> bytes:
    """A Parquet file whose texts are declared UTF-8 and are not: a library panicked over it."""
    table, out = CRIMES.to_arrow(), io.BytesIO()
    bad = pa.array([b"\xce\xff" for _ in range(table.num_rows)], pa.binary()).cast(pa.large_binary())
    texts = pa.Array.from_buffers(pa.large_string(), table.num_rows, bad.buffers())
    for name in table.column_names:
        table = table.set_column(table.column_names.index(name), name, texts)
    pq.write_table(table, out)
    return out.getvalue()


def as_categories() -> bytes:
    """A Parquet file with dictionaries, as pandas writes categories: they are texts."""
    out = io.BytesIO()
    CRIMES.with_columns(pl.all().cast(pl.Categorical)).write_parquet(out)
    return out.getvalue()


def before_the_file(name: str) -> Callable[[], bytes]:
    """A zip whose directory says that a member begins before the file does."""

    def made() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "a,b\n1,2\n")
        data = bytearray(out.getvalue())
        at = data.rfind(b"PK\x05\x06") + 16
        data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 60_000).to_bytes(4, "little")
        return bytes(data)

    return made


def spoilt_member() -> bytes:
    """A zip whose member is not what its checksum says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Data/SU46.csv", "ID,NAMES_URI,NAME1\n")
    return out.getvalue().replace(b"NAMES_URI", b"NAMES_URL")


def bytes_for_people() -> bytes:
    """A Parquet table whose numbers of people are bytes."""
    out = io.BytesIO()
    pl.DataFrame({"lsoa21cd": ["E01000001"], "population": [b"\xff"]}).write_parquet(out)
    return out.getvalue()


def area(**said: object) -> Callable[[], bytes]:
    return lambda: json.dumps({"name": "x", **said}).encode()


def boundary(name: str) -> Callable[[], bytes]:
    """A file of one square whose name is given."""
    square = [[[0, 51], [0, 52], [1, 52], [0, 51]]]
    one = {
        "properties": {"code": "E01000001", "name": name},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    return lambda: json.dumps({"level": "lsoa", "features": [one]}).encode()


def nameless_road() -> bytes:
    """A file in which no road has a name: a column without a type."""
    line = {"type": "LineString", "coordinates": [[0, 0], [100, 0]]}
    return json.dumps({"features": [{"properties": {"name_1": None}, "geometry": line}]}).encode()


def endless_checkpoint() -> bytes:
    """A checkpoint whose number is infinite, which JSON has no word for and Python reads."""
    return json.dumps(dict.fromkeys(CHECKPOINT, "") | {"seq": float("inf"), "at": 1}).encode()


def odd_notes() -> bytes:
    """A Parquet table whose schema's and column's notes are no UTF-8."""
    column = pa.field("population", pa.int64(), metadata={b"\xff": b"\xfe"})
    schema = pa.schema([pa.field("lsoa21cd", pa.string()), column], metadata={b"\xff\xfe": b"\xff"})
    out = io.BytesIO()
    pq.write_table(pa.table({"lsoa21cd": ["E01000001"], "population": [1500]}, schema=schema), out)
    return out.getvalue()


FOUND: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("table parquet", "crimes.parquet", not_utf8, "refused"),
    ("table parquet", "crimes.parquet", as_categories, "answered"),
    ("police.uk zip", "all.zip", before_the_file("2023-05/2023-05-fenshire-street.csv"), "refused"),
    ("open-names", "names.zip", before_the_file("Data/SU46.csv"), "refused"),
    ("open-names", "names.zip", spoilt_member, "refused"),
    ("area file", "a.json", area(crs="EPSG:0", points=[[1, 1]]), "refused"),
    ("area file", "a.json", area(boundary={"type": None}), "refused"),
    ("area file", "a.json", area(boundary={"features": [1]}), "refused"),
    ("area file", "a.json", area(boundary={"type": "Polygon", "coordinates": []}), "refused"),
    ("area file", "a.json", area(cell_size=0, crs="EPSG:2913", points=[[1, 1]]), "refused"),
    ("area file", "a.json", area(boundary="nowhere.json"), "refused"),
    ("area file", "a.json", area(points=[]), "answered"),
    ("area file", "a.yaml", lambda: b"name: \xff", "refused"),
    ("template of a return", "t.toml", lambda: b"title = '\xdc'", "refused"),
    ("scenario", "s.yaml", lambda: b"[1]", "refused"),
    ("scenario", "s.yaml", lambda: b"name: \xdc", "refused"),
    ("mapping", "m.yaml", lambda: b"start: 0000-00-00", "refused"),
    ("mapping", "m.yaml", lambda: b"[" * 3_000, "refused"),
    ("mending rule", "r.yaml", lambda: b"source: 2023-13-45T00:00:99", "refused"),
    ("sharing agreement", "a.yaml", lambda: b"start: 2023-02-31", "refused"),
    ("access.toml", "access.toml", lambda: b"force = " + b"[" * 3_000, "refused"),
    ("table jsonl", "t.jsonl", lambda: b'{"crime": "\\ud800"}', "refused"),
    ("open-roads", "r.geojson", lambda: b'{"features": "\xff"}', "refused"),
    ("open-roads", "r.geojson", lambda: b"[" * 3_000, "refused"),
    ("premises", "p.csv", lambda: b"name,NAME\nx,y\n", "refused"),
    ("postcodes", "p.csv", lambda: b"\x1f\x8bpostcode,easting\n", "refused"),
    ("setting calendar", "c.csv", lambda: b"start,Start,kind\n2026-01-01,,match\n", "refused"),
    ("challenge folder", "police_districts.geojson", lambda: b'{"features": "x"}', "refused"),
    ("setting population", "p.parquet", bytes_for_people, "refused"),
    ("setting population", "p.parquet", odd_notes, "answered"),
    ("challenge folder", "burglary_all.parquet", lambda: b"PAR1", "refused"),
    ("area file", "a.json", area(crs="\ud83d", points=[[1, 1]]), "refused"),
    ("scenario", "s.yaml", lambda: b"base: plain\nland: {towns: {a: 1}}\ntitle: {a: 1}", "refused"),
    ("scenario", "s.yaml", lambda: b"base: [plain]", "refused"),
    ("scenario", "s.yaml", lambda: b'base: "a\\0.yaml"', "refused"),
    ("boundaries", "lsoa.geojson", boundary("\ud800"), "refused"),
    ("boundaries", "lsoa.geojson", lambda: b'{"features": [{"properties": [1]}]}', "refused"),
    ("open-roads", "r.geojson", nameless_road, "refused"),
    ("kept checkpoints", "c.jsonl", lambda: b"[" * 3_000, "refused"),
    ("kept checkpoints", "c.jsonl", endless_checkpoint, "refused"),
    ("audit export", "a.jsonl", lambda: b"[" * 3_000, "refused"),
    ("audit export", "a.jsonl", lambda: b"\xff", "refused"),
]
NUMBERS: list[tuple[str, int]] = [
    ("own areas", 790), ("own areas", 1355), ("streets", 790), ("streets", 1355), ("audit export", 701),
    ("audit export", 3068), ("audit export", 3091), ("manifest text", 758), ("basemap file", 249),
    ("basemap file", 1536), ("basemap file", 2370), ("basemap file", 3329),
    ("challenge folder", 474), ("sign-in provider", 240), ("sign-in provider", 653),
    ("sign-in provider", 733), ("streets", 16246),
]  # fmt: skip
"""Files that the soak made and a library tripped over: too odd to be written out here."""


@pytest.mark.parametrize(("parser", "name", "made", "end"), FOUND)
def test_it_is_refused_in_words(
    parser: str, name: str, made: Callable[[], bytes], end: str, tmp_path: Path
) -> None:
    found = try_one(PARSERS[parser], Bench(tmp_path), name, made())
    assert (found.end, found.said) == (end, "")


@pytest.mark.parametrize(("parser", "number"), NUMBERS)
def test_what_the_soak_found_is_no_fault(parser: str, number: int, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    found = try_one(PARSERS[parser], bench, *input_of(PARSERS[parser].seeds(bench), number))
    assert found.said == ""
