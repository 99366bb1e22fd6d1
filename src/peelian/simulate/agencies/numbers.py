"""The numbers of the agencies' part of a scenario: who hears of harm, how well, how late."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Delay(_Strict):
    """Log-normal hours from the event to the receipt of its record."""

    median: float
    spread: float


class Health(_Strict):
    """One health feed as a thinned observation of public violence.

    `per_police` is its number of records for each police record of violence; `unknown_to_police` the share of
    its true events that have no police record; `noise` the share of its rows that are no true event of
    public violence; `placed` the shares that carry a point, and a text only (the rest: no place at all).
    """

    per_police: float
    unknown_to_police: float
    duplicates: float
    noise: float
    weapon_stated: float
    placed: tuple[float, float]
    delay: Delay


class Dependence(_Strict):
    """What one agency passes on to another, where `dependent`: chances for each event of the ambulance."""

    calls_police: float
    conveys: float


class Others(_Strict):
    """The feeds that do not look at public harm; shares are of the true events unless said otherwise."""

    council_asb: float  # share of true anti-social behaviour that is complained of to the council
    council_traces: float  # rows of litter and the like for each such complaint
    other_calls: float  # other calls to the police for each logged call of anti-social behaviour
    duplicate_calls: float
    fires_attended: float  # share of true arson that the fire service attends
    accidental_fires: float  # for each deliberate one
    no_crime: float  # crimes recorded, then found to be none, for each that stands
    negated: float  # share of narratives without a knife that say so
    patrols_a_day: int
    social_care: float  # starts a quarter for 1,000 people at mean deprivation
    exclusions: float  # suspensions a term for 1,000 people at mean deprivation
    convicted: float  # convictions for each police record of violence


class Agencies(_Strict):
    """Who hears of what. `harm` names the components that all three may see.

    `location_error` (metres) and `time_error_hours` are those of the two health feeds' files;
    `police_error` that of police points.
    """

    harm: tuple[str, ...]
    police_duplicates: float
    ambulance: Health
    emergency_department: Health
    dependence: Dependence
    dependent: bool = False
    location_error: tuple[float, float] = (50.0, 250.0)
    police_error: tuple[float, float] = (0.0, 25.0)
    time_error_hours: float = 2.0
    others: Others
    noise_only: bool = Field(default=False, description="health rows say nothing of the true events")
