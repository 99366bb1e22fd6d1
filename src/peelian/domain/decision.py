"""A decision: about what, what was decided, by which role and why, and what else was considered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from peelian.domain.errors import Misuse, Refused
from peelian.domain.recorded_only import names_power

AboutKind = Literal["run", "warning", "plan", "problem", "intervention"]
ABOUT_KINDS: Final[tuple[AboutKind, ...]] = get_args(AboutKind)
FROM_FORECAST: Final = frozenset({"run", "warning", "plan"})
"""A decision about one of these cites a forecast by itself."""
LONGEST: Final = {"decided": 300, "by_role": 120, "why": 2000, "kind": 60, "option": 300}
MOST_OPTIONS: Final = 20


@dataclass(frozen=True)
class Decision:
    """What was decided; `refused` when it was not to act; `kind` of intervention, if any."""

    about_kind: AboutKind
    about: str
    decided: str
    by_role: str
    why: str
    options: tuple[str, ...]
    refused: bool = False
    cites_forecast: bool = False
    kind: str = ""
    problem: int | None = None

    @property
    def needs_second(self) -> bool:
        """Whether another role must approve: it would use a recorded-only power where a forecast points."""
        return not self.refused and self.cites_forecast and names_power(self.kind, self.decided)


def decision_of(
    about_kind: str, about: str, *, decided: str, by_role: str, why: str, options: tuple[str, ...],
    refused: bool = False, cites_forecast: bool = False, kind: str = "", problem: int | None = None,
) -> Decision:  # fmt: skip
    """Make a decision of words as typed.

    Raises:
        Misuse: something is missing, too long or unknown. At least one option considered is asked for: doing
            nothing is one.
    """
    if about_kind not in ABOUT_KINDS:
        raise Misuse("a decision cannot be about that", expected=", ".join(ABOUT_KINDS))
    texts = {"decided": decided, "by_role": by_role, "why": why, "kind": kind}
    said = {name: " ".join(text.split()) for name, text in texts.items()}
    for name in ("decided", "by_role", "why"):
        if not said[name]:
            raise Misuse(f"the decision does not say {_ASKS[name]}", expected="a few words")
    considered = tuple(dict.fromkeys(one for text in options if (one := " ".join(text.split()))))
    if not considered:
        raise Misuse(
            "the decision names no option that was considered", expected="one or more; doing nothing is one"
        )
    longest = max(len(one) for one in considered) > LONGEST["option"] or len(considered) > MOST_OPTIONS
    if longest or any(len(said[name]) > LONGEST[name] for name in said):
        raise Misuse(
            "the decision is too long", expected=f"at most {MOST_OPTIONS} options of {LONGEST['option']}"
        )
    cites = cites_forecast or about_kind in FROM_FORECAST
    return Decision(
        about_kind, about, said["decided"], said["by_role"], said["why"], considered, refused, cites,
        said["kind"], problem,
    )  # fmt: skip


def check_second(by_role: str, second_role: str) -> str:
    """Give the second approver's role.

    Raises:
        Misuse: none is said.
        Refused: it is the role that decided.
    """
    said = " ".join(second_role.split())
    if not said or len(said) > LONGEST["by_role"]:
        raise Misuse("the second approver's role is missing or too long", expected="a role, never a name")
    if said.casefold() == " ".join(by_role.split()).casefold():
        raise Refused("the second approver has the role that decided", expected="another role")
    return said


_ASKS: Final = {"decided": "what was decided", "by_role": "by whom (a role, never a name)", "why": "why"}
