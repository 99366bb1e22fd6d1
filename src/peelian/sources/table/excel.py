"""Read a spreadsheet (.xlsx, .xls, .ods): one sheet, its header row found, every cell typed as it is."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import RawFile
from peelian.domain.errors import LacksColumns, PeelianError, Refused
from peelian.guard.spoken import spoken
from peelian.sources.archive import PIECE, Limits, open_archive

_HEAD: Final = 40  # rows in which the row of column names is looked for
_LIMITS: Final = Limits(member_bytes=512 << 20, total_bytes=768 << 20, members=5_000, ratio=400)
_OLD_BYTES: Final = 64 << 20  # an .xls is not packed
_WHOLE: Final = 2.0**53
_SMALLER: Final = "save the sheet as CSV UTF-8, or split it by month"


@dataclass(frozen=True)
class Sheet:
    """A sheet whose header row is known: `names` in the sheet's order, the row they stand in (from 0)."""

    raw: RawFile
    name: str
    header: int
    names: tuple[str, ...]

    def read(self, wanted: Sequence[str]) -> pl.DataFrame:
        """Give the wanted columns, typed; rows in which all of them are empty are no rows.

        Whole numbers are integers, so that an id reads as in a CSV. The columns not wanted are never made.

        Raises:
            Refused: the sheet cannot be read.
        """
        places = sorted(self.names.index(name) for name in wanted)
        with _reading(self.raw) as book:
            frame = pl.DataFrame(
                book.load_sheet(
                    self.name, header_row=self.header, use_columns=places, schema_sample_rows=None
                ).to_arrow()
            )
        frame = frame.rename(dict(zip(frame.columns, (self.names[k] for k in places), strict=True)))
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        return frame.with_columns(
            frame[name].cast(pl.Int64)
            for name, dtype in frame.schema.items()
            if dtype.is_float() and _are_whole(frame[name])
        )


def is_excel(head: bytes) -> bool:
    """Tell a spreadsheet by its first bytes: a zip, or an old Office document."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def open_sheet(raw: RawFile, sheet: str, needed: Sequence[str], do: str) -> Sheet:
    """Find the sheet (the named one, else the first) and the row that holds the needed column names.

    Raises:
        Refused: no such sheet, no such row in its first 40, a name twice, too large, damaged.
    """
    _check_size(raw)
    with _reading(raw) as book:
        names: list[str] = book.sheet_names
        if sheet and sheet not in names:
            raise Refused(
                f"{raw.name} has no sheet of that name", expected=f"one of its {len(names)} sheets",
                do="correct `sheet` in the mapping",
            )  # fmt: skip
        if not names:
            raise Refused(f"{raw.name} has no sheet", do="save it again with the data on its first sheet")
        chosen = sheet or names[0]
        top = pl.DataFrame(book.load_sheet(chosen, header_row=None, n_rows=_HEAD, dtypes="string").to_arrow())
    return _found(raw, chosen, top, needed, do)


def _found(raw: RawFile, chosen: str, top: pl.DataFrame, needed: Sequence[str], do: str) -> Sheet:
    best: tuple[str, ...] = ()
    for number, row in enumerate(top.iter_rows()):
        names = tuple(str(cell).strip() if cell is not None else "" for cell in row)
        if set(needed) <= set(names):
            twice = sorted({name for name in names if name and names.count(name) > 1})
            if twice:
                raise Refused(f"{raw.name} names a column twice: {', '.join(spoken(twice))}", do="rename one")
            return Sheet(raw, chosen, number, _named(names))
        if len(set(needed) & set(names)) > len(set(needed) & set(best)):
            best = names
    missing = [name for name in needed if name not in best]
    had = f"; the likeliest has {', '.join(n for n in spoken([n for n in best if n]))}" if best else ""
    raise LacksColumns(
        f"no row in the first {_HEAD} of {raw.name}'s sheet holds the column names of the mapping: "
        f"{', '.join(missing)} is missing{had}",
        expected=", ".join(needed), do=do,
        missing=missing if best else (), columns=spoken([name for name in best if name]),
    )  # fmt: skip


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give a column without a name its number, so that its values are looked at too."""
    return tuple(name or f"column {number}" for number, name in enumerate(names, 1))


def _are_whole(values: pl.Series) -> bool:
    known = values.drop_nulls()
    return bool(known.len()) and bool(
        (known.is_finite() & (known == known.round()) & (known.abs() < _WHOLE)).all()
    )


def _check_size(raw: RawFile) -> None:
    with raw.path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if not packed:
        if raw.path.stat().st_size > _OLD_BYTES:
            raise Refused(f"{raw.name} is larger than {_OLD_BYTES >> 20} MiB", do=_SMALLER)
        return
    try:
        with open_archive(raw.path, _LIMITS) as archive:
            _unpack(archive)
    except Refused as error:
        what = error.what.replace(raw.path.name, raw.name)
        raise Refused(what, expected=error.expected, do=_SMALLER) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise _damaged(raw.name) from None


def _unpack(archive: zipfile.ZipFile) -> None:
    """Unpack every member once, into nothing: sizes and checksums are then known to be what they say."""
    for info in archive.infolist():
        with archive.open(info) as member:
            while member.read(PIECE):
                pass


@contextmanager
def _reading(raw: RawFile) -> Iterator[Any]:
    """Lend the workbook; whatever its reader cannot read is a refusal, and its own words are not repeated."""
    import fastexcel

    try:
        yield fastexcel.read_excel(Path(raw.path).read_bytes())
    except PeelianError:
        raise
    except Exception:
        raise _damaged(raw.name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the reader, on bytes no spreadsheet has
            raise
        raise _damaged(raw.name) from None


def _damaged(name: str) -> Refused:
    return Refused(
        f"{name} is no spreadsheet that can be read: damaged, cut short, locked or of another kind",
        do="open it, save it again as .xlsx or as CSV UTF-8, and give that",
    )
