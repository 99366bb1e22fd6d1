"""From a chunk of a table to counts of areas. A count that is withheld is missing, never zero."""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.domain.digest import digest_content, digest_strings
from peelian.domain.errors import Refused
from peelian.domain.records import AREA_COUNT_SCHEMA
from peelian.sources.area_kinds import code_of, kind_of, too_small
from peelian.sources.counting import Counting, floor_of, from_an_institution, is_withheld, number_of
from peelian.sources.csv.table import Chunk
from peelian.sources.reject import Test, split
from peelian.sources.table.checks import time_tests
from peelian.sources.table.mapping import COUNTED, DEFAULT, Mapping
from peelian.sources.table.parsing import MakeBatch
from peelian.sources.table.rows import Rules
from peelian.sources.table.times import add_interval

ORDER: Final = (*AREA_COUNT_SCHEMA, "row", "has_id")
_PLACED: Final = ("_measure", "_kind", "_area", "_start", "_end", "_basis")
_KEYED: Final = (*_PLACED, "_age_band")


def counts_by(counting: Counting) -> MakeBatch:
    """Give what turns a chunk into counts under these rules."""
    return partial(_batch, counting=counting)


def _batch(chunk: Chunk, rules: Rules, *, counting: Counting) -> ParsedBatch:
    mapping = rules.mapping
    frame = _interval(chunk.frame, mapping)
    available = pl.lit(rules.available_at) if rules.available_at else pl.coalesce("_available", "_end")
    known = pl.max_horizontal(available, _later(pl.col("_end"), counting.lag_months, mapping))
    area = code_of("area")
    frame = frame.with_columns(
        _area=area, _kind=kind_of(area), _measure=_measure(mapping), _n=number_of("count"),
        _distinct=number_of("distinct"), _at=known.cast(AREA_COUNT_SCHEMA["available_at"]),
        **{f"_{name}": _word(name, mapping) for name in COUNTED},
    )  # fmt: skip
    _refuse(frame, counting, rules.file)
    tests = [*time_tests(mapping, rules.available_at, rules.now), *_tests(counting, mapping), *_twice()]
    if rules.now is not None:
        tests.append((pl.col("_end") > rules.now, "its period is not over yet"))
    good, rejects = split(frame, tests)
    rejects = pl.concat([chunk.rejects, rejects]).sort("row")
    rows = _counts(good, rules, counting)
    return ParsedBatch("area_counts", rows, rejects, chunk.read, rules.force, mapping.project_to)


def _interval(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Add `_start` and `_end`; a last day without an hour belongs to the period."""
    frame = add_interval(frame, mapping)
    if not mapping.columns.end:
        return frame
    zone, end = mapping.time.zone, pl.col("_end")
    next_day = end.dt.convert_time_zone(zone).dt.truncate("1d").dt.offset_by("1d").dt.convert_time_zone("UTC")
    # A spreadsheet writes a day as its midnight; a text with a clock means that very instant.
    local = end.dt.convert_time_zone(zone)
    if isinstance(frame.schema["end"], pl.Datetime):
        a_day = local == local.dt.truncate("1d")
    else:
        a_day = ~pl.col("end").cast(pl.String).str.contains(":")
    return frame.with_columns(_end=pl.when(a_day).then(next_day).otherwise(end))


def _later(instant: pl.Expr, months: int, mapping: Mapping) -> pl.Expr:
    local = instant.dt.convert_time_zone(mapping.time.zone)
    return local.dt.offset_by(f"{months}mo").dt.convert_time_zone("UTC")


def _measure(mapping: Mapping) -> pl.Expr:
    if not mapping.columns.measure:
        return pl.lit(mapping.constants.get("measure"), pl.String)
    text = pl.col("measure").cast(pl.String).str.strip_chars().replace("", None)
    codes = {code: word for code, word in mapping.values.get("measure", {}).items() if code != DEFAULT}
    return text.replace_strict(codes, default=text, return_dtype=pl.String) if codes else text


def _word(name: str, mapping: Mapping) -> pl.Expr:
    """Give a basis or age band: what was not said is unknown, or all; a code not in the mapping is null."""
    unsaid = "all" if name == "age_band" else "unknown"
    if getattr(mapping.columns, name) is None:
        return pl.lit(mapping.constants.get(name, unsaid))
    codes = mapping.values.get(name, {})
    known = {word: word for word in COUNTED[name]} | {c: w for c, w in codes.items() if c != DEFAULT}
    text = pl.col(name).cast(pl.String).str.strip_chars().replace("", None)
    found = text.replace_strict(known, default=codes.get(DEFAULT), return_dtype=pl.String)
    return pl.when(text.is_null()).then(pl.lit(unsaid)).otherwise(found)


def _refuse(frame: pl.DataFrame, counting: Counting, file: str) -> None:
    """Refuse the whole file for what should never have left its owner.

    Raises:
        Refused: with the reason, never a value.
    """
    small, home, young = frame.select(
        small=too_small(pl.col("_area")).any(), home=(pl.col("_basis") == "residence").any(),
        young=(pl.col("_age_band") == "under 18").any(),
    ).row(0)  # fmt: skip
    if small:
        raise Refused(
            f"{file} counts by something smaller than an LSOA: output areas, postcodes, cells or points",
            expected="area codes of LSOAs or larger", do="ask the provider to add the counts up",
        )  # fmt: skip
    if counting.basis and counting.basis != "residence" and home:
        raise Refused(
            f"{file} counts by where people live: it would point at homes, not at where harm is done",
            expected="counts by the place of the offence", do="ask the provider to count by place of offence",
        )  # fmt: skip
    if counting.adults_only and young:
        raise Refused(
            f"{file} has a band under 18: nothing known of a child may be read here",
            expected="counts of adults", do="ask the provider to leave children out, not to add them in",
        )  # fmt: skip


def _tests(counting: Counting, mapping: Mapping) -> list[Test]:
    kinds = counting.kinds
    tests: list[Test] = [
        (pl.col("_area").is_null(), "there is no area code"),
        (
            pl.col("_kind").is_null(),
            "the area code is of no kind known here; give codes as ONS does",
        ),
        (pl.col("_measure").is_null(), "it does not say what was counted"),
        (pl.col("_measure").str.len_bytes() > 80, "the measure is longer than any name: is it free text?"),
        (pl.col("_basis").is_null(), "what it counts by is not in the mapping; add it to `values.basis`"),
        (pl.col("_age_band").is_null(), "the age band is not in the mapping; add it to `values.age_band`"),
        (pl.col("_n").is_null() & ~is_withheld("count"), "the count is neither a whole number nor withheld"),
        (
            pl.col("_distinct").is_null() & ~is_withheld("distinct"),
            f"the number of different {counting.of} is neither a whole number nor withheld",
        ),
        (pl.col("_distinct") > pl.col("_n"), f"there are more different {counting.of} than were counted"),
    ]
    if kinds:
        allowed = " or ".join(kind.upper() for kind in kinds)
        tests.append((~pl.col("_kind").is_in(kinds), f"this feed may be counted by {allowed} only"))
    if counting.basis:
        tests.append((pl.col("_basis") != counting.basis, "it does not say it counts by place of offence"))
    if counting.window_months:
        whole = _later(pl.col("_start"), counting.window_months, mapping)
        sentence = f"it does not count over {counting.window_months} whole months"
        tests.append((pl.col("_end") != whole, sentence))
    if counting.institutions and mapping.columns.institution_share:
        share = pl.col("institution_share").cast(pl.Float64, strict=False)
        given = ~is_withheld("institution_share")
        wrong = given & ~share.is_between(0, 1).fill_null(False)
        tests.append((wrong, "the share from institutions is not a number from 0 to 1"))
    return tests


def _twice() -> list[Test]:
    again = pl.struct(_KEYED).is_duplicated() & (pl.struct("_n").n_unique().over(_KEYED) > 1)
    return [(again, "the same area, period and measure stands here twice with different counts")]


def _counts(frame: pl.DataFrame, rules: Rules, counting: Counting) -> pl.DataFrame:
    few = (pl.col("_distinct") < floor_of(counting)).fill_null(True)
    withheld = pl.col("_n").is_null() | few | from_an_institution(counting, rules.mapping)
    frame = frame.with_columns(_withheld=withheld)
    # A total beside a withheld band would give the band away by subtraction.
    given_away = (pl.col("_age_band") == "all") & pl.col("_withheld").any().over(_PLACED)
    withheld = pl.col("_withheld") | given_away
    frame = frame.with_columns(
        group=pl.col("_measure"), area_kind=pl.col("_kind"), area=pl.col("_area"), start=pl.col("_start"),
        end=pl.col("_end"), count=pl.when(~withheld).then("_n"), suppressed=withheld, basis=pl.col("_basis"),
        age_band=pl.col("_age_band"), scope=pl.lit(counting.scope), available_at=pl.col("_at"),
        has_id=pl.lit(True),
    )  # fmt: skip
    keys = ("key_hi", "key_lo", "content")
    frame = frame.with_columns(pl.col(c).cast(t) for c, t in AREA_COUNT_SCHEMA.items() if c not in keys)
    salt = f"counts/{rules.mapping.source}/{rules.force}"
    hi, lo = digest_strings([frame[name.removeprefix("_")] for name in _NAMES], salt)
    content = digest_content([frame["count"], frame["suppressed"]], "counts")
    return frame.with_columns(key_hi=hi, key_lo=lo, content=content).select(ORDER)


_NAMES: Final = ("group", "area_kind", "area", "start", "end", "basis", "age_band")
