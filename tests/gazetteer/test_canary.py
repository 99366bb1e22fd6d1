"""Nothing of a location text, a postcode or a reference number is found in any file afterwards."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from peelian.pipeline.context import open_context
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.ingesting import IngestRequest, ingest

MAPPING = """
source: logs
force: simulated-hollow
licence: test
columns: {id: ref, occurred: when, offence: kind, easting: x, northing: y, location_text: place, postcode: pc,
  grid_reference: grid, uprn: uprn}
codes: {ABH: violence}
"""


def _peelian(home: Path, *arguments: str | Path) -> str:
    command = [sys.executable, "-m", "peelian", "--home", str(home), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _words(seed: int, n: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choice("bcdfghjklmnpqrstvwz") for _ in range(11)) for _ in range(n)]


def _file(path: Path, words: list[str]) -> list[str]:
    """Write rows of every fate, each with a word of its own: resolved, unresolved, put aside, doubled."""
    lines = ["ref,when,kind,x,y,place,pc,grid,uprn"]
    codes: list[str] = []
    for i, word in enumerate(words):
        place = [
            f"o/s {word} Red Lion, High St, Hollowmere", f"12 Acacia Avenue, {word}", f"{word} Parade", word,
            f"jct of Mill Lane & {word} Street", f"{word} {word}, Ashcombe Green", f"rear of {word} car park",
        ][i % 7]  # fmt: skip
        when = (
            "2024-02-30 12:00" if i % 5 == 3 else f"2024-01-{i % 28 + 1:02d} 12:00"
        )  # no such day: put aside
        kind = word if i % 11 == 4 else "ABH"  # a code that is not in the mapping: put aside
        x, y = ("445000", "") if i % 13 == 6 else ("", "")
        pc, uprn = f"QQ{i % 90 + 10} 9{word[:2].upper()}", f"{877_000_000_000 + 7919 * i}"
        codes.append(uprn)
        lines.append(f'{i},{when},{kind},{x},{y},"{place}",{pc},"SU 4{i:02d} 6{i:02d}",{uprn}')
    path.write_text("\n".join(lines) + "\n")
    return codes


def _everything(home: Path) -> str:
    """All that a workspace holds, as text: raw bytes, and Parquet columns as they are read."""
    held: list[str] = []
    for path in sorted(p for p in home.rglob("*") if p.is_file()):
        held.append(path.name)
        held.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            with pl.Config(tbl_rows=-1):
                held += [str(column.to_list()) for column in pl.read_parquet(path).get_columns()]
    return "\n".join(held)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, files: dict[str, Path]) -> Path:
    folder = tmp_path_factory.mktemp("canary") / "home"
    ctx = open_context(folder, None)
    for kind in ("open-names", "premises", "areas", "postcodes"):
        import_context(ctx, kind, files[kind])
    ctx.ws.engine.dispose()
    return folder


def _in_process(home: Path, path: Path, mapping: Path) -> str:
    ctx = open_context(home, None)
    try:
        report = ingest(ctx, IngestRequest("table", (path,), str(mapping)))
        return f"{report.total.read} rows read {report.notices} {report.reasons}"
    finally:
        ctx.ws.engine.dispose()


@pytest.mark.parametrize("packed", ["csv", "zip", "parquet"])
def test_no_word_of_where_is_kept(home: Path, tmp_path: Path, packed: str) -> None:
    words = _words(len(packed) + ord(packed[0]), 70)
    mapping, path = tmp_path / "m.yaml", tmp_path / "logs.csv"
    mapping.write_text(MAPPING)
    codes = _file(path, words)
    if packed == "zip":
        with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
            archive.write(path, "logs.csv")
        path = tmp_path / "logs.zip"
    elif packed == "parquet":
        pl.read_csv(path, infer_schema=False).write_parquet(tmp_path / "logs.parquet")
        path = tmp_path / "logs.parquet"
    if packed == "csv":  # as a user does, in a process of its own
        said = _peelian(home, "ingest", "table", path, "--mapping", mapping)
    else:
        said = _in_process(home, path, mapping)
    assert "70 rows read" in said, said
    assert "location texts in logs" in said
    held = (_everything(home) + said).lower()
    assert [w for w in words if w in held] == []
    assert [c for c in codes if c in held] == []


def test_the_search_itself_finds_what_is_there(home: Path) -> None:
    held = _everything(home)
    assert "Red Lion" in held  # the gazetteer's own names are kept, and would be found
    assert "simulated-hollow" in held
