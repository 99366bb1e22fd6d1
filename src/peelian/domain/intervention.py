"""Interventions: kinds with their evidence, and what was really done. Deployments, never people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

UNKNOWN: Final = "unknown"
Onset = Literal["immediate", "weeks", "months", "unknown"]
Strength = Literal["strong", "moderate", "weak", "none", "unknown"]


@dataclass(frozen=True)
class Evidence:
    """One figure with where it was read. `low`, `high` are "unknown" where no interval was given."""

    outcome: str  # such as "violence", "all crime", "anti-social behaviour"
    effect: str  # in the source's own measure, such as "-26 %", or "unknown"
    low: str
    high: str
    strength: Strength
    source: str  # author or body, title
    year: int
    where: str  # address or section
    sentence: str  # the sentence it was read in, as it stands there


@dataclass(frozen=True)
class InterventionKind:
    """One kind of the catalogue."""

    id: str
    title: str
    mechanism: str
    lead_agency: str
    fits_settings: tuple[str, ...]  # night economy, school routes, parks, stations, estates, retail, any
    fits_targets: tuple[str, ...]
    fits_hours: tuple[str, ...]  # morning, afternoon, evening, night, any
    fits_pattern: tuple[str, ...]  # stable, flaring, any
    onset: Onset
    duration: str
    cost: str  # with its source's year, or "unknown"
    harms: str
    plannable: bool  # False: of the not-plannable list, recorded and evaluated only
    prevention: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Entry:
    """One intervention as done: kind, places, from, to (exclusive), agency, dose, cost, reason, who decided.

    `area_kind` and `places` name where; `decision_maker` is a role, never a name.
    """

    id: str
    kind: str
    title: str
    area: str
    area_kind: str
    places: tuple[str, ...]
    start: date
    end: date
    agency: str
    dose: float
    dose_unit: str
    cost: float | None
    reason: str
    decision_maker: str
    legal_reference: str = ""
