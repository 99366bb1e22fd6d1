"""From evidence to chances: what the other reports that were known say for and against each pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.errors import Fault
from peelian.link.density import intensity
from peelian.link.parameters import HOURS, REACH
from peelian.link.reports import Floats, linkable
from peelian.link.sampler import MOST_FEEDS, sample

QUIET: Final = 4.0
"""Unrelated reports expected in a report's window, at most, for shares to be learnt from it."""
LEAST_QUIET: Final = 1000


@dataclass(frozen=True, eq=False)
class Decided:
    """`pairs` adds `probability` to the candidate pairs whose two reports are given.

    `incidents` is how many incidents the linkable reports are of: the mean over draws, and a range that
    holds nine in ten of them; `reports` how many could be linked at all.
    """

    pairs: pl.DataFrame
    incidents: tuple[float, float, float]
    reports: int


def decide(reports: pl.DataFrame, evidence: pl.DataFrame) -> Decided:
    """Give the chance that each candidate pair is of one incident, from the reports given and no others.

    `reports` has `link.reports.COLUMNS`, cut at what was known; `evidence` as `link.evidence` gives, for
    these reports or for more (pairs with a report that is not here are left out). Equal input gives equal
    bytes.
    """
    rows = linkable(reports)
    at = pl.DataFrame({"report": rows["report"], "at": np.arange(rows.height)})
    pairs = (
        evidence.join(at.rename({"report": "left", "at": "i"}), on="left")
        .join(at.rename({"report": "right", "at": "j"}), on="right")
        .sort("left", "right")
    )
    if pairs.is_empty():
        n = float(rows.height)
        return Decided(_shown(pairs, np.empty(0)), (n, n, n), rows.height)
    names = sorted(rows["feed"].unique())
    if len(names) > MOST_FEEDS:
        raise Fault(f"{len(names)} feeds are to be linked", expected=f"at most {MOST_FEEDS}")
    feed = rows["feed"].replace_strict({n: k for k, n in enumerate(names)}, return_dtype=pl.Int64).to_numpy()
    rate = intensity(*(rows[n].to_numpy() for n in ("easting", "northing", "hour")))
    i, j = (pairs[n].to_numpy().astype(np.int64) for n in ("i", "j"))
    used, place = np.unique(np.concatenate([i, j]), return_inverse=True)
    quiet = _quiet(rate, rows["precision"].to_numpy())
    alone = quiet.copy()
    alone[used] = False
    drawn = sample(
        place[: len(i)], place[len(i) :], pairs["evidence"].to_numpy(), feed[used], np.log(rate[used]),
        quiet[used], np.bincount(feed[alone], minlength=len(names)).astype(np.int64),
    )  # fmt: skip
    rest = rows.height - len(used)
    low, high = np.quantile(drawn.incidents, [0.05, 0.95]) + rest
    mean = float(drawn.incidents.mean()) + rest
    return Decided(_shown(pairs, drawn.chance), (mean, float(low), float(high)), rows.height)


def _quiet(rate: Floats, precision: Floats) -> npt.NDArray[np.bool_]:
    """Say which reports have few unrelated ones near: there, reports of one incident can be told."""
    near = rate * 2 * np.pi * (REACH * precision) ** 2 * 2 * HOURS
    few = min(LEAST_QUIET, len(near))
    return near <= max(QUIET, float(np.partition(near, few - 1)[few - 1]))


def _shown(pairs: pl.DataFrame, chance: Floats) -> pl.DataFrame:
    chances = pl.Series(chance, dtype=pl.Float64)
    return pairs.select("left", "right", "evidence").with_columns(probability=chances)
