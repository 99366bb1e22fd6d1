"""Repeat and near-repeat reports as the pipeline wrote them beside a run, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peelian.api.wording import percent

FILE: Final = "near_repeat.json"
_LEVEL: Final = 0.05
_WEAK: Final = 1.1
"""Below this many times the pairs by chance, an excess is said to be small."""


@dataclass(frozen=True)
class Repeats:
    """Whether it is worked out yet, the sentences, and the rows of the table: what, found, by chance."""

    ready: bool
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...] = ()


def repeats_of(folder: Path) -> Repeats:
    """Read a run's file."""
    path = folder / FILE
    if not path.is_file():
        return Repeats(False, ("Not worked out for this run yet.",))
    held = json.loads(path.read_text(encoding="utf-8"))
    if held.get("unable"):
        return Repeats(True, (str(held["unable"]),))
    return Repeats(True, _sentences(held), _rows(held))


def _sentences(held: dict[str, Any]) -> tuple[str, ...]:
    days = f"Of {held['reports']:,} reports in {held['days']} days"
    if held["p"] > _LEVEL:
        return (
            f"{days}, {percent(held['share'])} had another within 200 m and 14 days; shuffled days give "
            f"{percent(held['share_told'])}. That is within chance: a report is no sign of the next nearby.",
        )
    over = max(held["share"] - held["share_told"], 0.0)
    times = held["pairs"] / held["pairs_told"]
    return (
        f"{days}, {percent(held['share'])} had another within 200 m and 14 days; shuffled days give "
        f"{percent(held['share_told'])}: {percent(over)} beyond chance.",
        f"Pairs so close are {times:.2f} times what chance gives: {_worth(times)}",
    )


def _worth(times: float) -> str:
    """Say what an excess is worth: surely there is not the same as large."""
    if times < _WEAK:
        return "surely more than chance, but so little that one report is no ground for a visit nearby."
    return (
        "after a report, the same place and the streets beside it are worth a welfare or prevention visit "
        "within the fortnight."
    )


def _rows(held: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    return (
        ("Another within 200 m and 14 days", percent(held["share"]), percent(held["share_told"])),
        ("Another at the same point within 14 days", percent(held["same_share"]), percent(held["same_told"])),
        ("Pairs within 200 m and 14 days", f"{held['pairs']:,}", f"{held['pairs_told']:,.0f}"),
    )
