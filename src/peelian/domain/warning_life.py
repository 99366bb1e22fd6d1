"""A warning's life: which step may follow which, and what each step must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from peelian.domain.errors import Misuse, Refused
from peelian.domain.warning import STATES, Outcome, State

OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
NEXT: Final[Mapping[State, tuple[State, ...]]] = {
    "new": ("seen",),
    "seen": ("assigned", "closed"),
    "assigned": ("assigned", "acted", "closed"),
    "acted": ("assigned", "acted", "closed"),
    "closed": (),
}
"""The one table of legal steps. A closed warning stays closed: what comes back comes as a new warning."""
NEEDS: Final[Mapping[State, tuple[str, ...]]] = {
    "new": (),
    "seen": (),
    "assigned": ("agency", "team"),
    "acted": ("agency", "intervention"),
    "closed": ("outcome",),
}
"""What a step must say besides its reason. Agency and team are organisations, never a person."""
LONGEST: Final = {"reason": 1000, "agency": 120, "team": 120, "intervention": 200, "outcome": 40}


@dataclass(frozen=True)
class Step:
    """One step someone takes: to which state, why, and what that state needs (see `NEEDS`)."""

    to: State
    reason: str
    agency: str = ""
    team: str = ""
    intervention: str = ""
    outcome: str = ""

    @property
    def detail(self) -> dict[str, str]:
        """Give what the step's state asks for, by name."""
        return {name: getattr(self, name) for name in NEEDS[self.to]}


def step_of(to: str, **words: str) -> Step:
    """Make a step of words as typed: trimmed, and nothing missing, too long or unknown.

    Raises:
        Misuse: with what is missing and the choices.
    """
    if to not in STATES or to == "new":
        raise Misuse("a warning has no such step", expected=", ".join(STATES[1:]))
    said = {name: " ".join((words.get(name) or "").split()) for name in LONGEST}
    if not said["reason"]:
        raise Misuse("the step has no reason", expected="why, in a few words: it is kept beside the step")
    for name in NEEDS[to]:
        if not said[name]:
            raise Misuse(f"the step {to} does not say its {name}", expected=_expected(name))
    for name, most in LONGEST.items():
        if len(said[name]) > most:
            raise Misuse(f"the {name} is too long", expected=f"at most {most} characters")
    if to == "closed" and said["outcome"] not in OUTCOMES:
        raise Misuse("a warning cannot end so", expected=", ".join(OUTCOMES))
    return Step(to, **said)


def check_step(state: State, to: State) -> None:
    """Do nothing when the step may follow.

    Raises:
        Refused: with the steps that may.
    """
    if to not in NEXT[state]:
        may = ", ".join(NEXT[state]) or "nothing: what comes back is raised as a new warning"
        raise Refused(f"a warning that is {state} cannot become {to}", expected=may)


def _expected(name: str) -> str:
    return {
        "agency": "the organisation, such as council or police",
        "team": "a team or role of it, such as neighbourhood team North; never a person",
        "intervention": "what was done, in words, such as lighting repaired or youth outreach visits",
        "outcome": ", ".join(OUTCOMES),
    }[name]
