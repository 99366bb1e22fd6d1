"""A plan: which places get which visits, when; what it is meant to prevent; what is left uncovered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mode = Literal["foot", "bicycle", "car", "any"]
SHARE_BY_HARM: Final = 0.025
"""How far, in shares of all visits, a shipped plan lets a zone be from its share of expected harm."""
NOT_PLANNABLE: Final = (
    "facial recognition", "stop and search", "section 60", "dispersal power", "closure power",
)  # fmt: skip
"""May be recorded and evaluated; never proposed, ranked or exported by any route, command or file."""


@dataclass(frozen=True)
class Slot:
    """A stretch of time that visits belong to: a shift, [start, end) in UTC."""

    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Team:
    """A resource, never a person: identical teams are pooled by base, mode and kind.

    `kind` names what it can give: an intervention's kind of the catalogue, such as `visible presence`,
    `outreach`, `lighting`, `licensing visit`. `slots` are the names of the slots it works; `hours` within
    each. `easting`, `northing` of the base in metres; `count` teams are alike.
    """

    name: str
    kind: str
    agency: str
    easting: float
    northing: float
    mode: Mode
    slots: tuple[str, ...]
    hours: float
    count: int = 1


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places that may be visited: N of them, with the harm expected in each of S slots.

    `harm` (N, S) expected harm (events, or weighted), `low`, `high` (N, S) its 5 and 95 % quantiles;
    `plain` (N, S) the same by last year's count; `easting`, `northing` (N,) metres; `area` (N,) indexes
    `areas` (larger places, for caps and minimums); `deserved` (N,) share of estimated need where known.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    easting: Floats
    northing: Floats
    harm: Floats
    low: Floats
    high: Floats
    plain: Floats
    areas: tuple[str, ...]
    area: Ints
    neighbours: tuple[tuple[int, int], ...] = ()  # pairs that touch, for contiguity
    zones: tuple[str, ...] = ()  # groups of areas that visits are shared out over; none: the areas
    zone_of: tuple[int, ...] = ()  # of each area


@dataclass(frozen=True)
class Rules:
    """What a plan must keep to. Shares are of all visits of the plan; minutes are of one visit.

    `effect` is, by kind of team, the share of a place's harm in a slot that a visit is assumed to prevent,
    and `effect_source` where that was read; a second visit in the same slot counts `again` times as much,
    a third `again` times that. A kind whose effect is unknown makes the whole plan one by harm covered.

    With `share_by_harm` a zone's visits lie within that share of all visits of what it is due, or as near as
    whole visits come. Due is its share of the harm expected where teams can go, within the caps and least
    shares of its areas and within what its places and teams can take. None: visits are not shared out.
    """

    dwell_minutes: int = 15
    most_visits_a_slot: int = 1
    most_visits_a_place: int | None = None
    least_gap_slots: int = 0  # slots that must lie between two visits of one place
    revisit_slots: int | None = None  # a chosen place is visited again within so many slots
    excluded: tuple[str, ...] = ()  # ids of places or areas
    cap_by_area: dict[str, float] = field(default_factory=dict)  # most share of visits, by area
    cap_each_area: float | None = None
    least_by_area: dict[str, float] = field(default_factory=dict)  # least share, for under-served areas
    share_by_harm: float | None = None  # how far a zone's share of visits may be from what it is due
    contiguous: bool = False  # chosen places hang together; up to 500 candidates
    most_visits: int | None = None  # of the whole plan
    effect: dict[str, float] = field(default_factory=dict)
    effect_source: dict[str, str] = field(default_factory=dict)
    again: float = 0.5
    hold_out: float = 0.0  # share of eligible places drawn at random and never planned, for evaluation
    travel_km_h: dict[str, float] = field(
        default_factory=lambda: {"foot": 4.5, "bicycle": 14.0, "car": 25.0, "any": 14.0}
    )
    seed: int = 1


@dataclass(frozen=True)
class Visit:
    """One place in one slot by one pool of teams; no gap is claimed for `order` within a round.

    `team` counts the teams of the pool that work the slot, from 0. Both are None where the routing found no
    round with time for the visit, or where no travel is reckoned.
    """

    place: int
    slot: int
    pool: int
    minutes: int
    order: int | None = None
    team: int | None = None


@dataclass(frozen=True)
class ZoneShare:
    """A zone's share of the harm expected where teams can go, of the visits it is due, and its visits."""

    zone: str
    harm: float
    due: float
    visits: int


@dataclass(frozen=True, eq=False)
class Plan:
    """What was chosen, how good it is, and what it leaves.

    `covered` is the harm expected in visited places and slots, each once. `worth` is what was made as large
    as possible: the harm covered (or prevented, where every effect is known) with second visits discounted;
    `bound` is what no plan with the same `room` can exceed even if travel cost nothing, `gap` the relative
    difference; `reckoned` is the proven best at the room reckoned before there were rounds. `pools` names
    what `Visit.pool` indexes, `room` (pools, slots) how many visits each gives (or can give where no travel
    is reckoned), and `unfitted` indexes visits for which no round had time. `uncovered` indexes candidates by
    harm that got nothing. `rivals` gives the harm covered by other plans of as many visits:
    `last-year-count`, `equal-spread`. Where visits are shared out by harm, `zones` tells how, and `unshared`
    is the worth of the best choice that is not, at the room first reckoned (compare `reckoned`).
    """

    visits: tuple[Visit, ...]
    covered: float
    prevented: float | None
    bound: float
    gap: float
    held_out: tuple[int, ...]
    uncovered: tuple[int, ...]
    rivals: dict[str, float]
    rules: Rules
    notes: tuple[str, ...] = ()
    worth: float = 0.0
    pools: tuple[str, ...] = ()
    room: tuple[tuple[int, ...], ...] = ()
    unfitted: tuple[int, ...] = ()
    reckoned: float = 0.0
    zones: tuple[ZoneShare, ...] = ()
    unshared: float | None = None

    @property
    def share_cost(self) -> float | None:
        """What sharing out costs: the share of worth that the best choice without it would have more."""
        if self.unshared is None or self.unshared <= 0:
            return None
        return max(0.0, 1 - self.reckoned / self.unshared)

    @property
    def gap_reckoned(self) -> float:
        """How far the worth is below the proven best at the room first reckoned; 0 where it is above."""
        return max(0.0, 1 - self.worth / self.reckoned) if self.reckoned > 0 else 0.0


@dataclass(frozen=True)
class WhatIf:
    """The same rules under another budget or forecast: harm covered, and how many chosen places stay."""

    name: str
    visits: int
    covered: float
    places: int
    stay: int
