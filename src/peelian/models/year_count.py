"""Count of the last year (52 weeks or 12 months): each place is expected to get its share of it."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.plain import fit_plain
from peelian.models.raw_count import WIDTHS, count_reader

SPEC: Final = ModelSpec("year-count", "Count of the last year", "plain", "1", "plain count", needs_years=1.0)


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Weigh the raw count against its surroundings and an even spread on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    reader = count_reader(YEAR_PERIODS[panel.every], "long-run place")
    return fit_plain(SPEC, panel, reader, WIDTHS, horizon=horizon, window=window, seed=seed)
