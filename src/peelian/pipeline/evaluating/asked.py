"""What is asked of an evaluation: by hand, or by a design that was locked before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, get_args

from peelian.domain.errors import Misuse
from peelian.domain.target import target_named
from peelian.domain.time import Every
from peelian.store.designs import LockedDesign

METHODS: Final = ("auto", "wdd", "event-study", "matched", "synthetic", "randomised")


@dataclass(frozen=True)
class Asked:
    """Target, method and lengths; `buffer_m` is the ring's width round the treated places."""

    target: str = "violence"
    method: str = "auto"
    every: Every = "month"
    before: int = 24  # periods of history at most
    buffer_m: float = 500.0
    same_kind: bool = False  # pool standing entries of the same kind in the area (staggered starts)
    level: float = 0.95
    seed: int = 1
    design: LockedDesign | None = None

    def check(self) -> Asked:
        """Give it back when it can be answered.

        Raises:
            Misuse: an unknown method, target or period, or a number that makes no sense.
        """
        target_named(self.target)
        if self.method not in METHODS:
            raise Misuse("that is no method", expected=", ".join(METHODS))
        if self.every not in get_args(Every):
            raise Misuse("that is no period", expected=", ".join(get_args(Every)))
        if not (self.before >= 1 and 0 < self.level < 1 and 0 <= self.buffer_m <= 5000):
            raise Misuse("a number makes no sense", expected="before >= 1, 0 < level < 1, buffer 0 to 5000 m")
        if self.method == "randomised" and not self.draw:
            raise Misuse(
                "a randomised evaluation needs the draw", expected="--design ID of a design with its draw",
                do="draw before starting: peelian design randomise, then peelian design lock",
            )  # fmt: skip
        return self

    @property
    def draw(self) -> dict[str, Any] | None:
        """The draw of the locked design: places, strata, treated, seed."""
        return self.design.design.get("draw") if self.design else None

    def locked_before(self, start: datetime) -> bool:
        """Whether the design was locked before the intervention began."""
        return self.design is not None and self.design.locked < start


def by_design(design: LockedDesign) -> Asked:
    """Ask what a locked design says, and nothing else.

    Raises:
        Misuse: the design lacks its target or method, or says something that cannot be asked.
    """
    body = design.design
    if not {"target", "method"} <= body.keys():
        raise Misuse("the design does not say what is measured", expected="target and method at least")
    known = {f.name for f in fields(Asked)} - {"design"}
    try:
        return Asked(**{k: v for k, v in body.items() if k in known}, design=design).check()
    except TypeError:
        raise Misuse("the design has a value of the wrong kind", expected="numbers and words") from None
