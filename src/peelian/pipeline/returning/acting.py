"""Tables of what partners did and learnt: the register, verdicts, problems and decisions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

from peelian.api.wording import span
from peelian.domain.intervention import Entry
from peelian.domain.recorded_only import names_power
from peelian.domain.returns import UNKNOWN, Block, Figure, Head, Line
from peelian.pipeline.context import Context
from peelian.pipeline.returning.held import Held
from peelian.pipeline.returning.template import Asks
from peelian.store.actions import list_actions
from peelian.store.decisions import list_decisions
from peelian.store.effect_verdicts import HeldVerdict, list_verdicts
from peelian.store.interventions import list_entries
from peelian.store.problems import list_problems

_REGISTER: Final = "register of what was done"
_ENTERED: Final = "as entered; what was not entered is not known"
_PEOPLE: Final = ("people", "persons", "young people", "residents", "pupils", "people reached")


def register_block(asks: Asks, of: Held, ctx: Context) -> Block:
    """Give entries that touch the period, by kind and agency; powers are counted as left out."""
    found = list_entries(ctx.ws, area=of.area.code, start=of.period.start, end=of.period.end)
    kept: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    powers = 0
    for one in found:
        if names_power(one.entry.kind, one.entry.title):
            powers += 1
        else:
            kept[one.entry.kind, one.entry.agency].append(one.entry)
    heads = (
        Head("Entries", "amount"), Head("People reached"), Head("Visits", "amount"), Head("Hours", "hours"),
        Head("Cost", "pounds"),
    )  # fmt: skip
    lines = [
        Line(f"{kind}, {agency}", of.period.said, _doses(rows), _REGISTER, _ENTERED, _straddles(rows, of))
        for (kind, agency), rows in sorted(kept.items())
    ]
    if not lines:
        nothing = (Figure(0.0), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
        lines = [Line("Nothing was entered", of.period.said, nothing, _REGISTER, _ENTERED)]
    text = asks.text
    if powers:
        text += f" Left out: {powers} entries of powers that are recorded and evaluated only."
    return Block(asks.id, asks.title, text.strip(), heads, tuple(lines))


def _doses(rows: list[Entry]) -> tuple[Figure, ...]:
    costs = [one.cost for one in rows if one.cost is not None]
    cost = Figure(sum(costs), "known" if len(costs) == len(rows) else "at least") if costs else UNKNOWN
    return (
        Figure(float(len(rows))), _dose(rows, _PEOPLE), _dose(rows, ("visits", "visit", "patrols")),
        _dose(rows, ("hours", "hour", "patrol hours")), cost,
    )  # fmt: skip


def _dose(rows: list[Entry], units: tuple[str, ...]) -> Figure:
    mine = [one.dose for one in rows if one.dose_unit.casefold() in units]
    return Figure(sum(mine), "known" if len(mine) == len(rows) else "at least") if mine else UNKNOWN


def _straddles(rows: list[Entry], of: Held) -> str:
    over = sum(one.start < of.period.start or one.end > of.period.end for one in rows)
    return f"{over} began before or ended after the period; counted whole" if over else ""


def verdicts_block(asks: Asks, of: Held, ctx: Context) -> Block:
    """Give the newest verdict on each intervention of the area, null results like the others."""
    mine = {one.entry.id: one.entry for one in list_entries(ctx.ws, area=of.area.code)}
    newest: dict[str, HeldVerdict] = {}
    for one in list_verdicts(ctx.ws):
        if one.intervention in mine and not names_power(mine[one.intervention].kind):
            newest.setdefault(one.intervention, one)
    heads = (
        Head("Change", "percent"), Head("Low end", "percent"), Head("High end", "percent"),
        Head("Chance if there were no effect", "chance"), Head("Cost of each event avoided", "pounds"),
    )  # fmt: skip
    lines = [_verdict(one) for one in newest.values()]
    if not lines:
        lines = [Line("Nothing was evaluated", of.period.said, (UNKNOWN,) * 5, "verdicts kept here", "none")]
    return Block(asks.id, asks.title, asks.text, heads, tuple(lines))


def _verdict(one: HeldVerdict) -> Line:
    body: dict[str, Any] = one.verdict
    effect, cost = body["effect"], body.get("cost") or {}
    figures = [_change(effect.get(name)) for name in ("ratio", "ratio_low", "ratio_high")]
    design = f"design {one.design}, locked" if one.design else "no design was locked"
    return Line(
        f"{body['title']} ({one.intervention}, {body['kind']})", _days(body),
        (*figures, _known(effect.get("p")), _known(cost.get("each"))),
        f"verdict {one.id}, method {one.method}", design, str(body["headline"]),
    )  # fmt: skip


def _days(body: dict[str, Any]) -> str:
    return span(date.fromisoformat(body["from"]), date.fromisoformat(body["to"]))


def _known(value: float | None) -> Figure:
    return UNKNOWN if value is None else Figure(float(value))


def _change(ratio: float | None) -> Figure:
    return UNKNOWN if ratio is None else Figure(100.0 * (float(ratio) - 1.0))


def problems_block(asks: Asks, of: Held, ctx: Context) -> Block:
    """Count problems, actions and decisions that stand here now."""
    problems = list_problems(ctx.ws, area=of.area.code, last=10_000)
    actions = list_actions(ctx.ws, area=of.area.code)
    numbers = {one.id for one in problems}
    decisions = [one for one in list_decisions(ctx.ws) if one.decision.problem in numbers]
    told = (
        ("Problems open", sum(one.state == "open" for one in problems)),
        ("Problems closed", sum(one.state == "closed" for one in problems)),
        ("Actions waiting", sum(one.done is None for one in actions)),
        ("Actions over", sum(one.done is not None for one in actions)),
        ("Decisions to act", sum(not one.decision.refused for one in decisions)),
        ("Decisions not to act", sum(one.decision.refused for one in decisions)),
    )
    lines = [
        Line(what, "as held now", (Figure(float(many)),), "problem and decision records", _ENTERED)
        for what, many in told
    ]
    return Block(asks.id, asks.title, asks.text, (Head("Number", "amount"),), tuple(lines))
