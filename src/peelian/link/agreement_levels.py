"""The comparison of two reports in Splink's terms: levels of place, time, kind, knife and density."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from peelian.link.parameters import (
    HOURS,
    KINDS,
    KNIVES,
    PLACE_BINS,
    REACH,
    TIME_BINS,
    Parameters,
    place_u,
)

LONG_HOURS: Final = 200.0
BUCKET_HOURS: Final = 10.0
"""At least the widest window (HOURS plus the longest interval), so candidates lie in adjacent buckets."""
DENSITY_LEVELS: Final = 6
_TINY: Final = 1e-6

_SQUARED = "(power(easting_l - easting_r, 2) + power(northing_l - northing_r, 2))"
_SCALE = f"({REACH**2} * (power(precision_l, 2) + power(precision_r, 2)))"
_APART = f"(abs(hour_l - hour_r) / ({HOURS} + half_l + half_r))"


_NEAR: Final = (
    "(power(l.b_easting - r.b_easting, 2) + power(l.b_northing - r.b_northing, 2))"
    f" < {REACH**2} * (power(l.b_precision, 2) + power(r.b_precision, 2))"
    f" and abs(l.b_hour - r.b_hour) < {HOURS} + l.b_half + r.b_half and l.b_key <> r.b_key"
)
"""Rules use copies of the columns (`b_` names): Splink learns no comparison whose columns a rule uses."""


def blocking_rules() -> list[str]:
    """Give the rules that find candidates: three exclusive ones over buckets of time, within reach."""
    return [f"l.b_bucket = r.b_bucket + {step} and {_NEAR}" for step in (0, 1, -1)]


def learning_rule() -> str:
    """Give the one rule that finds pairs to learn from: nearly all candidates, as its buckets are long."""
    return f"l.b_long = r.b_long and {_NEAR}"


def settings(parameters: Parameters, *, density: bool) -> Any:
    """Give Splink's settings, pinned to `parameters`, or at a starting guess to learn from.

    With a prior of one half, the match weight of a pair is the evidence of the two reports alone.
    """
    from splink import SettingsCreator

    comparisons: list[Any] = [
        _steps("place", [f"{_SQUARED} < {((k + 1) / PLACE_BINS) ** 2} * {_SCALE}" for k in range(PLACE_BINS)],
               parameters.place, [place_u(k) for k in range(PLACE_BINS)]),
        _steps("time", [f"{_APART} < {(k + 1) / TIME_BINS}" for k in range(TIME_BINS)],
               parameters.time, [1 / TIME_BINS] * TIME_BINS),
        _kind(parameters), _knife(parameters),
    ]  # fmt: skip
    if density:
        comparisons.append(_density())
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="position", comparisons=comparisons,
        blocking_rules_to_generate_predictions=list[Any](blocking_rules()),
        probability_two_random_records_match=0.5, retain_matching_columns=False,
        max_iterations=60, em_convergence=1e-4,
    )  # fmt: skip


def guess(armed: float) -> Parameters:
    """Give where learning starts, from the share of reports that say a knife among those that say either."""
    chance = (armed**2, 2 * armed * (1 - armed), (1 - armed) ** 2)
    return Parameters(
        "start", _falling(PLACE_BINS), _falling(TIME_BINS), (0.03, 0.02, 0.95), (0.15, 0.05, 0.8),
        (0.8 * armed, 0.4 * armed, 1 - 1.2 * armed), chance,
    )  # fmt: skip


def registered(reports: pl.DataFrame) -> pl.DataFrame:
    """Give the table Splink reads: numbers only, and the copies that blocking uses."""
    bucket = (pl.col("hour") / BUCKET_HOURS).floor().cast(pl.Int64)
    long = (pl.col("hour") / LONG_HOURS).floor().cast(pl.Int64)
    copied = {f"b_{n}": pl.col(n) for n in ("easting", "northing", "precision", "hour", "half")}
    return reports.with_row_index("position").select(
        pl.col("position").cast(pl.Int64), "easting", "northing", "precision", "hour", "half", "role",
        (pl.col("group") == "robbery").cast(pl.Int8).alias("robbery"), pl.col("armed").cast(pl.Int8),
        pl.col("density").cast(pl.Int8), b_bucket=bucket, b_long=long,
        b_key=pl.col("report").str.split(".").list.first(), **copied,
    )  # fmt: skip


def _falling(bins: int) -> tuple[float, ...]:
    weights = [bins - k for k in range(bins)]
    return tuple(w / sum(weights) for w in weights)


def _level(sql: str, m: float, u: float, *, fixed: bool) -> dict[str, Any]:
    return {
        "sql_condition": sql, "label_for_charts": sql[:40], "fix_u_probability": fixed,
        "m_probability": max(m, _TINY), "u_probability": max(u, _TINY),
    }  # fmt: skip


def _steps(name: str, tests: list[str], m: tuple[float, ...], u: list[float]) -> dict[str, Any]:
    tests = [*tests[:-1], "ELSE"]
    levels = [_level(sql, a, b, fixed=True) for sql, a, b in zip(tests, m, u, strict=True)]
    return {"output_column_name": name, "comparison_levels": levels}


def _kind(p: Parameters) -> dict[str, Any]:
    tests = ["robbery_l + robbery_r >= 1 and role_l <> role_r", "robbery_l <> robbery_r", "ELSE"]
    assert len(tests) == len(KINDS)
    levels = [_level(sql, m, u, fixed=False) for sql, m, u in zip(tests, p.kind_m, p.kind_u, strict=True)]
    return {"output_column_name": "kind", "comparison_levels": levels}


def _knife(p: Parameters) -> dict[str, Any]:
    # u is fixed at what chance gives: both armed is so rare that EM would take every such pair for a match.
    tests = ["armed_l + armed_r = 2", "armed_l + armed_r = 1", "ELSE"]
    assert len(tests) == len(KNIVES)
    null = {
        "sql_condition": "armed_l is null or armed_r is null",
        "label_for_charts": "not said",
        "is_null_level": True,
    }
    levels = [_level(sql, m, u, fixed=True) for sql, m, u in zip(tests, p.knife_m, p.knife_u, strict=True)]
    return {"output_column_name": "knife", "comparison_levels": [null, *levels]}


def _density() -> dict[str, Any]:
    share = 1 / DENSITY_LEVELS
    tests = [f"density_l = {k}" for k in range(DENSITY_LEVELS - 1)] + ["ELSE"]
    return {
        "output_column_name": "crowd",
        "comparison_levels": [_level(sql, share, share, fixed=False) for sql in tests],
    }
