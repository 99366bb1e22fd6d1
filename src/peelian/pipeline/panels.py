"""Panels and truths of one area and target, each cut at what was known: the only reader for models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.area import Area
from peelian.domain.errors import Misuse, Refused
from peelian.domain.panel import Panel
from peelian.domain.rhythm import Rhythm
from peelian.domain.shifts import Shifts
from peelian.domain.target import FEATURE_GROUPS, Target
from peelian.domain.time import (
    YEAR_PERIODS,
    Every,
    floor_period,
    london_midnight,
    period_starts,
    periods_between,
    step,
)
from peelian.features.panel import build_panel
from peelian.features.voices import one_voice
from peelian.pipeline.areas import forces_of
from peelian.pipeline.context import Context
from peelian.pipeline.linking import PanelLinks, links_for_panels
from peelian.pipeline.panel_calendar import Calendar, calendar_held
from peelian.pipeline.panel_parents import ParentsHeld, parents_held
from peelian.pipeline.panel_rhythm import Rhythms
from peelian.pipeline.panel_sites import SitesHeld, sites_held
from peelian.store.coverage import coverage
from peelian.store.ledger import read_versions, standing

COLUMNS = (
    "source", "force", "part", "key_hi", "key_lo", "version", "op", "group", "n", "start", "end",
    "easting", "northing", "precision_m", "knife",
    "setting", "domestic", "sexual", "discovered_by", "scope", "available_at",
)  # fmt: skip
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Panels:
    """All versions held of one area's events, and the panels and truths cut from them."""

    area: Area
    target: Target
    every: Every
    versions: pl.DataFrame
    covered: pl.DataFrame
    types: tuple[str, ...]
    links: PanelLinks | None = None
    known: datetime = END_OF_TIME
    calendar: Calendar | None = None
    shifts: Shifts | None = None
    """Given: days are policing days, which begin with the first shift."""
    sites: SitesHeld | None = None
    rhythms: Rhythms = field(default_factory=Rhythms)
    parents: ParentsHeld | None = None

    @property
    def first(self) -> date:
        """First whole period that coverage held at `known`: an older year sent later starts no earlier."""
        cover = self._target_cover()
        early = cover.filter(pl.col("available_at") <= self.known)
        day: date = (cover if early.is_empty() else early)["start"].min()  # type: ignore[assignment]
        floored = floor_period(day, self.every)
        return floored if floored == day else step(floored, self.every, 1)

    @property
    def end(self) -> date:
        """First period start after the last whole period that coverage holds."""
        day: date = self._target_cover()["end"].max()  # type: ignore[assignment]
        return floor_period(day, self.every)

    def _target_cover(self) -> pl.DataFrame:
        wanted = list(self.target.groups)
        rows = self.covered.filter(pl.col("groups").list.eval(pl.element().is_in(wanted)).list.any())
        if rows.is_empty():
            raise Refused(
                f"no source held here reports {self.target.name}",
                expected=", ".join(sorted({g for row in self.covered["groups"] for g in row})),
                do="ingest a feed that has it, or choose another --target",
            )
        return rows

    def check_origin(self, origin: date) -> None:
        """Check that the origin can be forecast from what is held.

        Raises:
            Misuse: the origin lies outside the data.
            Refused: less than a year of history, or the last period before the origin is missing.
        """
        if not self.first < origin <= self.end:
            raise Misuse(
                f"origin {origin} lies outside the data, which run from {self.first} to {self.end}",
                expected=f"a period start after {step(self.first, self.every, YEAR_PERIODS[self.every])}"
                f" and up to {self.end}",
                do="choose another --origin, or ingest the missing periods",
            )
        held = periods_between(self.first, origin, self.every)
        if held < YEAR_PERIODS[self.every]:
            raise Refused(
                f"only {held} {self.every}s of history lie before {origin}",
                expected=f"at least a year ({YEAR_PERIODS[self.every]} {self.every}s)",
                do="ingest more history or choose a later --origin",
            )

    def at(self, origin: date, lag: int = 0, as_of: datetime | None = None) -> Panel:
        """Give the panel as known at `as_of` (default: the origin's first instant)."""
        known = as_of or self.opens(origin)
        panel = self._build(standing(self.versions, known), origin, known, lag)
        if self.every != "day":
            return panel
        rhythm = self.rhythm(step(origin, self.every, -lag), known)
        return replace(panel, rhythm=rhythm if isinstance(rhythm, Rhythm) else None)

    def opens(self, day: date) -> datetime:
        """Give the instant at which a period that begins on a day begins."""
        return self.shifts.opens(day) if self.shifts else london_midnight(day)

    def events_known(self, as_of: datetime) -> pl.DataFrame:
        """Give the events standing at `as_of`, each told once: of several feeds' and agencies' reports."""
        return self._told(standing(self.versions, as_of), as_of)[0]

    def rhythm(self, origin: date, as_of: datetime) -> Rhythm | Refused:
        """Give the rhythm known at an origin, or the refusal that says why there is none."""
        where = (self.area.grid, self.area.covered, self.target, self.shifts)
        return self.rhythms.at(origin, as_of, self.opens, self.events_known, where)

    @cached_property
    def _all(self) -> Panel:
        return self._build(standing(self.versions, END_OF_TIME), self.end, END_OF_TIME, 0)

    def truth(self, origin: date, horizon: int, window: int) -> tuple[Floats, Bools]:
        """Give what happened in each of `horizon` windows after the origin, as known now.

        Returns counts (H, C) and whether every period of the window was observed (H, C); a window that
        reaches past the data is not observed.
        """
        first = periods_between(self.first, origin, self.every)
        counts, seen = [], []
        for h in range(first, first + horizon):
            window_seen = self._all.target_observed[h : h + window].all(axis=0)
            counts.append(self._all.target_counts[h : h + window].sum(axis=0))
            seen.append(window_seen & (h + window <= len(self._all.starts)))
        return np.asarray(counts, np.float64), np.asarray(seen, np.bool_)

    def _build(self, events: pl.DataFrame, origin: date, as_of: datetime, lag: int) -> Panel:
        events, covered = self._told(events, as_of)
        panel = build_panel(
            events, covered, grid=self.area.grid, cells=self.area.covered, target=self.target,
            types=self.types, every=self.every, start=self.first, origin=origin, as_of=as_of, lag=lag,
            opens=self.opens if self.shifts else london_midnight,
        )  # fmt: skip
        sites = self.sites.at(as_of, self.opens(origin)) if self.sites else None
        parents = self.parents.parents if self.parents else ()
        days = self.calendar.at(panel) if self.calendar else {}
        return replace(panel, calendar=days, sites=sites, parents=parents)

    def _told(self, events: pl.DataFrame, as_of: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
        events, covered = one_voice(events, self.covered, as_of)
        return (events if self.links is None else self.links.at(events, as_of)), covered


def load_panels(
    ctx: Context,
    area: Area,
    target: Target,
    every: Every,
    known: datetime,
    snapshot: int | None = None,
    shifts: Shifts | None = None,
) -> Panels:
    """Read what the ledger holds of an area once, for any number of cuts.

    Types of event are those known at `known`: one that turned up later must not change an earlier forecast.
    With `snapshot` nothing is read that was taken in after it.

    Raises:
        Refused: nothing is held, the snapshot can no longer be read, or no source reports the target.
    """
    forces = forces_of(ctx, area, snapshot)
    covered = coverage(ctx.ws, snapshot=snapshot, purpose=ctx.purpose).filter(
        pl.col("force").is_in(forces) & (pl.col("crs") == area.grid.crs) & (pl.col("kind") != "outcomes")
    )
    if covered.is_empty():
        raise Refused(f"no data are held for {area.name}", do="bring some in with: peelian ingest")
    parts = [
        read_versions(
            ctx.ws, crs=area.grid.crs, force=force, snapshot=snapshot, columns=list(COLUMNS),
            purpose=ctx.purpose,
        )
        for force in forces
    ]  # fmt: skip
    versions = pl.concat(parts)
    early = versions.filter(pl.col("available_at") <= known)
    present = set(early["group"].cast(pl.String).unique().to_list())
    types = tuple(g for g in FEATURE_GROUPS if g in present)
    links = links_for_panels(ctx, versions, target.groups)
    calendar = calendar_held(ctx, area.grid.crs)
    sites = sites_held(ctx, area.grid, area.covered, snapshot)
    panels = Panels(
        area, target, every, versions, covered, types, links, known, calendar, shifts, sites,
        parents=parents_held(ctx, area.grid, area.covered),
    )  # fmt: skip
    panels._target_cover()
    return panels


def origins_between(first: date, last: date, every: Every) -> list[date]:
    """List the period starts from `first` to `last`, both included."""
    return period_starts(first, periods_between(first, last, every) + 1, every)
