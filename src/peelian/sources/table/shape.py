"""The shape of a file: names of its columns, how its values are written, which codes took a default.

No value of a row is in it: how values are written is one of a few classes, and a code is two bytes of a
digest, too few to find a text by.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from difflib import get_close_matches
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import AGAINST
from peelian.sources.csv.table import Chunk
from peelian.sources.table.mapping import DEFAULT, MARKS, STATUS, Mapping

_DISTINCT: Final = 300  # codes of a column; a column of more is no column of codes
_CLOSE: Final = 0.85
_LEAST_LETTERS: Final = 5
_RUNS: Final = (("[0-9]+", "9"), ("9(?:9)+", "9"), ("[A-Za-z]+", "x"))
_TIMES: Final = ("occurred", "start", "end", "date", "time", "available_at")
_NUMBERS: Final = (
    "easting", "northing", "longitude", "latitude", "n", "count", "distinct", "severity", "weight",
    "institution_share", "hour",
)  # fmt: skip


def shape_of(chunk: Chunk, mapping: Mapping) -> dict[str, Any]:
    """Give a chunk's shape as plain data; shapes of one file's chunks add up."""
    used = mapping.columns.used()
    forms = {
        theirs: _forms(chunk.frame[ours], ours, mapping.time.format or "")
        for ours, theirs in used.items()
        if ours in _TIMES or ours in _NUMBERS
    }
    codes = {
        used[ours]: _codes(chunk.frame[ours], known)
        for ours, known in _coded(mapping).items()
        if ours in used
    }
    return {"columns": list(chunk.columns), "forms": forms, "codes": codes}


def _forms(values: pl.Series, ours: str, form: str) -> dict[str, int]:
    """Count how values are written: `whole`, `decimal`, a pattern such as `9/9/9 9:9`, `text`, `empty`."""
    empty = values.null_count()
    if values.dtype != pl.String:
        number = "whole" if values.dtype.is_integer() else "decimal"
        kind = number if values.dtype.is_numeric() else str(values.dtype.base_type()).lower()
        return {"empty": empty, kind: len(values) - empty}
    text = values.drop_nulls().str.strip_chars()
    if ours in _NUMBERS:
        kinds = text.to_frame("t").select(
            pl.when(pl.col("t").str.contains(r"^[+-]?\d+(\.0+)?$")).then(pl.lit("whole"))
            .when(pl.col("t").str.contains(r"^[+-]?\d*\.\d+$")).then(pl.lit("decimal"))
            .otherwise(pl.lit("text"))
        ).to_series()  # fmt: skip
    else:
        against = _against(text, form)
        for run, sign in _RUNS:
            text = text.str.replace_all(run, sign)
        plain = text.str.contains(r"^[9x/:. +-]{1,20}$")
        kinds = pl.select(
            pl.when(against).then(pl.lit(AGAINST)).when(plain).then(text).otherwise(pl.lit("text"))
        ).to_series()
    counts = dict(kinds.rename("k").value_counts().head(20).iter_rows())
    return {"empty": empty} | {str(kind): int(n) for kind, n in counts.items()}


def _against(text: pl.Series, form: str) -> pl.Series:
    """Mark dates whose day stands where the mapping's format has the month."""
    late = r"(?:1[3-9]|2\d|3[01])[/.-]"
    order = {"%d": rf"^\d{{1,2}}[/.-]{late}", "%m": rf"^{late}\d{{1,2}}[/.-]", "": rf"^\d{{4}}-{late}"}
    if form[:2] not in order:
        return pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    return text.str.contains(order[form[:2]])


def _coded(mapping: Mapping) -> dict[str, set[str]]:
    """Our columns in which a code that the mapping does not name is taken all the same."""
    known: dict[str, set[str]] = {}
    if DEFAULT in mapping.codes:
        known |= {ours: set(mapping.codes) - {DEFAULT} for ours in ("offence", "kind")}
    for ours in ("status", *MARKS):
        codes = mapping.values.get(ours, {})
        if DEFAULT in codes:
            known[ours] = (set(codes) - {DEFAULT}) | set(STATUS if ours == "status" else MARKS[ours])
    return known | {"measure": set(mapping.values.get("measure", {})) - {DEFAULT}}


def _codes(values: pl.Series, known: set[str]) -> dict[str, Any]:
    text = values.cast(pl.String).str.strip_chars().replace("", None).drop_nulls()
    counts = {code: n for code, n in text.rename("c").value_counts().iter_rows() if code not in known}
    out: dict[str, Any] = {"rows": len(text), "default": sum(counts.values()), "seen": {}, "near": []}
    if len(counts) > _DISTINCT:
        return out
    plain = {_plain(code) for code in known}
    long = [code for code in plain if _can_be_misspelt(code)]
    seen: Counter[str] = Counter()
    for code, n in counts.items():
        short = _plain(code)
        key = f"{_two_bytes(code)}{_two_bytes(short)}"
        seen[key] += n
        close = _can_be_misspelt(short) and get_close_matches(short, long, 1, _CLOSE)
        if short in plain or close:
            out["near"].append(key)
    return out | {"seen": dict(seen)}


def _can_be_misspelt(code: str) -> bool:
    """Tell a word from a short code with numbers, whose neighbour is another code."""
    return len(code) >= (3 if code.isalpha() else _LEAST_LETTERS)


def _plain(code: str) -> str:
    return re.sub(r"[\W_]+", "", code).casefold()


def _two_bytes(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=2).hexdigest()
