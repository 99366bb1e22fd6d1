"""Tables that say where harm concentrates, from the newest run, and what partners write themselves."""

from __future__ import annotations

import json
from typing import Any, Final

from peelian.domain.returns import UNKNOWN, Block, Figure, Head, Line
from peelian.pipeline.context import Context
from peelian.pipeline.returning.held import Held
from peelian.pipeline.returning.template import Asks
from peelian.store.runs import RunRow, latest_run

HEADS: Final = (
    Head("Share of harm", "percent"), Head("By chance alone", "percent"), Head("Beyond chance", "percent"),
)  # fmt: skip


def concentration_block(asks: Asks, of: Held, ctx: Context) -> Block:
    """Say what share of harm the busiest places held, beside what chance alone gives at such counts."""
    run = latest_run(ctx.ws, of.area.code)
    body = _body(run)
    if run is None or body is None:
        lines = [Line("Not worked out yet", "none", (UNKNOWN,) * 3, "no run with a concentration", "none")]
    else:
        words = f"the {body['years']} whole years before {run.card.get('origin', 'the run')}"
        lines = [_line(one, level, words, run) for level in ("cell", "lsoa") for one in body[level]["top"]]
    return Block(asks.id, asks.title, asks.text, HEADS, tuple(lines))


def _line(one: dict[str, Any], level: str, words: str, run: RunRow) -> Line:
    places = {"cell": "squares", "lsoa": "LSOAs"}[level]
    return Line(
        f"Busiest {100 * one['share']:.0f} % of {places}: {run.target}", words,
        tuple(Figure(100.0 * one[name]) for name in ("observed", "by_chance", "excess")), f"run {run.run_id}",
        "only years observed",
    )  # fmt: skip


def _body(run: RunRow | None) -> dict[str, Any] | None:
    file = run.folder / "concentration.json" if run else None
    if file is None or not file.is_file():
        return None
    body: dict[str, Any] = json.loads(file.read_text())
    return body


def statements_block(asks: Asks, of: Held) -> Block:
    """Give what a partnership writes itself: named, and empty until it does."""
    lines = tuple(
        Line(str(one["what"]), of.period.said, (), "the partnership", "none",
             str(one.get("says") or "To be written by the partnership."))
        for one in asks.lines
    )  # fmt: skip
    return Block(asks.id, asks.title, asks.text, (), lines)
