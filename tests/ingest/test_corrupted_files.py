"""1,000 damaged variants of the sample files: none crashes, none is silently taken wrong.

What is taken of a damaged file must be rows of the clean one, content and all; the rest is quarantined, or
the file refused. Changed values that still read well (a flipped digit) are shown by a checksum beside the
file, and by nothing else: those variants come with one.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from peelian.domain.errors import PeelianError, Refused
from peelian.ingest.checksums import check_sum
from peelian.sources import SOURCES
from tests.ingest.corrupting import BINARY, HIDDEN, TEXT, Damage

DATA = Path(__file__).parents[1] / "sources" / "data"
SAMPLES = sorted(path for path in DATA.glob("*/*.csv") if path.parent.name != "police_uk")
Rows = set[tuple[int, int, int]]


@dataclass(frozen=True)
class Sample:
    """A clean file in one form, and the source that reads it."""

    source: str
    suffix: str
    data: bytes


def read(sample: Sample, data: bytes, folder: Path) -> tuple[Rows, int]:
    """Give the rows taken (key and content) and the number put aside, as ingest would."""
    path = folder / f"sample{sample.suffix}"
    path.write_bytes(data)
    options: dict[str, object] = {"notice": lambda _: None}
    if sample.source == "table":
        options["mapping"] = str(DATA / "table" / "crimes.yaml")
    rows: Rows = set()
    aside = 0
    source = SOURCES[sample.source]
    for raw in source.land([path], folder / "landing", options):
        for batch in source.parse(raw, options):
            assert batch.rows.height + batch.rejects.height == batch.read
            rows |= set(batch.rows.select("key_hi", "key_lo", "content").iter_rows())
            aside += batch.rejects.height
    return rows, aside


def samples_of(path: Path, folder: Path) -> Iterator[Sample]:
    source = path.parent.name
    yield Sample(source, ".csv", path.read_bytes())
    separator = "," if source != "semicolon" else ";"
    frame = pl.read_csv(path, infer_schema=False, separator=separator)
    frame.write_parquet(folder / "clean.parquet")
    yield Sample(source, ".parquet", (folder / "clean.parquet").read_bytes())
    frame.write_excel(folder / "clean.xlsx", column_formats={})
    yield Sample(source, ".xlsx", (folder / "clean.xlsx").read_bytes())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_nothing_damaged_is_silently_taken_wrong(path: Path, tmp_path: Path) -> None:
    rng, outcome = random.Random(path.name), Counter[str]()
    for sample in samples_of(path, tmp_path):
        clean, _ = read(sample, sample.data, tmp_path)
        assert clean
        damages = TEXT * 2 if sample.suffix == ".csv" else BINARY * 3
        for damage in damages:
            outcome[_without_checksum(sample, damage, clean, rng, tmp_path)] += 1
        for damage in HIDDEN * 3:
            outcome[_with_checksum(sample, damage, rng, tmp_path)] += 1
    assert sum(outcome.values()) == VARIANTS
    assert not outcome["wrong"]


VARIANTS = 2 * len(TEXT) + 2 * 3 * len(BINARY) + 3 * 3 * len(HIDDEN)


def _without_checksum(
    sample: Sample, damage: Damage, clean: Rows, rng: random.Random, folder: Path
) -> str:  # fmt: skip
    damaged = damage(sample.data, rng)
    try:
        rows, aside = read(sample, damaged, folder)
    except Refused:
        return "refused"
    assert rows <= clean, f"{damage.__name__} of {sample.source}{sample.suffix} gave rows no clean file has"
    return "rows put aside" if aside else "as clean" if rows == clean else "fewer rows"


def _with_checksum(sample: Sample, damage: Damage, rng: random.Random, folder: Path) -> str:
    """Refused by the checksum; and even read without it, nothing crashes."""
    damaged = damage(sample.data, rng)
    path = folder / f"summed{sample.suffix}"
    path.write_bytes(damaged)
    path.with_name(path.name + ".sha256").write_text(hashlib.sha256(sample.data).hexdigest())
    with pytest.raises(Refused, match="was changed, damaged or cut short"):
        check_sum(path)
    try:
        read(sample, damaged, folder)
    except PeelianError:
        return "refused by checksum and by reading"
    return "refused by checksum"


def test_a_file_cut_at_any_byte_gives_no_row_that_was_not_sent(tmp_path: Path) -> None:
    """Also within the last field, where the row still has the right number of fields."""
    path = DATA / "table" / "crimes.csv"
    data = path.read_bytes()
    sample = Sample("table", ".csv", data)
    clean, _ = read(sample, data, tmp_path)
    taken = 0
    for size in range(len(data) - 60, len(data)):
        try:
            rows, _ = read(sample, data[:size], tmp_path)
        except Refused:
            continue
        assert rows <= clean
        taken += 1
    assert taken > 40


def test_there_are_a_thousand() -> None:
    assert VARIANTS * len(SAMPLES) >= 1_000
