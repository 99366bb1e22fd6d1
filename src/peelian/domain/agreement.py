"""Sharing agreements: the lawful ground on which a feed is here, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Gateway = Literal[
    "open-licence", "simulated", "cda-s17a", "cda-s115", "serious-violence-duty", "dea-part5", "own-records",
    "other",
]  # fmt: skip
GATEWAYS: Final[dict[Gateway, str]] = {
    "open-licence": "published under an open licence",
    "simulated": "simulated, of no real place or person",
    "cda-s17a": "Crime and Disorder Act 1998, section 17A: quarterly depersonalised sharing",
    "cda-s115": "Crime and Disorder Act 1998, section 115: a power to disclose",
    "serious-violence-duty": "Police, Crime, Sentencing and Courts Act 2022, Part 2 Chapter 1",
    "dea-part5": "Digital Economy Act 2017, Part 5",
    "own-records": "the controller's own records, used by itself",
    "other": "another ground, which the agreement's text names",
}


@dataclass(frozen=True)
class Agreement:
    """Who shares what with whom, for what, on which ground, from when to when.

    `feeds` are source ids, or `*`. `fields` are our names of the fields that may be kept (empty: all that
    the feed's module takes). Valid on days `start` to `expiry`, both included; `expiry` None for what does
    not end. Rows are erased `retention_days` after they occurred (None: not by age).
    """

    id: str
    title: str
    controller: str
    gateway: Gateway
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    feeds: tuple[str, ...]
    start: date
    expiry: date | None
    fields: tuple[str, ...] = ()
    retention_days: int | None = None
    checksum_required: bool = False
    ended: date | None = None  # ended early, or never: the last day on which it held

    def holds_on(self, day: date) -> bool:
        """Say whether the agreement is in force on a day.

        >>> OPEN_DATA.holds_on(date(2024, 1, 1))
        True
        """
        last = min((d for d in (self.expiry, self.ended) if d is not None), default=None)
        return self.start <= day and (last is None or day <= last)

    def speaks_for(self, feed: str) -> bool:
        """Say whether the agreement covers a source id."""
        return "*" in self.feeds or feed in self.feeds


OPEN_DATA: Final = Agreement(
    "open-data", "Data published under an open licence", "", "open-licence",
    ("prevention", "analysis", "evaluation", "administration", "demonstration"), ("anyone",),
    ("police_uk", "table", "sites"), date(2000, 1, 1), None,
)  # fmt: skip
SIMULATED: Final = Agreement(
    "simulated", "Simulated data of a fictional force", "", "simulated",
    ("analysis", "evaluation", "administration", "demonstration", "prevention"), ("anyone",), ("*",),
    date(2000, 1, 1), None,
)  # fmt: skip
BUILT_IN: Final[dict[str, Agreement]] = {one.id: one for one in (OPEN_DATA, SIMULATED)}
"""`open-data` is for police_uk and for mappings that state a `licence`; `simulated` for forces whose code
begins with `simulated`."""
