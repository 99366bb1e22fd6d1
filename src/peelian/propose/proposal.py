"""What `map` answers: a proposal, every part with its confidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from peelian.propose.offences import Read

CHECK: Final = 0.8
"""Below this a person is asked to check."""


@dataclass(frozen=True)
class Line:
    """One part: what of ours, what was proposed, how sure, two examples masked, and a remark."""

    ours: str
    theirs: str
    confidence: float
    examples: tuple[str, ...] = ()
    remark: str = ""

    @property
    def check(self) -> bool:
        """Whether a person should look before anything else."""
        return self.confidence < CHECK


@dataclass(frozen=True)
class Proposal:
    """The whole. `columns`, `facts` (feed, format, zone, crs and so on) and `discard` are lists of lines."""

    file: str
    feed: str
    columns: tuple[Line, ...]
    facts: tuple[Line, ...]
    discard: tuple[Line, ...]
    codes: tuple[Read, ...]
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)
    constants: tuple[Line, ...] = ()
    to_do: tuple[str, ...] = ()  # what a person must do before it can come in
    unused: tuple[str, ...] = ()
    time_format: str | None = None
    zone: str = "Europe/London"
    granularity: str | None = None
    crs: str | None = None
    project_to: str | None = None
    separator: str = ","
    rows: int = 0

    def column(self, ours: str) -> str | None:
        """Give the file's name of one of our columns."""
        return next((line.theirs for line in self.columns if line.ours == ours), None)

    def fact(self, ours: str) -> Line:
        """Give a fact by its name."""
        return next(line for line in self.facts if line.ours == ours)

    def to_json(self) -> dict[str, Any]:
        """Give it for machines."""

        def line(one: Line) -> dict[str, Any]:
            return {
                "ours": one.ours, "theirs": one.theirs, "confidence": round(one.confidence, 3),
                "check": one.check, "examples": list(one.examples), "remark": one.remark,
            }  # fmt: skip

        return {
            "file": self.file, "feed": self.feed, "rows_read": self.rows,
            "columns": [line(one) for one in self.columns], "facts": [line(one) for one in self.facts],
            "discard": [line(one) for one in self.discard],
            "constants": [line(one) for one in self.constants],
            "codes": [
                {
                    "code": r.code, "group": r.group, "confidence": round(r.confidence, 3),
                    "check": r.confidence < CHECK,
                }
                for r in self.codes
            ],
            "values": self.values, "to_do": list(self.to_do), "unused": list(self.unused),
        }  # fmt: skip
