"""From a table's own codes to offence groups and marks."""

from __future__ import annotations

import polars as pl

from peelian.domain.offence import ENFORCEMENT_GROUPS
from peelian.sources.reject import Test
from peelian.sources.table.mapping import DEFAULT, MARKS, Mapping


def add_codes(frame: pl.DataFrame, mapping: Mapping, fixed: str | None) -> pl.DataFrame:
    """Add `_offence`, `_group`, one column a mark (`_knife` and so on) and `_scope`.

    `_group` or a mark is null where the mapping has no entry for a code.
    """
    offence = _text("offence") if mapping.columns.offence else pl.lit(fixed)
    frame = frame.with_columns(_offence=offence.cast(pl.String))
    default = mapping.codes.get(DEFAULT)
    known = {code: group for code, group in mapping.codes.items() if code != DEFAULT}
    group = pl.col("_offence").replace_strict(known, default=default, return_dtype=pl.String)
    frame = frame.with_columns(_group=group, **{f"_{mark}": _mark(mark, mapping) for mark in MARKS})
    display = pl.col("_group").is_in(sorted(ENFORCEMENT_GROUPS)) | (pl.col("_discovered_by") == "officer")
    return frame.with_columns(_scope=pl.when(display).then(pl.lit("display")).otherwise(pl.lit("target")))


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().replace("", None)


def _mark(mark: str, mapping: Mapping) -> pl.Expr:
    """Give a mark: unknown where the file has none, null where its code is not in the mapping."""
    if mark in mapping.constants:
        return pl.lit(mapping.constants[mark])
    if getattr(mapping.columns, mark) is None:
        return pl.lit("unknown")
    codes = mapping.values.get(mark, {})
    known = {value: value for value in MARKS[mark]} | {c: v for c, v in codes.items() if c != DEFAULT}
    text = _text(mark)
    found = text.replace_strict(known, default=codes.get(DEFAULT), return_dtype=pl.String)
    return pl.when(text.is_null()).then(pl.lit("unknown")).otherwise(found)


def code_tests(mapping: Mapping) -> list[Test]:
    """What is wrong with a row's codes."""
    tests: list[Test] = []
    if mapping.columns.offence and DEFAULT not in mapping.codes:
        tests.append((pl.col("_offence").is_null(), "there is no offence code"))
    tests += [
        (
            pl.col("_group").is_null(),
            "the offence code is not in the mapping; add it to `codes`, or give `codes.default`",
        ),
        (
            pl.col("_offence").str.len_bytes() > 120,
            "the offence code is longer than any code: is it free text?",
        ),
    ]
    for mark in MARKS:
        sentence = f"the {mark} value is not in the mapping; add it to `values.{mark}`, or give its `default`"
        tests.append((pl.col(f"_{mark}").is_null(), sentence))
    return tests
