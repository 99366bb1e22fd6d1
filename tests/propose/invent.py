"""Invented values for a labelled layout, written to disk as the file it describes."""

from __future__ import annotations

import csv
import io
import random
import zlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyproj

from tests.propose import words

LONDON = ZoneInfo("Europe/London")
_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)


@dataclass
class Row:
    """What the cells of one row have in common."""

    n: int
    rng: random.Random
    start: datetime
    easting: float
    northing: float
    code: str = ""
    times: dict[str, datetime] = field(default_factory=dict)


def write(layout: dict[str, Any], folder: Path) -> Path:
    """Write the layout's file, the same rows each time. Its name says nothing of what it holds."""
    rng = random.Random(zlib.crc32(layout["name"].encode()))
    form = layout.get("file", {})
    header = [name for name, _, _ in layout["columns"]]
    rows = [_row(layout, n, rng) for n in range(1, layout.get("rows", 150) + 1)]
    cells = [[_cell(generator, row) for _, _, generator in layout["columns"]] for row in rows]
    folder = folder / layout["name"]
    folder.mkdir(parents=True, exist_ok=True)
    if form.get("form") in ("xlsx", "parquet"):
        return _typed(form, header, cells, folder)
    return _text(form, header, cells, folder)


def _row(layout: dict[str, Any], n: int, rng: random.Random) -> Row:
    start = datetime(2023, 1, 2, tzinfo=UTC) + timedelta(minutes=rng.randrange(300 * 1440))
    codes = layout["codes"] if isinstance(layout["codes"], dict) else {"x": "x"}
    east, north = rng.choice(((451_000, 305_000), (318_000, 176_500), (384_000, 398_000)))
    row = Row(n, rng, start, east + rng.gauss(0, 2500), north + rng.gauss(0, 2500), rng.choice(list(codes)))
    row.times = {
        "t": start,
        "t2": start + timedelta(minutes=rng.choice((0, 5, 30, 120, 600))),
        "tr": start + timedelta(minutes=700 + rng.randrange(4000)),
        "tx": start + timedelta(minutes=5000 + rng.randrange(20_000)),
    }
    return row


def _cell(generator: str, row: Row) -> Any:
    kind, _, rest = generator.partition(":")
    if kind in row.times:
        return _when(row.times[kind], rest)
    if kind in ("tz", "few", "month", "month2"):
        return _odd_time(kind, rest, row)
    if kind in _PLACES:
        return _PLACES[kind](row, rest)
    if kind in words.MADE:
        return words.MADE[kind](row.rng, rest)
    if kind == "code":
        return row.code
    if kind == "seq":
        return rest.format(n=1000 + row.n)
    if kind == "pick":
        options = rest.split("|")
        return row.rng.choices(options, [1 / (k + 1) for k in range(len(options))])[0]
    if kind == "int":
        low, _, high = rest.partition("-")
        return row.rng.randint(int(low), int(high))
    raise KeyError(generator)


def _when(moment: datetime, form: str) -> Any:
    local = moment.astimezone(LONDON)
    if form == "datetime":
        return local.replace(tzinfo=None)
    if form == "date":
        return local.date()
    if form == "excel":
        return round((local.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1), 4)
    if form == "epoch":
        return int(moment.timestamp())
    if form == "isoz":
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "isooff":
        return local.isoformat(timespec="seconds")
    if form == "isomixed":
        return local.isoformat(timespec="seconds") if moment.minute % 2 else _when(moment, "isoz")
    return local.strftime(form)


def _odd_time(kind: str, form: str, row: Row) -> Any:
    if kind == "tz":
        return row.start.strftime(form)
    if kind == "few":  # no day above the twelfth: nothing says which is the month
        return row.start.replace(day=1 + row.n % 12).strftime(form)
    first = date(row.start.year, row.start.month, 1)
    if kind == "month2":
        first = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first if form == "date" else first.strftime(form)


def _number(value: float, form: str) -> Any:
    if form == "f":
        return round(value, 2)
    if form == "50":
        return int(value // 50 * 50 + 50)
    return int(value) - (100_000 if form == "low" else 0)


def _degrees(row: Row, form: str) -> tuple[float, float]:
    if form == "us":
        return -87.6 + (row.easting - 384_000) / 2e6, 41.88 + (row.northing - 300_000) / 2e6
    longitude, latitude = _TO_DEGREES.transform(row.easting, row.northing)
    return float(longitude), float(latitude)


def _grid_reference(row: Row, digits: str) -> str:
    e, n, half = int(row.easting), int(row.northing), int(digits) // 2
    letters = "VWXYZQRSTULMNOPFGHJKABCDE"
    major = {0: "S", 1: "N"}[n // 500_000]
    minor = letters[5 * (n % 500_000 // 100_000) + e % 500_000 // 100_000]
    east, north = f"{e % 100_000:05d}"[:half], f"{n % 100_000:05d}"[:half]
    return f"{major}{minor} {east} {north}" if row.n % 2 else f"{major}{minor}{east}{north}"


_PLACES = {
    "e": lambda row, form: _number(row.easting, form),
    "n": lambda row, form: _number(row.northing, form),
    "lon": lambda row, form: round(_degrees(row, form)[0], 6),
    "lat": lambda row, form: round(_degrees(row, form)[1], 6),
    "ie": lambda row, form: int(row.easting + 330_000),
    "in": lambda row, form: int(row.northing / 2 + 720_000),
    "gridref": _grid_reference,
}


def _typed(form: dict[str, Any], header: list[str], cells: list[list[Any]], folder: Path) -> Path:
    frame = pl.DataFrame(
        {h: pl.Series([row[k] for row in cells], strict=False) for k, h in enumerate(header)}
    )
    path = folder / f"data.{form['form']}"
    if form["form"] == "parquet":
        frame.write_parquet(path)
        return path
    import xlsxwriter

    above = form.get("preamble", 0)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Data")
        for line in range(above):
            sheet.write(line, 0, "Extract for the partnership" if line == 0 else "")
        frame.write_excel(book, sheet, position=(above, 0), dtype_formats={pl.Datetime: "dd/mm/yyyy hh:mm"})
    return path


def _text(form: dict[str, Any], header: list[str], cells: list[list[Any]], folder: Path) -> Path:
    out = io.StringIO(newline="")
    for line in range(form.get("preamble", 0)):
        out.write("Return under section 17A\r\n" if line == 0 else "\r\n")
    writer = csv.writer(out, delimiter=form.get("sep", ","))
    if form.get("header", True):
        writer.writerow(header)
    writer.writerows(cells)
    path = folder / "data.csv"
    path.write_bytes(out.getvalue().encode(form.get("encoding", "utf-8"), errors="replace"))
    return path
