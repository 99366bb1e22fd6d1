"""A return: figures beside their source, period and coverage. What is missing is "not known", never 0."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

State = Literal["known", "at least", "hidden", "unknown"]
Kind = Literal["count", "amount", "hours", "pounds", "percent", "chance"]
Audience = Literal["force", "partner", "public"]
NAMES: Final = {
    "sna": "Serious violence: strategic needs assessment pack",
    "csp": "Community safety partnership: annual assessment",
    "hotspot": "Hotspot patrols: return by hotspot and month",
    "vru": "Violence reduction unit: return",
}
NOTICE: Final = (
    "About places and times, never people. Not grounds for stop, search, entry, arrest or eviction. "
    "Recorded harm is not all harm: what was not reported is not here."
)
FLOORS: Final[dict[Audience, int]] = {"force": 0, "partner": 5, "public": 10}
"""Counts of harm or people under this are withheld, and all others rounded to 5, in copies for others."""
ROUNDED_TO: Final = 5


@dataclass(frozen=True)
class Figure:
    """One number; `value` is None where it is not known or withheld."""

    value: float | None
    state: State = "known"
    under: int = 0
    """Where withheld: what it is under."""

    def said(self, kind: Kind) -> str:
        """Say it in words and digits.

        >>> Figure(1234.0).said("count"), Figure(None, "unknown").said("count")
        ('1,234', 'not known')
        >>> Figure(None, "hidden", 5).said("count"), Figure(12.0, "at least").said("pounds")
        ('fewer than 5', 'at least £12')
        """
        if self.state == "hidden":
            return f"fewer than {self.under}"
        if self.value is None:
            return "not known"
        told = {
            "hours": f"{self.value:,.1f}", "pounds": f"£{self.value:,.0f}", "percent": f"{self.value:+.1f} %",
            "chance": f"{self.value:.3f}",
        }.get(kind, f"{self.value:,.0f}")  # fmt: skip
        return f"at least {told}" if self.state == "at least" else told


UNKNOWN: Final = Figure(None, "unknown")


@dataclass(frozen=True)
class Head:
    """What a column of figures holds."""

    name: str
    kind: Kind = "count"


@dataclass(frozen=True)
class Line:
    """Figures of one thing and period, by one source, with how much of the period that source covers."""

    what: str
    period: str
    figures: tuple[Figure, ...]
    source: str
    coverage: str
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A table of a return."""

    id: str
    title: str
    text: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


def floored(block: Block, audience: Audience) -> Block:
    """Give the block as an audience may see it: small counts withheld, others rounded to 5.

    A true 0 is withheld like 1: that nothing happened somewhere is told by no copy that leaves the force.
    """
    floor = FLOORS[audience]
    if not floor:
        return block
    lines = [
        replace(
            line,
            figures=tuple(
                _floored(one, floor) if head.kind == "count" else one
                for head, one in zip(block.heads, line.figures, strict=True)
            ),
        )
        for line in block.lines
    ]
    return replace(block, lines=tuple(lines))


def _floored(figure: Figure, floor: int) -> Figure:
    if figure.value is None:
        return figure
    if figure.value < floor:
        return Figure(None, "hidden", floor)
    return replace(figure, value=float(ROUNDED_TO * int(figure.value / ROUNDED_TO + 0.5)))


def block_json(block: Block) -> dict[str, Any]:
    """Give a block for machines; each figure with its words."""
    return {
        "id": block.id, "title": block.title, "text": block.text,
        "heads": [{"name": one.name, "kind": one.kind} for one in block.heads],
        "lines": [
            {
                "what": line.what, "period": line.period, "source": line.source, "coverage": line.coverage,
                "note": line.note,
                "figures": [
                    {"value": one.value, "state": one.state, "said": one.said(head.kind)}
                    for head, one in zip(block.heads, line.figures, strict=True)
                ],
            }
            for line in block.lines
        ],
    }  # fmt: skip
