"""Candidate pairs and their evidence, by Splink: only the two reports and pinned parameters decide it."""

from __future__ import annotations

import logging
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.link.agreement_levels import registered, settings
from peelian.link.parameters import HOURS, REACH, Parameters
from peelian.link.reports import linkable

THREADS: Final = 2
EVIDENCE_SCHEMA: Final[dict[str, Any]] = {"left": pl.String, "right": pl.String, "evidence": pl.Float64}


def evidence(reports: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Give every candidate pair: `left` < `right` (values of `report`) and `evidence`.

    Evidence is the natural log of how likely the second report's place, time and kind are, per square metre
    and hour, if it is of the same incident as the first: Splink's match weight (Fellegi and Sunter 1969)
    divided by the size of the window that the two precisions open. Against it stands the local intensity of
    unrelated reports, which `decide` brings in. Pairs outside the window are not given: they are of two
    incidents. `reports` has `link.reports.COLUMNS`.
    """
    rows = linkable(reports).with_columns(density=pl.lit(0))
    if rows.height < 2:
        return pl.DataFrame(schema=EVIDENCE_SCHEMA)
    linker = splink_linker(rows, settings(parameters, density=False))
    pairs = linker.inference.predict(warning_mode="never").as_duckdbpyrelation().pl()
    left = pairs["position_l"].to_numpy().astype(np.int64)
    right = pairs["position_r"].to_numpy().astype(np.int64)
    squared = rows["precision"].to_numpy()[left] ** 2 + rows["precision"].to_numpy()[right] ** 2
    hours = 2 * (HOURS + rows["half"].to_numpy()[left] + rows["half"].to_numpy()[right])
    window = np.pi * REACH**2 * squared * hours
    log_odds = pairs["match_weight"].to_numpy() * np.log(2.0)
    names = rows["report"]
    return pl.DataFrame(
        {"left": names.gather(left), "right": names.gather(right), "evidence": log_odds - np.log(window)},
        schema=EVIDENCE_SCHEMA,
    ).sort("left", "right")


def splink_linker(rows: pl.DataFrame, wanted: Any) -> Any:
    """Give Splink's linker over an in-memory DuckDB of its own, quiet and with few threads."""
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(":memory:")
    api.duckdb_con.execute(f"set threads = {THREADS}")
    table = api.register(registered(rows).to_arrow(), dataset_display_name="reports")
    return Linker(table, wanted, log_level=logging.ERROR)
