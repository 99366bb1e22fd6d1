"""A panel as it was at an earlier origin: for replaying what a forecaster would have said."""

from __future__ import annotations

from dataclasses import replace

from peelian.domain.contracts import Fitted
from peelian.domain.errors import Refused
from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.past import gap_of, pseudo_origins


def before(panel: Panel, periods: int) -> Panel:
    """Give the panel's first `periods` periods, as views; the next period is its origin.

    What was known is taken as it is known now: revisions since then are not undone.
    """
    if periods >= len(panel.starts):
        return panel
    return replace(
        panel,
        origin=panel.starts[periods],
        starts=panel.starts[:periods],
        counts=panel.counts[:, :periods],
        observed=panel.observed[:, :periods],
        elsewhere=panel.elsewhere[:, :periods],
    )


def replay(fitted: Fitted, panel: Panel, *, span: int, most: int) -> list[tuple[int, Forecast]]:
    """Forecast again from up to `most` origins of the last year, each with the `span` periods after it seen.

    Gives each origin (a period's index) with its forecast; those the forecaster refuses are left out.

    A fitted forecaster whose reasons are dear may offer `expected(panel)`: its forecast without them.
    """
    held, gap = len(panel.starts), gap_of(panel)
    first = max(held // 3, held - YEAR_PERIODS[panel.every] - span)
    say = getattr(fitted, "expected", fitted.predict)
    try:
        origins = pseudo_origins(panel, first=first, span=span, gap=gap, most=most)
    except Refused:
        return []
    played = []
    for t in origins:
        try:
            played.append((t, say(_withheld(before(panel, t), gap))))
        except Refused:
            continue
    return played


def _withheld(panel: Panel, gap: int) -> Panel:
    """Hide the last `gap` periods, as they are hidden before the panel's own origin."""
    if gap == 0:
        return panel
    seen, counts = panel.observed.copy(), panel.counts.copy()
    seen[:, -gap:], counts[:, -gap:] = False, 0.0
    return replace(panel, observed=seen, counts=counts)
