"""Last period: each place is expected to get its share of the last published period's count."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.panel import Panel
from peelian.models.plain import fit_plain
from peelian.models.raw_count import WIDTHS, count_reader

SPEC: Final = ModelSpec("last-period", "Last period", "plain", "1", "plain count", needs_years=1.0)


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Weigh the raw count against its surroundings and an even spread on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    reader = count_reader(1, "recent events")
    return fit_plain(SPEC, panel, reader, WIDTHS, horizon=horizon, window=window, seed=seed)
