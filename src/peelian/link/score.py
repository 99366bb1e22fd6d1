"""Reports in, chances out: evidence of each pair, then what all the reports given say of it."""

from __future__ import annotations

import polars as pl

from peelian.link.decide import decide
from peelian.link.evidence import evidence
from peelian.link.parameters import Parameters, pinned


def score_pairs(reports: pl.DataFrame, parameters: Parameters | None = None) -> pl.DataFrame:
    """Give `left`, `right` (values of `report`, left < right), `evidence` and `probability`.

    `reports` has `link.reports.COLUMNS`: report, feed, start, end (UTC), easting, northing, precision_m
    (metres), group, knife. The probability is that the two are of one incident, given these reports and no
    others; pairs too far apart to be candidates are not listed. Parameters: the package's own by default.
    """
    return decide(reports, evidence(reports, parameters or pinned())).pairs
