"""Repeat and near-repeat reports as the pipeline wrote them beside a run, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peelian.api.languages import plain, told
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
        return Repeats(False, (plain("Not worked out for this run yet."),))
    held = json.loads(path.read_text(encoding="utf-8"))
    if held.get("unable"):
        return Repeats(True, (str(held["unable"]),))
    return Repeats(True, _sentences(held), _rows(held))


def _sentences(held: dict[str, Any]) -> tuple[str, ...]:
    said = {
        "reports": f"{held['reports']:,}", "days": held["days"], "share": percent(held["share"]),
        "shuffled": percent(held["share_told"]),
    }  # fmt: skip
    first = plain(
        "Of {reports} reports in {days} days, {share} had another within 200 m and 14 days; shuffled days "
        "give {shuffled}", **said,
    )  # fmt: skip
    if held["p"] > _LEVEL:
        rest = plain("That is within chance: a report is no sign of the next nearby.")
        return (told(f"{first}. {rest}"),)
    over = max(held["share"] - held["share_told"], 0.0)
    times = held["pairs"] / held["pairs_told"]
    return (
        plain("{first}: {share} beyond chance.", first=first, share=percent(over)),
        plain("Pairs so close are {times} times what chance gives: {worth}", times=f"{times:.2f}",
              worth=_worth(times)),
    )  # fmt: skip


def _worth(times: float) -> str:
    """Say what an excess is worth: surely there is not the same as large."""
    if times < _WEAK:
        return plain(
            "surely more than chance, but so little that one report is no ground for a visit nearby."
        )
    return plain(
        "after a report, the same place and the streets beside it are worth a welfare or prevention visit "
        "within the fortnight."
    )


def _rows(held: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    return (
        (plain("Another within 200 m and 14 days"), percent(held["share"]), percent(held["share_told"])),
        (
            plain("Another at the same point within 14 days"),
            percent(held["same_share"]),
            percent(held["same_told"]),
        ),
        (plain("Pairs within 200 m and 14 days"), f"{held['pairs']:,}", f"{held['pairs_told']:,.0f}"),
    )
