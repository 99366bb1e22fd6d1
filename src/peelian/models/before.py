"""A panel as it was at an earlier origin: for replaying what a forecaster would have said."""

from __future__ import annotations

from dataclasses import replace

from peelian.domain.panel import Panel


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
