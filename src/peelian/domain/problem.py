"""A problem as partners work on it, by OSARA: objective, scanning, analysis, response, assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from peelian.domain.errors import Misuse, Refused
from peelian.domain.recorded_only import names_power

Part = Literal["objective", "scanning", "analysis", "response", "assessment"]
PARTS: Final[tuple[Part, ...]] = ("objective", "scanning", "analysis", "response", "assessment")
ASKS: Final[Mapping[Part, str]] = {
    "objective": "What should be better, for whom, by when, and how it will be known.",
    "scanning": "What is going on, where and when, and who is harmed. Places, never people.",
    "analysis": "Why here and why then: what about the place makes it possible.",
    "response": "What partners will do about the causes, and who leads.",
    "assessment": "What changed, how sure that is, and whether harm moved elsewhere.",
}
LONGEST: Final = {"title": 300, "agency": 120, "part": 4000, "what": 1000, "outcome": 1000, "why": 1000}


@dataclass(frozen=True)
class Problem:
    """What is written of a problem. `places` are codes of `area_kind`; `names` says where, in words."""

    title: str
    area: str
    target: str
    owner_agency: str
    area_kind: str = ""
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    parts: Mapping[Part, str] = ()  # type: ignore[assignment]


@dataclass(frozen=True)
class NewAction:
    """What an agency is to do, by when; `decision` is the one it follows from."""

    what: str
    agency: str
    due: date
    decision: int


def words_of(text: str, name: str, most: int, *, needed: bool = True) -> str:
    """Give a typed text in one line.

    Raises:
        Misuse: it is missing or too long.
    """
    said = " ".join(text.split())
    if needed and not said:
        raise Misuse(f"the {name} is missing", expected="a few words")
    if len(said) > most:
        raise Misuse(f"the {name} is too long", expected=f"at most {most} characters")
    return said


def part_of(part: str, text: str) -> tuple[Part, str]:
    """Give a part of the problem's record as it may be kept.

    Raises:
        Misuse: there is no such part, or it is too long.
        Refused: the response names a power that is recorded only.
    """
    if part not in PARTS:
        raise Misuse("a problem has no such part", expected=", ".join(PARTS))
    said = words_of(text, part, LONGEST["part"], needed=False)
    if part == "response" and names_power(said):
        raise refused_power("the response")
    return part, said


def action_of(what: str, agency: str, due: date, decision: int) -> NewAction:
    """Make an action of words as typed.

    Raises:
        Misuse: something is missing or too long.
        Refused: it names a power that is recorded only.
    """
    said = words_of(what, "action", LONGEST["what"])
    if names_power(said):
        raise refused_power("the action")
    return NewAction(said, words_of(agency, "agency", LONGEST["agency"]), due, decision)


def refused_power(what: str) -> Refused:
    """Give the refusal of a power that someone would propose."""
    return Refused(
        f"{what} names a power that is recorded and evaluated only",
        expected="prevention that partners can do: the place, its lighting, its managers, outreach, presence",
        do="a use of such a power is entered in the register when it is done, with its legal reference",
    )
