"""Scores of linking against the truth: pairs, incidents, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from peelian.link.reports import linkable


@dataclass(frozen=True)
class Score:
    """Pairs against the true pairs of reports that can be linked at all."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def true_pairs(reports: pl.DataFrame) -> pl.DataFrame:
    """Give `left`, `right` of every two linkable reports of one true event."""
    rows = linkable(reports).join(reports.select("report", "event"), on="report").drop_nulls("event")
    return _within(rows.select("report", "event"), "event")


def pairs_of(found: pl.DataFrame) -> pl.DataFrame:
    """Give `left`, `right` of every two reports of one incident."""
    return _within(found.select("report", "incident"), "incident")


def _within(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    joined = rows.join(rows, on=by).filter(pl.col("report") < pl.col("report_right"))
    return joined.select(left="report", right="report_right").unique().sort("left", "right")


def scored(reports: pl.DataFrame, pairs: pl.DataFrame) -> Score:
    """Score linked pairs."""
    true = true_pairs(reports)
    hits = pairs.select("left", "right").join(true, on=["left", "right"]).height
    return Score(hits / max(pairs.height, 1), hits / max(true.height, 1))


def true_incidents(reports: pl.DataFrame) -> int:
    """Count the incidents the linkable reports are of; a report of no true event is one of its own."""
    rows = linkable(reports).join(reports.select("report", "event"), on="report")
    return int(rows["event"].drop_nulls().n_unique() + rows["event"].null_count())


def found_incidents(reports: pl.DataFrame, found: pl.DataFrame) -> int:
    """Count the incidents that clusters leave."""
    return linkable(reports).height - found.height + found["incident"].n_unique()


def calibration(reports: pl.DataFrame, pairs: pl.DataFrame, *, least: int = 100) -> pl.DataFrame:
    """Give by tenth of probability `pairs`, mean `said`, share `true`, `gap`; tenths of few pairs left."""
    true = true_pairs(reports).with_columns(hit=pl.lit(1.0))
    return (
        pairs.join(true, on=["left", "right"], how="left")
        .with_columns(pl.col("hit").fill_null(0.0), tenth=(pl.col("probability") * 10).floor().clip(0, 9))
        .group_by("tenth")
        .agg(pairs=pl.len(), said=pl.col("probability").mean(), true=pl.col("hit").mean())
        .filter(pl.col("pairs") >= least)
        .with_columns(gap=pl.col("said") - pl.col("true"))
        .sort("tenth")
    )
