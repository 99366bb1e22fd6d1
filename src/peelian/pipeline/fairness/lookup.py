"""Lookups that tell neighbourhoods apart for an audit, never for a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.fairness_standing import KINDS
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.setting_table import lines_not, read_table
from peelian.store.audit_attributes import replace_attributes
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

_CODE: Final = re.compile(r"^(lsoa\d*_?(cd|code)?|code)$")
_COLUMN: Final = {
    "deprivation": re.compile(r"^(income_)?(deprivation_)?decile$"),
    "ethnicity": re.compile(r"^(minority_(ethnic_)?share|share)$"),
    "rurality": re.compile(r"^(rural_urban|ruc\d*|rurality)$"),
}
_EXPECTED: Final = {
    "deprivation": "columns lsoa and income_decile: 1 (most deprived tenth) to 10, of the income domain",
    "ethnicity": "columns lsoa and minority_share: share of residents in minority ethnic groups, 0 to 1",
    "rurality": "columns lsoa and rural_urban: rural or urban",
}
QUINTILES: Final = 5


@dataclass(frozen=True)
class LookupImported:
    """What was kept: areas, by class, and whether it replaced an earlier file of its kind."""

    kind: str
    name: str
    areas: int
    classes: dict[str, int]
    replaced: bool


def import_lookup(ctx: Context, path: Path, kind: str, tick: Tick = no_tick) -> LookupImported:
    """Read a table of neighbourhoods into the audit-only store; it replaces what was held of its kind.

    Ethnic composition becomes fifths of the areas in the file (quintile 1: the lowest share). Nothing of it
    is a feature: the training role cannot read it.

    Raises:
        Forbidden: the policy says no. Misuse: an unknown kind, no such file or columns, or wrong rows.
    """
    if kind not in KINDS:
        raise Misuse("there is no such kind of lookup", expected=", ".join(KINDS), do="say one with --kind")
    ctx.allow("collection", "audit lookup")
    rows = _classed(_read(path, kind), kind)
    tick("keeping", 0.5)
    digest = hashed(path)
    with transaction(ctx.ws) as conn:
        gone = replace_attributes(conn, kind, rows)
        replace_context_file(conn, f"audit-{kind}", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"audit lookup {kind} of {rows.height} areas")
    tick("done", 1.0)
    counts = rows.group_by("class").len().sort("class")
    return LookupImported(kind, path.name, rows.height, dict(counts.iter_rows()), gone > 0)


def hashed(path: Path) -> str:
    """Give the SHA-256 of a file."""
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path, kind: str) -> pl.DataFrame:
    raw = read_table(path)
    if raw is None or raw.is_empty():
        raise _wrong(kind, "there is no table with rows that can be read there")
    names = {name.strip().lower(): name for name in raw.columns}
    codes = [name for low, name in names.items() if _CODE.match(low)]
    values = [name for low, name in names.items() if _COLUMN[kind].match(low)]
    if len(codes) != 1 or len(values) != 1:
        raise _wrong(kind, "the table lacks one column of codes and one of what is looked up")
    rows = raw.select(
        code=pl.col(codes[0]).cast(pl.String).str.strip_chars(),
        said=pl.col(values[0]).cast(pl.String).str.strip_chars().str.to_lowercase(),
    )
    if rows["code"].is_duplicated().any() or rows["code"].null_count():
        raise _wrong(kind, "some codes are missing or there twice")
    return rows


def _classed(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    if kind == "rurality":
        word = pl.col("said").str.extract(r"^(rural|urban)")
        _check(rows.select(word.is_not_null())["said"], kind)
        made = rows.select("code", word.alias("class"))
        return made.with_columns(value=(pl.col("class") == "rural").cast(pl.Float64))
    value = rows["said"].cast(pl.Float64, strict=False)
    if kind == "deprivation":
        _check(value.is_in([float(k) for k in range(1, 11)]), kind)
        return pl.DataFrame(
            {"code": rows["code"], "class": [f"decile {int(v)}" for v in value], "value": value}
        )
    _check(value.is_between(0.0, 1.0), kind)
    return pl.DataFrame({"code": rows["code"], "class": _fifths(value.to_numpy()), "value": value})


def _fifths(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return [f"quintile {1 + int(at * QUINTILES // len(values))}" for at in order]


def _check(good: pl.Series, kind: str) -> None:
    if bad := lines_not(good):
        raise _wrong(kind, f"some rows say something else ({bad})")


def _wrong(kind: str, what: str) -> Misuse:
    return Misuse(what, expected=_EXPECTED[kind], do="correct the file and import it again")
