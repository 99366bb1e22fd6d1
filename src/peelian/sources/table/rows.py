"""From a chunk of a table to events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.domain.digest import digest_content, digest_strings
from peelian.domain.errors import Refused
from peelian.domain.event import PARSED_SCHEMA
from peelian.guard.values import harmless
from peelian.sources.csv.table import Chunk
from peelian.sources.reject import Test, split
from peelian.sources.table.checks import place_tests, time_tests
from peelian.sources.table.knives import add_knife
from peelian.sources.table.mapping import Mapping
from peelian.sources.table.marks import add_codes, code_tests
from peelian.sources.table.places import add_place
from peelian.sources.table.resolve import Tally, add_resolved
from peelian.sources.table.status import add_status, status_tests
from peelian.sources.table.times import add_interval

ORDER: Final = (*PARSED_SCHEMA, "row", "has_id", "retracted", "nominal")
_AREA: Final = r"^[A-Za-z0-9_-]{1,20}$"
_HOUSE: Final = r"^\d|[\s,/]\d{1,4}[A-Za-z]?[\s,]+[A-Za-z]"  # a number before a name is a house's


@dataclass(frozen=True)
class Rules:
    """What decides a row: the mapping and the command's options."""

    mapping: Mapping
    force: str
    available_at: datetime | None
    now: datetime | None
    offence: str | None = None  # of every row, where no column says
    gazetteer: str | None = None  # path of the workspace's gazetteer
    file: str = ""  # its name, for what is said to the user
    tally: Tally = field(default_factory=Tally, compare=False)  # places resolved so far

    @classmethod
    def of(cls, mapping: Mapping, options: dict[str, Any], name: str) -> Rules:
        """Take from the options and the file's name what bears on rows.

        Raises:
            Refused: when the mapping goes by the file's name and the name holds none of its words.
        """
        offence = mapping.constants.get("offence")
        if mapping.offence_by_file:
            offence = next((code for word, code in mapping.offence_by_file.items() if word in name), None)
            if offence is None:
                raise Refused(
                    f"the name of {name} does not say what its rows are",
                    expected=f"one of {', '.join(mapping.offence_by_file)} in the name",
                    do="rename the file, or correct `offence_by_file` in the mapping",
                )
        force = str(options.get("force") or mapping.force)
        gazetteer = options.get("gazetteer")
        return cls(
            mapping, force, options.get("available_at"), options.get("now"), offence,
            str(gazetteer) if gazetteer else None, name,
        )  # fmt: skip


def batch_of(chunk: Chunk, rules: Rules) -> ParsedBatch:
    """Give each row as an event, or the reason why not."""
    mapping = rules.mapping
    frame = add_place(add_interval(chunk.frame, mapping), mapping)
    frame = add_resolved(frame, mapping, rules.gazetteer, rules.tally)
    frame = add_status(add_knife(add_codes(frame, mapping, rules.offence), mapping), mapping)
    available = pl.lit(rules.available_at) if rules.available_at else pl.coalesce("_available", "_end")
    frame = _numbers(frame.with_columns(_at=available.cast(PARSED_SCHEMA["available_at"])), mapping)
    tests = [*time_tests(mapping, rules.available_at, rules.now), *place_tests(mapping)]
    tests += [*code_tests(mapping), *status_tests(mapping), *_other_tests(mapping)]
    good, rejects = split(frame, tests)
    rejects = pl.concat([chunk.rejects, rejects]).sort("row")
    crs = mapping.project_to
    return ParsedBatch("events", _events(good, rules), rejects, chunk.read, rules.force, crs)


def _numbers(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    columns = mapping.columns
    n = pl.col("n").cast(pl.Float64, strict=False) if columns.n else pl.lit(1.0)
    severity = (
        pl.col("severity").cast(pl.Float64, strict=False) if columns.severity else pl.lit(None, pl.Float64)
    )
    return frame.with_columns(_n_reports=n, _severity=severity)


def _other_tests(mapping: Mapping) -> list[Test]:
    n = pl.col("_n_reports")
    whole = (n >= 1) & (n <= 1_000_000) & (n == n.floor())
    tests: list[Test] = [
        (~whole.fill_null(False), "the number of reports is not a whole number of 1 or more")
    ]
    if mapping.columns.severity:
        severity = pl.col("_severity")
        wrong = pl.col("severity").is_not_null() & ~(severity.is_finite() & (severity >= 0)).fill_null(False)
        tests.append((wrong, "the severity is not a number of 0 or more"))
    if mapping.columns.lsoa:
        lsoa = pl.col("lsoa").cast(pl.String)
        tests.append((lsoa.is_not_null() & ~lsoa.str.contains(_AREA), "the area code is not a code"))
    return tests


def _label(location: pl.Series) -> pl.Series:
    """Keep a label of a place; blank what names a house, or is long or person-shaped. The event stays."""
    text = location.cast(pl.String).str.strip_chars()
    distinct = text.unique().drop_nulls()
    house = distinct.str.contains(_HOUSE) | (distinct.str.len_bytes() > 200)
    kept = distinct.filter(~house & harmless(distinct))
    return text.to_frame("t").select(pl.when(pl.col("t").is_in(kept.implode())).then("t")).to_series()


def _events(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    mapping, columns = rules.mapping, rules.mapping.columns
    frame = frame.with_columns(
        offence=pl.coalesce("_offence", "_group"), group=pl.col("_group"), n=pl.col("_n_reports"),
        start=pl.col("_start"), end=pl.col("_end"), easting=pl.col("_e"), northing=pl.col("_n"),
        knife_why=pl.col("_knife_why"), place_match=pl.col("_match"),
        precision_m=pl.when(pl.col("_e").is_not_null()).then(
            pl.coalesce("_precision", pl.lit(mapping.precision_m, pl.Float32))
        ),
        lsoa=pl.coalesce(pl.col("lsoa").cast(pl.String), "_lsoa") if columns.lsoa else pl.col("_lsoa"),
        location=_label(frame["location"]) if columns.location else pl.lit(None),
        severity=pl.col("_severity"), scope=pl.col("_scope"), available_at=pl.col("_at"),
        **{mark: pl.col(f"_{mark}") for mark in ("knife", "setting", "domestic", "sexual", "discovered_by")},
        has_id=pl.col("id").is_not_null() if columns.id else pl.lit(False),
        retracted=pl.col("_retracted"), nominal=_nominal(rules),
        _id=pl.col("id").cast(pl.String) if columns.id else pl.lit(None, pl.String),
    ).with_columns(pl.col(c).cast(t) for c, t in PARSED_SCHEMA.items() if c not in _KEYS)  # fmt: skip
    frame = _with_keys(frame, f"table/{mapping.source}/{rules.force}")
    return frame.select(ORDER)


def _nominal(rules: Rules) -> pl.Expr:
    """Say whether the instant at which a row was known is the end of its own interval, and no one said it."""
    return pl.lit(False) if rules.available_at else pl.col("_available").is_null()


_KEYS: Final = ("key_hi", "key_lo", "content")
_DIGESTED: Final = (
    "offence", "group", "n", "start", "end", "easting", "northing", "lsoa", "location", "severity",
    "knife", "setting", "domestic", "sexual", "discovered_by",
)  # fmt: skip


def _with_keys(frame: pl.DataFrame, salt: str) -> pl.DataFrame:
    """Add keys and content. `available_at` is in neither: the same row delivered later is the same row.

    Coordinates are digested to the hundredth of a unit, so that a newer PROJ cannot change a key.
    """
    rounded = frame.with_columns((pl.col("easting", "northing") * 100).round().cast(pl.Int64))
    published = [rounded[c] for c in _DIGESTED]
    hi, lo = digest_strings(published, salt)
    id_hi, id_lo = digest_strings([frame["_id"]], salt + "/id")
    return frame.with_columns(
        content=digest_content(published, "table"), _hi=hi, _lo=lo, _id_hi=id_hi, _id_lo=id_lo
    ).with_columns(
        key_hi=pl.when("has_id").then("_id_hi").otherwise("_hi"),
        key_lo=pl.when("has_id").then("_id_lo").otherwise("_lo"),
    )
