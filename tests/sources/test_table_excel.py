"""A spreadsheet reads as its CSV does: header row found, cells typed, ids whole; a bomb is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import yaml

from peelian.domain.errors import Refused

MAPPING = {
    "source": "sim-x", "force": "simulated-x", "codes": {"ABH": "violence"},
    "columns": {"id": "ref", "occurred": "when", "easting": "x", "northing": "y", "offence": "what"},
}  # fmt: skip
ROWS = [
    (101, "2025-03-01 10:00", 510_000, 270_000, "ABH"),
    (102, "2025-03-02 11:30", 510_050, 270_050, "ABH"),
]


def book(path: Path, *, titles: int = 0, sheet: str = "Data") -> Path:
    with xlsxwriter.Workbook(path) as out:
        out.add_worksheet("Cover").write(0, 0, "About this extract")
        page = out.add_worksheet(sheet)
        for row in range(titles):
            page.write(row, 0, "Monthly return")
        for row, cells in enumerate([("ref", "when", "x", "y", "what"), *ROWS], titles):
            page.write_row(row, 0, cells)
    return path


@pytest.mark.parametrize("titles", [0, 3])
def test_a_named_sheet_gives_the_keys_of_its_csv(take, tmp_path: Path, titles: int) -> None:
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(MAPPING | {"sheet": "Data"}))
    sheet = take("table", book(tmp_path / "a.xlsx", titles=titles), mapping=str(tmp_path / "m.yaml"))
    pl.DataFrame(ROWS, schema=["ref", "when", "x", "y", "what"], orient="row").write_csv(tmp_path / "a.csv")
    csv = take("table", tmp_path / "a.csv", mapping=str(tmp_path / "m.yaml"))
    columns = ["key_hi", "key_lo", "content"]
    assert sheet.rows.select(columns).equals(csv.rows.select(columns))
    assert sheet.rows.height == 2


def test_without_the_columns_the_refusal_teaches(take, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(MAPPING))
    with pytest.raises(Refused, match="holds the column names of the mapping"):
        take("table", book(tmp_path / "a.xlsx"), mapping=str(tmp_path / "m.yaml"))


def test_a_bomb_is_refused(take, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(MAPPING))
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", bytes(60 << 20))
    with pytest.raises(Refused, match="zip bomb"):
        take("table", tmp_path / "b.xlsx", mapping=str(tmp_path / "m.yaml"))
