"""Scenario files: all the numbers of a simulated world, checked when read."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from peelian.domain.errors import Misuse
from peelian.domain.offence import GROUPS
from peelian.guard.unreadable import NO_YAML
from peelian.simulate.agencies.numbers import Agencies

SCENARIOS = ("plain", "hard", "tiny", "night")
XY = tuple[float, float]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Town(_Strict):
    """A town: where it stands from the area's centre (metres) and how many live there."""

    name: str
    at: XY
    people: int
    stadium: bool = False


class Geography(_Strict):
    """The land: BNG centre and half axes in metres, people, towns."""

    centre: XY
    half_axes: XY
    lsoas: int
    rural_people: int
    people_per_km2: float
    people_per_street: float
    deprivation_km: float
    towns: tuple[Town, ...]


class RandomFields(_Strict):
    """Spatial random fields and slow drift, on the log scale."""

    shared_sd: float
    own_sd: float
    width_km: float
    drift_sd: float
    drift_month: float


class Season(_Strict):
    """A yearly cosine: day of the year of its peak, and amplitude for a component of season 1."""

    peak_day: int
    amplitude: float


class Night(_Strict):
    """A day of the year that multiplies some components."""

    month: int
    day: int
    factor: float
    components: tuple[str, ...]


class Match(_Strict):
    """Match days at the stadium."""

    every_days: int
    weekday: int
    months: tuple[int, ...]
    factor: float


class Calendar(_Strict):
    """School terms (month, day, month, day), season, nights and matches."""

    terms: tuple[tuple[int, int, int, int], ...]
    season: Season
    nights: tuple[Night, ...]
    match: Match


class Component(_Strict):
    """A part of a type with its own intensity: `monthly` is the mean of reported events."""

    group: str
    monthly: float
    place_sd: float
    branching: float
    tau: float
    sigma: float
    report: float
    exposure: float
    x: dict[str, float]
    setting: Literal["public", "dwelling", "other"]
    season: float
    hours: dict[str, dict[str, float]]
    offences: tuple[tuple[str, float], ...]
    setting_other: float = 0.0
    domestic: bool = False
    sexual: bool = False
    knife: float = 0.0
    officer: float = 0.0
    span: float = 0.0
    excites: dict[str, float] = Field(default_factory=dict)


class Received(_Strict):
    """Log-normal delay until a record is received."""

    median: float
    spread: float


class Late(_Strict):
    """A share of records that come up to some weeks late."""

    share: float
    weeks: float


class KnifeWords(_Strict):
    """How well a text label finds knives."""

    sensitivity: float
    false_medium: float
    false_low: float


class Jump(_Strict):
    """From this month on, recording practice multiplies reporting."""

    month: int
    factor: float
    components: tuple[str, ...]


class Observation(_Strict):
    """From what happened to what is recorded."""

    report_slope: float
    no_location: float
    received_hours: Received
    late: Late
    knife_words: KnifeWords
    jump: Jump | None = None


class Planted(_Strict):
    """A surprise: extra events around a point in a window of days (negative: from the end)."""

    kind: Literal["opening", "burst", "closed"]
    name: str
    town: int
    offset: XY
    radius: float
    components: tuple[str, ...]
    monthly: dict[str, float]
    from_: int = Field(alias="from")
    to: int


class Gap(_Strict):
    """A district that publishes nothing: a box (west, south, east, north) from the centre, metres."""

    name: str
    reason: str
    box: tuple[float, float, float, float]


class Scenario(_Strict):
    """All the numbers of a world."""

    name: str
    title: str
    force: str
    force_name: str
    start: date
    months: int
    geography: Geography
    fields: RandomFields
    calendar: Calendar
    hours: dict[str, tuple[tuple[float, float, float, tuple[int, ...]], ...]]
    components: dict[str, Component]
    observation: Observation
    agencies: Agencies
    planted: tuple[Planted, ...] = ()
    gaps: tuple[Gap, ...] = ()
    scale: float = 1.0
    uniform: bool = False  # the same rate at every cell of the area: a world in which nothing can be found
    near_repeat: bool = True

    def changed(self, **what: Any) -> Scenario:
        """Give the scenario with some top-level fields replaced."""
        return self.model_copy(update=what)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        out[key] = (
            _merge(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
        )
    return out


def _read(name: str) -> dict[str, Any]:
    if name in SCENARIOS:
        text = (resources.files("peelian.simulate") / "scenarios" / f"{name}.yaml").read_text("utf-8")
    elif Path(name).suffix in {".yaml", ".yml"} and "\0" not in name and Path(name).is_file():
        text = Path(name).read_bytes().decode("utf-8", "replace")
    else:
        raise Misuse(
            f"unknown scenario {name!r}", expected=f"{', '.join(SCENARIOS)} or the path of a YAML file",
            do="choose one with --scenario",
        )  # fmt: skip
    try:
        raw: dict[str, Any] = yaml.safe_load(text)
    except NO_YAML as error:
        raise Misuse(f"scenario {name!r} is not YAML") from error
    if not isinstance(raw, dict):
        raise Misuse(f"scenario {name!r} is no set of keys and values", expected="a file such as plain.yaml")
    base = raw.pop("base", None)
    if not isinstance(base, str | None):
        raise Misuse(f"scenario {name!r}: base is no name of a scenario", expected=", ".join(SCENARIOS))
    return _merge(_read(base), raw) if base else raw


def load_scenario(name: str = "plain") -> Scenario:
    """Read a scenario by name, or from the path of a YAML file (which may build on `base: plain`).

    Raises:
        Misuse: unknown name, or a number that is missing, misspelt or of the wrong kind.
    """
    try:
        scenario = Scenario.model_validate(_read(name))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misuse(f"scenario {name!r}: {where}: {first['msg']}") from error
    for key, part in scenario.components.items():
        if part.group not in GROUPS:
            raise Misuse(f"scenario {name!r}: {key} has an unknown group", expected=", ".join(GROUPS))
        if part.branching + sum(part.excites.values()) >= 1:
            raise Misuse(f"scenario {name!r}: {key} triggers one event or more each", expected="below 1")
    return scenario
