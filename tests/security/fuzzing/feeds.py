"""Files of feeds: CSV, XLSX, Parquet, JSON lines, archives, mappings, checksums, agreements, rules."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

from peelian.ingest.checksums import check_sum
from peelian.pipeline.agreements import read_agreement
from peelian.pipeline.mending import read_rule
from peelian.propose.propose import propose
from peelian.propose.write import mapping_text
from peelian.sources import SOURCES
from peelian.sources.table.load import load_mapping
from tests.security.fuzzing.bench import Bench, Parser, Seeds

DATA: Final = Path(__file__).parents[2] / "sources" / "data"
MAPPING: Final = DATA / "table" / "crimes.yaml"
RULE: Final = b"""source: table
reason: code
where: {offence: [A1, B2]}
set: {offence: Robbery}
codes: {A1: robbery}
time: {start: "%d/%m/%Y"}
crs: EPSG:27700
precision_m: 10
"""
AGREEMENT: Final = b"""id: fens-health
title: Fenshire health partners, violence data
controller: Fens Hospitals
force: fenshire
gateway: serious-violence-duty
purposes: [prevention, analysis, evaluation]
recipients: [Fenshire community safety partnership]
feeds: [emergency_department, ambulance]
fields: []
start: 2026-04-01
expiry: 2028-03-31
retention_days: 1825
checksum_required: true
"""


def take(source: str, mapping: str, bench: Bench, name: str, data: bytes) -> None:
    """Land and parse as an ingest does; each row read must be in one of two bins."""
    path = bench.put(name, data)
    options: dict[str, Any] = {"notice": lambda _: None} | ({"mapping": mapping} if mapping else {})
    feed = SOURCES[source]
    for raw in feed.land([path], bench.folder / "landing", options):
        for batch in feed.parse(raw, options):
            assert batch.rows.height + batch.rejects.height == batch.read


def table_seeds(suffix: str, _bench: Bench) -> Seeds:
    """Give the sample of crimes in one of the forms a table has."""
    csv = (DATA / "table" / "crimes.csv").read_bytes()
    frame, out = pl.read_csv(csv, infer_schema=False), io.BytesIO()
    if suffix == "xlsx":
        frame.write_excel(out, column_formats={})
    elif suffix == "parquet":
        frame.write_parquet(out)
    elif suffix == "jsonl":
        frame.write_ndjson(out)
    else:
        out.write(csv)
    return {f"crimes.{suffix}": out.getvalue()}


def partner_seeds(_bench: Bench) -> Seeds:
    """Give a sample of each feed of police and partners."""
    return {
        f"{path.parent.name}.csv": path.read_bytes()
        for path in DATA.glob("*/*.csv")
        if path.parent.name != "table"
    }


def partner(bench: Bench, name: str, data: bytes) -> None:
    """Take a file by the feed it is named after."""
    take(name.removesuffix(".csv"), "", bench, name, data)


def police_files(_bench: Bench) -> Seeds:
    """Give the street and outcome files."""
    return {path.name: path.read_bytes() for path in DATA.glob("police_uk/*/*.csv")}


def police_zip(_bench: Bench) -> Seeds:
    """Give a download as data.police.uk packs it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(DATA.glob("police_uk/*/*.csv")):
            archive.write(path, f"{path.parent.name}/{path.name}")
    return {"all.zip": out.getvalue()}


def read_mapping(bench: Bench, name: str, data: bytes) -> None:
    """Load a mapping, and read the sample by it."""
    path = bench.put(name, data)
    load_mapping(path)
    take("table", str(path), bench, "crimes.csv", (DATA / "table" / "crimes.csv").read_bytes())


def map_it(bench: Bench, name: str, data: bytes) -> None:
    """Propose a mapping for a file never seen; what is written is YAML."""
    assert isinstance(yaml.safe_load(mapping_text(propose(bench.put(name, data)))), dict)


def map_seeds(bench: Bench) -> Seeds:
    """Give a few feeds as CSV, and one as a workbook."""
    few = {
        k: v
        for k, v in partner_seeds(bench).items()
        if k in ("police_crime.csv", "ambulance.csv", "fire.csv")
    }
    return few | table_seeds("xlsx", bench)


def checked(bench: Bench, name: str, data: bytes) -> None:
    """Compare a file with the checksum beside it."""
    path = bench.put("x.csv", b"a,b\n1,2\n")
    bench.put(name, data)
    check_sum(path, required=True)


def agreement(bench: Bench, name: str, data: bytes) -> None:
    """Read a sharing agreement."""
    read_agreement(bench.put(name, data))


def rule(bench: Bench, name: str, data: bytes) -> None:
    """Read a mending rule."""
    made = read_rule(bench.put(name, data))
    try:
        made.amended({"columns": {"offence": "x"}, "codes": {"a": "b"}}, own_names=True)
    except (AttributeError, TypeError) as error:
        raise AssertionError("a rule that was let in cannot be used") from error


_SUM: Final = b"492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470  x.csv\n"
PARSERS: Final = (
    *(Parser(f"table {one}", partial(table_seeds, one), partial(take, "table", str(MAPPING)))
      for one in ("csv", "xlsx", "parquet", "jsonl")),
    Parser("partner feeds", partner_seeds, partner),
    Parser("police.uk csv", police_files, partial(take, "police_uk", "")),
    Parser("police.uk zip", police_zip, partial(take, "police_uk", "")),
    Parser("mapping", lambda _: {"crimes.yaml": MAPPING.read_bytes()}, read_mapping),
    Parser("unknown file to map", map_seeds, map_it),
    Parser("checksum file", lambda _: {"x.csv.sha256": _SUM}, checked),
    Parser("sharing agreement", lambda _: {"a.yaml": AGREEMENT}, agreement),
    Parser("mending rule", lambda _: {"r.yaml": RULE}, rule),
)  # fmt: skip
