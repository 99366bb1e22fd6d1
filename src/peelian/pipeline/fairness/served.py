"""Which models are served, and the origins each is audited on: its backtest's, else the last gone by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from peelian.domain.errors import NotFound
from peelian.domain.time import YEAR_PERIODS, step
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.held_back import HeldBack
from peelian.pipeline.fairness.watching import WatchRequest
from peelian.pipeline.panels import Panels, origins_between
from peelian.store.fairness_audits import served_key
from peelian.store.runs import RunRow, get_run, list_runs

LAST: Final[dict[str, int]] = {"month": 12, "week": 26, "day": 56}
"""How many of the last origins are audited where the run has no backtest."""


@dataclass(frozen=True)
class Origins:
    """The origins of an audit and where they are from, in words."""

    days: tuple[date, ...]
    source: str


def served_runs(
    ctx: Context, area: str | None = None, target: str | None = None, run: str | None = None
) -> list[RunRow]:
    """List the newest run of each area, target, period and window: what is served now.

    Raises:
        NotFound: there is none, or no such run.
    """
    if run is not None:
        return [get_run(ctx.ws, run)]
    seen: dict[tuple[Any, ...], RunRow] = {}
    for row in list_runs(ctx.ws, area, target, last=1000):
        key = served_key(row.card)
        seen.setdefault((row.area, row.target, key["every"], key["window"]), row)
    if not seen:
        raise NotFound("there is no forecast here to audit", do="make one with: peelian forecast")
    return list(seen.values())


def origins_of(run: RunRow, panels: Panels, kept: HeldBack | None) -> Origins:
    """Give the origins of the run's own backtest, else the last ones before it whose outcome is known."""
    if kept is not None:
        return Origins(kept.origins, f"the {len(kept.origins)} origins of its backtest")
    window = int(run.card.get("window") or 1)
    path = run.folder / "evaluation.json"
    said = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    last = step(panels.end, panels.every, -window)
    # A backtest is of one window length: that of another says nothing of this one's.
    if said.get("origins") and int(said.get("window", 0)) == window:
        days = tuple(d for d in map(date.fromisoformat, said["origins"]) if d <= last)
        if days:
            return Origins(days, f"the {len(days)} origins of its backtest")
    last = min(last, step(date.fromisoformat(str(run.card["origin"])), panels.every, -window))
    count = LAST[panels.every]
    year = step(panels.first, panels.every, YEAR_PERIODS[panels.every])
    days = tuple(
        d for d in origins_between(step(last, panels.every, 1 - count), last, panels.every) if d >= year
    )
    return Origins(days, f"the last {len(days)} origins before the run; it has no backtest")


def watched(run: RunRow, origins: Origins) -> WatchRequest:
    """Say how the run's forecasts are made again: by the fit in force where it learned before them all.

    Else they are made as a backtest makes them, learning anew as it goes, so that no outcome was seen.
    """
    card = run.card
    fitted = card.get("fitted_at")
    day = date.fromisoformat(str(fitted)) if fitted else None
    held = day if day is not None and day <= _first(origins.days) else None
    return WatchRequest(
        str(card["model"]["id"]), origins.days, int(card.get("window") or 1), int(card.get("seed") or 1), held
    )


def _first(days: Sequence[date]) -> date:
    return min(days, default=date.max)
