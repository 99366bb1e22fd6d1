"""Lines that count events: one for each source that reports them, this period beside the one before."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from peelian.domain.returns import UNKNOWN, Block, Figure, Head, Line
from peelian.knife.offences import kind_of
from peelian.pipeline.returning.held import Held, Period, days_held
from peelian.pipeline.returning.template import Asks

HEADS: Final = (Head("This period"), Head("The period before"))
UNSAID: Final = 0.05
"""Share of rows that say nothing of what is asked, above which the figure is not known at all."""


def events_block(asks: Asks, of: Held) -> Block:
    """Count events as a table of the template asks."""
    lines = tuple(line for asked in asks.lines for line in _lines(asked, of))
    return Block(asks.id, asks.title, asks.text, HEADS, lines)


def _lines(asked: dict[str, Any], of: Held) -> list[Line]:
    groups = list(asked.get("groups", []))
    sources = of.cover.filter(pl.col("groups").list.eval(pl.element().is_in(groups)).list.any())
    names = sorted(sources["source"].unique().to_list())
    if not names:
        why = str(asked.get("no_source", "no feed held here reports it"))
        return [Line(asked["what"], of.period.said, (UNKNOWN, UNKNOWN), "none held", "not held", why)]
    return [_line(asked, of, source, groups) for source in names]


def _line(asked: dict[str, Any], of: Held, source: str, groups: list[str]) -> Line:
    rows = of.events.filter((pl.col("source") == source) & pl.col("group").cast(pl.String).is_in(groups))
    made = [_figure(asked, of, source, groups, rows, p) for p in (of.period, of.period.before)]
    controllers = ", ".join(sorted(set(rows["controller"].to_list()))) or source
    notes = list(dict.fromkeys(note for _, _, note in made if note))
    cover = f"{made[0][1]}; before: {made[1][1]}"
    return Line(
        asked["what"], of.period.said, (made[0][0], made[1][0]), f"{controllers} ({source})", cover,
        "; ".join(notes),
    )  # fmt: skip


def _figure(
    asked: dict[str, Any], of: Held, source: str, groups: list[str], rows: pl.DataFrame, period: Period
) -> tuple[Figure, str, str]:
    days = days_held(of, source, groups, period)
    told = f"{days} of {period.days} days"
    if days == 0:
        return UNKNOWN, told, ""
    inside = rows.filter(period.holds())
    kept, unsaid, why = _wanted(asked, inside)
    total = float(inside["n"].sum())
    if unsaid and asked.get("offence") and unsaid > UNSAID * total:
        return UNKNOWN, told, why
    value, part = float(kept["n"].sum()), days < period.days or unsaid > 0
    if part and value == 0:
        return UNKNOWN, told, why if unsaid else ""  # none seen in a part says nothing of the whole
    return Figure(value, "at least" if part else "known"), told, why if unsaid else ""


def _wanted(asked: dict[str, Any], rows: pl.DataFrame) -> tuple[pl.DataFrame, float, str]:
    """Give the rows asked for, how many say nothing of it, and that in words."""
    unsaid, why = 0.0, []
    if asked.get("offence"):
        rows = rows.with_columns(kind=kind_of(rows["offence"]))
        silent = float(rows.filter(pl.col("kind").is_null())["n"].sum())
        unsaid += silent
        why += [f"{silent:,.0f} records do not tell this offence apart"] if silent else []
        rows = rows.filter(pl.col("kind") == asked["offence"])
    if asked.get("knife"):
        silent = float(rows.filter(pl.col("knife") == "unknown")["n"].sum())
        unsaid += silent
        why += [f"{silent:,.0f} records say nothing of a weapon"] if silent else []
        rows = rows.filter(pl.col("knife").cast(pl.String).is_in(asked["knife"]))
    if asked.get("not_domestic"):
        silent = float(rows.filter(pl.col("domestic") == "unknown")["n"].sum())
        unsaid += silent
        why += [f"{silent:,.0f} records do not say whether they are domestic"] if silent else []
        rows = rows.filter(pl.col("domestic") == "no")
    return rows, unsaid, "; ".join(why)
