"""Teams and rules from one TOML file: what is there to give, and what a plan must keep to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from peelian.domain.errors import Misuse, Refused
from peelian.domain.intervention import InterventionKind
from peelian.domain.plan import SHARE_BY_HARM, Rules, Team
from peelian.domain.recorded_only import power_named
from peelian.guard.unreadable import NO_TOML
from peelian.pipeline.planning.slotting import Windows

Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WORDS: Final = {
    "police patrol": "visible presence", "patrol": "visible presence", "outreach": "street outreach",
    "outreach worker": "street outreach", "lighting crew": "lighting",
    "environmental crew": "greening", "licensing visit": "licensing visit",
}  # fmt: skip
"""Everyday words for kinds of the catalogue."""
_MOST_BYTES: Final = 1 << 20
_DO: Final = "see the form of the file: peelian plan --example"


Sharing = float | Literal["off"]
"""How far an area's share of visits may be from what it is due, or not shared out at all."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TeamFile(_Strict):
    """One team, or several alike."""

    name: str = Field(min_length=1, max_length=80)
    kind: str = Field(min_length=1, max_length=80)
    agency: str = Field(min_length=1, max_length=80)
    base: tuple[float, float]
    mode: Literal["foot", "bicycle", "car"]
    hours: float = Field(gt=0, le=24)
    count: int = Field(default=1, ge=1, le=500)
    shifts: list[str] = []
    days: list[Day] = []


class RulesFile(_Strict):
    """The rules of a plan, under the names that `domain.plan.Rules` has."""

    dwell_minutes: int = 15
    most_visits_a_slot: int = 1
    most_visits_a_place: int | None = None
    least_gap_slots: int = 0
    revisit_slots: int | None = None
    excluded: list[str] = []
    cap_by_area: dict[str, float] = {}
    cap_each_area: float | None = None
    least_by_area: dict[str, float] = {}
    share_by_harm: Sharing | None = None
    contiguous: bool = False
    most_visits: int | None = None
    effect: dict[str, float] = {}
    effect_source: dict[str, str] = {}
    again: float = 0.5
    hold_out: float = 0.0
    seed: int = 1
    speed_km_h: dict[Literal["foot", "bicycle", "car"], float] = {}


class ResourcesFile(_Strict):
    """Teams and rules."""

    team: list[TeamFile] = Field(min_length=1, max_length=500)
    rules: RulesFile = RulesFile()


@dataclass(frozen=True)
class Resources:
    """What a file says: its teams as written and its rules; see `teams` for those of a plan's slots."""

    file: ResourcesFile
    rules: Rules
    kinds: tuple[str, ...]
    """The catalogue's kind of each team, in the file's order."""

    def teams(self, windows: Windows) -> list[Team]:
        """Give the teams with the slots each works.

        Raises:
            Misuse: a shift or day that the plan's windows lack.
        """
        return [_team(one, kind, windows) for one, kind in zip(self.file.team, self.kinds, strict=True)]


def example() -> str:
    """Give the text of a file that can be filled in."""
    return resources.files("peelian.plan").joinpath("teams_example.toml").read_text(encoding="utf-8")


def read_resources(path: Path, catalogue: list[InterventionKind] | tuple[InterventionKind, ...]) -> Resources:
    """Read a file of teams and rules; see `example` for its form.

    Raises:
        Misuse: no such file, no TOML, an unknown key, value or kind, or an effect without its source.
        Refused: a team's kind or name is a power that is recorded only.
    """
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise Misuse("there is no file of teams of that name", expected="a TOML file", do=_DO)
    try:
        said = ResourcesFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        keys = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) for one in error.errors()))
        raise Misuse(f"the file of teams is wrong at {keys}", do=_DO) from None
    except NO_TOML:
        raise Misuse("the file of teams is not TOML", do=_DO) from None
    return resources_of(said, catalogue)


def resources_of(
    said: ResourcesFile, catalogue: list[InterventionKind] | tuple[InterventionKind, ...]
) -> Resources:
    """Check what a file says against the catalogue; raises as `read_resources`."""
    kinds = tuple(_kind(at, one, catalogue) for at, one in enumerate(said.team, 1))
    apart = {"speed_km_h", "excluded", "effect", "effect_source", "share_by_harm"}
    rules = said.rules.model_dump(exclude=apart)
    effect = {_word(k): v for k, v in said.rules.effect.items()}
    source = {_word(k): v for k, v in said.rules.effect_source.items()}
    if lacking := set(effect) - {kind for kind, text in source.items() if text.strip()}:
        raise Misuse(
            f"{len(lacking)} effects have no source", expected="a source in [rules.effect_source] for each",
            do="say where the effect was read, or leave it out: the plan is then by harm covered",
        )  # fmt: skip
    made = Rules(**rules, excluded=tuple(said.rules.excluded), effect=effect, effect_source=source)
    speeds: dict[str, float] = dict(made.travel_km_h)
    speeds.update({str(mode): speed for mode, speed in said.rules.speed_km_h.items()})
    shared = share_rule(said.rules.share_by_harm, contiguous=made.contiguous)
    return Resources(said, replace(made, travel_km_h=speeds, share_by_harm=shared), kinds)


def share_rule(said: float | str | None, *, contiguous: bool) -> float | None:
    """Give the rule that shares visits out by harm: the shipped one where nothing is said.

    Places that hang together cannot be in every area, so there nothing is shared unless it is asked for.

    Raises:
        Misuse: words other than off.
    """
    if said == "off":
        return None
    if said is None:
        return None if contiguous else SHARE_BY_HARM
    try:
        return float(said)
    except (TypeError, ValueError):
        raise Misuse(
            "share_by_harm is neither a share nor off", expected="a share such as 0.05, or off"
        ) from None


def _word(kind: str) -> str:
    plain = kind.strip().casefold().replace("-", " ")
    return WORDS.get(plain, plain)


def _kind(at: int, team: TeamFile, catalogue: Any) -> str:
    if power := power_named(team.kind, team.name, team.agency):
        raise Refused(
            f"team {at} is of {power}, a power that is recorded and evaluated only",
            expected="teams that give visits, help or repairs",
            do="leave it out: no forecast plans such a power",
        )  # fmt: skip
    plannable = {one.id: one.id for one in catalogue if one.plannable}
    if (kind := _word(team.kind)) not in plannable:
        raise Misuse(
            f"team {at} is of an unknown kind", expected=", ".join([*WORDS, *sorted(plannable)]), do=_DO
        )
    return kind


def _team(one: TeamFile, kind: str, windows: Windows) -> Team:
    known = dict.fromkeys(name for name in windows.shift if name)
    if one.shifts and not known:
        raise Misuse(
            "the teams work shifts and the plan has none", expected="a run by shift, or --shifts",
            do="import your shifts (peelian context import shifts FILE), then add --shifts",
        )  # fmt: skip
    if strange := set(one.shifts) - set(known):
        raise Misuse(
            f"the teams name {len(strange)} shift(s) that the force lacks", expected=", ".join(known)
        )
    names = get_args(Day)
    slots = tuple(
        slot.name
        for slot, shift, day in zip(windows.slots, windows.shift, windows.day, strict=True)
        if (not one.shifts or shift in one.shifts)
        and (not one.days or day is None or names[day.weekday()] in one.days)
    )
    return Team(one.name, kind, one.agency, *one.base, one.mode, slots, one.hours, one.count)
