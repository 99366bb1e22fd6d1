"""The first rows of an unknown file, as text, in memory: CSV however written, Excel or Parquet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse, Refused
from peelian.guard.wildcards import refuse_patterns
from peelian.propose.heading import find_heading

ROWS: Final = 3000
_BYTES: Final = 4 << 20
_SEPARATORS: Final = ",;\t|"


@dataclass(frozen=True)
class Sample:
    """Up to 3,000 rows as texts (empty is null), and how the file is written.

    `dtypes` are a Parquet's or a spreadsheet's own types. `above` counts the lines over the column names;
    `named` is False where there is no line of names and ours (`column_1` and so on) stand in.
    """

    frame: pl.DataFrame
    form: str
    encoding: str = "utf-8"
    separator: str = ","
    above: int = 0
    named: bool = True
    dtypes: dict[str, pl.DataType] = field(default_factory=dict)
    stem: str = ""
    suffix: str = ""


def read_sample(path: Path) -> Sample:
    """Read the head of a file.

    Raises:
        Misuse: there is no such file.
        Refused: it is empty or no table.
    """
    if not path.is_file():
        raise Misuse(
            f"there is no file {path}", expected="one CSV, Excel or Parquet file", do="check the path"
        )
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PAR1"):
        return _parquet(path)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _excel(path)
    return _csv(path)


def _as_text(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    refuse_patterns(frame.columns, file)

    def one(series: pl.Series) -> pl.Series:
        if series.dtype.is_float():
            text = series.cast(pl.String).str.strip_suffix(".0")
        elif series.dtype == pl.Datetime:
            text = series.dt.strftime("%Y-%m-%d %H:%M:%S")
        elif series.dtype.is_nested() or series.dtype == pl.Binary:
            text = pl.Series([None] * series.len(), dtype=pl.String)
        else:
            text = series.cast(pl.String, strict=False)
        stripped = text.str.strip_chars()
        return stripped.set(stripped == "", None).alias(series.name)

    return pl.DataFrame([one(series) for series in frame.get_columns()])


def _parquet(path: Path) -> Sample:
    try:
        frame = pl.scan_parquet(path, glob=False).head(ROWS).collect()
    except (pl.exceptions.PolarsError, OSError):
        raise Refused(f"{path.name} is a damaged Parquet file", do="write or fetch it again") from None
    return Sample(
        _as_text(frame, path.name), "parquet", dtypes=dict(frame.schema), stem=path.stem, suffix=path.suffix
    )


def _excel(path: Path) -> Sample:
    try:
        grid = pl.read_excel(path, engine="calamine", has_header=False, infer_schema_length=0)
    except Exception:  # fastexcel raises its own errors, and a zip need not be a workbook
        raise Refused(
            f"{path.name} cannot be read as an Excel workbook",
            expected="a CSV, an .xlsx or .xls workbook, or a Parquet file", do="save it as CSV UTF-8",
        ) from None  # fmt: skip
    rows = [
        [("" if cell is None else str(cell)).strip() for cell in row] for row in grid.head(ROWS + 40).rows()
    ]
    width = max((len(row) for row in rows), default=0)
    return _tabled(rows, width, path, "excel", "utf-8", ",")


def _csv(path: Path) -> Sample:
    with path.open("rb") as file:
        data = file.read(_BYTES)
    encoding = _encoding(data)
    text = data.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if len(data) == _BYTES:
        text = text[: text.rfind("\n") + 1]
    if not text.strip():
        raise Refused(f"{path.name} is empty", expected="column names and rows", do="fetch it again")
    if "\0" in text[:4096]:
        raise Refused(f"{path.name} is neither text, a workbook nor Parquet", do="export it as CSV UTF-8")
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append([cell.strip() for cell in row])
            if len(rows) > ROWS + 40:
                break
    except csv.Error:
        pass  # what was read so far is sample enough
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    return _tabled(rows, width, path, "csv", encoding, separator)


def _encoding(data: bytes) -> str:
    """UTF-8 unless a mark or the bytes say otherwise; what is not UTF-8 is Windows-1252."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:4000]
    if head and head[1::2].count(0) > 0.4 * len(head[1::2]):
        return "utf-16-le"
    if head and head[::2].count(0) > 0.4 * len(head[::2]):
        return "utf-16-be"
    try:
        data[: data.rfind(b"\n") + 1 or len(data)].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(text: str) -> str:
    """The character that parts most lines into the same number of fields, of more than one."""
    lines = [line for line in text[:200_000].split("\n")[:300] if line.strip()]
    best, score = ",", 0.0
    for separator in _SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        agreed = count / len(lines) * min(width, 12) if width > 1 else 0.0
        if agreed > score:
            best, score = separator, agreed
    return best


def _tabled(
    rows: list[list[str]], width: int, path: Path, form: str, encoding: str, separator: str
) -> Sample:
    if not rows or not width:
        raise Refused(f"{path.name} is empty", expected="column names and rows", do="fetch it again")
    above, named = find_heading(rows, width)
    names = rows[above] if named else [f"column_{k}" for k in range(1, width + 1)]
    names = [*names, *[""] * width][:width]
    names = [name or f"column_{k}" for k, name in enumerate(names, 1)]
    seen: Counter[str] = Counter()
    for k, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[k] = f"{name} ({seen[name]})"
    body = [row[:width] + [""] * (width - len(row)) for row in rows[above + named :]][:ROWS]
    columns = list(zip(*body, strict=True)) if body else [()] * width
    series = [pl.Series(name, values, dtype=pl.String) for name, values in zip(names, columns, strict=True)]
    frame = _as_text(pl.DataFrame(series), path.name)
    return Sample(frame, form, encoding, separator, above, named, {}, path.stem, path.suffix)
