"""What a plug must offer. A plug is a module with `SPEC` and one or two verbs; no base classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import polars as pl

from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.domain.progress import Tick as Tick
from peelian.domain.progress import no_tick as no_tick
from peelian.domain.series import Series
from peelian.domain.warning import DetectorSpec, Found


@dataclass(frozen=True)
class SourceSpec:
    """One feed: who publishes it, under what licence, how late it is, what is wrong with it."""

    id: str
    title: str
    controller: str  # data controller, default of the feed
    licence: str
    cadence: str
    caveats: tuple[str, ...]
    needs_mapping: bool = False
    open_data: bool = False  # published under an open licence: needs no sharing agreement of its own


@dataclass(frozen=True)
class RawFile:
    """One file (or one member of an archive) as landed: bytes unedited, hashed.

    `name` is what the user knows it by; `kind` is the source's own (`street`, `outcomes`, `table`).
    """

    name: str
    path: Path  # a real file on disk (a member of an archive is one until the next file is asked for)
    kind: str
    sha256: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """A complete delivery of (force, month, kind) as published at `edition` (sortable text).

    A newer edition asserts new keys, revises changed ones, retracts absent ones; an older or equal one
    changes nothing. None for sources that deliver rows, not editions.
    """

    force: str
    part: str  # the month, or another complete part
    edition: str


@dataclass(frozen=True)
class ParsedBatch:
    """Up to some hundred thousand rows of one file, each in `rows` or `rejects`.

    `rows` has the schema of `table` (`PARSED_SCHEMA`, `OUTCOME_SCHEMA`, or one of `domain.records`), `row`
    (1-based data line) and `has_id`. `rejects` has `row` (UInt64) and `reason` (String, a sentence a person
    can act on, no values), and may have `fields` (String: a JSON object of the row's mapped fields that
    passed the scan for person-shaped values, never narrative), so that a rule can mend the row later.
    """

    table: Table
    rows: pl.DataFrame
    rejects: pl.DataFrame
    read: int
    force: str
    crs: str
    edition: Edition | None = None
    shape: dict[str, Any] | None = None  # column names, how values are written, codes that took a default


AGAINST: Final = "against the order of day and month"
"""In a shape's forms: dates that can only be read with day and month exchanged."""

Table = Literal["events", "outcomes", "area_counts", "patrols", "sites"]
"""The kinds of record; each is stored apart and only `events` and `area_counts` may inform a forecast."""


class Source(Protocol):
    """One agency feed. `land` finds the files; `parse` reads one, streaming; neither uses the network."""

    @property
    def SPEC(self) -> SourceSpec:  # noqa: N802
        """What the feed is."""

    def land(self, paths: list[Path], landing: Path, options: dict[str, Any]) -> Iterator[RawFile]:
        """Give each file to parse, in a fixed order; raise `Refused` for what cannot be one."""

    def parse(self, raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
        """Give the file's rows, each exactly once, accepted or rejected with its reason."""


@dataclass(frozen=True)
class ModelSpec:
    """One forecaster: `plain` counts are the rivals, `model` must beat them."""

    id: str
    title: str
    kind: Literal["plain", "model"]
    version: str
    paper: str
    needs_years: float = 0.0


class Fitted(Protocol):
    """What a forecaster learned: frozen; the same panel gives the same bytes."""

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin (which may be later than the one fitted on)."""


class Forecaster(Protocol):
    """Learns from a panel already cut at its as-of time; never sees the store."""

    @property
    def SPEC(self) -> ModelSpec:  # noqa: N802
        """What the model is."""

    def fit(self, panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
        """Learn to give `horizon` forecasts: windows of `window` periods each, one starting every period.

        With window=1 the h-th forecast is of period origin+h. With window=N and horizon=1 it is the sum of
        the N periods from the origin.
        """


class PanelAt(Protocol):
    """Gives the panel as it was known at an origin, with the last `lag` periods withheld."""

    def __call__(self, origin: date, lag: int) -> Panel:
        """Give the panel."""


class Detector(Protocol):
    """Looks for what has changed in the last period of a series. Pure: the same series, the same bytes."""

    @property
    def SPEC(self) -> DetectorSpec:  # noqa: N802
        """What the detector is."""

    def detect(self, series: Series, *, seed: int) -> Found:
        """Judge the last period of every place; never raises for short history, says `unable` instead."""
