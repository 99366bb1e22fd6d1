"""Evaluate an intervention of the register: estimate, say, and keep the verdict whatever it is."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from peelian.domain.errors import Refused
from peelian.domain.intervention import Entry
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.evaluating.asked import Asked, by_design
from peelian.pipeline.evaluating.comparing import Compared, compare
from peelian.pipeline.evaluating.counting import counted
from peelian.pipeline.evaluating.estimating import estimate, nearby
from peelian.plan.effects.cost import CostPerHarm, cost_per_harm
from peelian.plan.effects.effect import Effect
from peelian.plan.effects.verdict_words import NOT_MEASURED, lines
from peelian.store.catalogue import transaction
from peelian.store.designs import get_design
from peelian.store.effect_verdicts import add_verdict
from peelian.store.interventions import get_entry, list_entries


def evaluate_intervention(
    ctx: Context, id_: str, asked: Asked, design: str | None = None, tick: Tick = no_tick
) -> dict[str, Any]:
    """Give the verdict on entry `id_` and keep it beside earlier ones; nothing is ever overwritten.

    With `design` (the id of a locked one) what it says is measured, and nothing else.

    Raises:
        NotFound: there is no such entry or design.
        Refused: the entry was withdrawn, or the data do not allow an estimate; says what would.
        Misuse: the request itself is wrong.
        Fault: the design held is not the one that was locked.
    """
    asked = by_design(get_design(ctx.ws, design)) if design else asked.check()
    held = get_entry(ctx.ws, id_)
    if held.withdrawn is not None:
        raise Refused("the entry was withdrawn", do="evaluate the entry that stands in its place")
    if asked.design is not None and asked.design.intervention not in ("", id_):
        raise Refused("the design was locked for another intervention", do="name the design that is its own")
    entry = held.entry
    window = f"{entry.start} to {entry.end}"
    ctx.consult("consultation", f"evaluation of intervention {id_}", area=entry.area, window=window)
    tick("counting", 0.1)
    standing = [one.entry for one in list_entries(ctx.ws, area=entry.area)]
    pooled = [e for e in standing if e.id == id_ or (asked.same_kind and e.kind == entry.kind)]
    others = [e for e in standing if e not in pooled]
    places = counted(ctx, entry, asked)
    made = compare(places, _alike(pooled, entry), others, asked)
    tick("estimating", 0.5)
    effect = estimate(made, asked)
    verdict = _verdict(entry, pooled, made, effect, asked, places.title)
    with transaction(ctx.ws) as conn:
        verdict["verdict"] = add_verdict(
            conn, ctx.actor, ctx.purpose, id_, effect.method, verdict, design=design
        )
    return verdict


def _alike(pooled: list[Entry], entry: Entry) -> list[Entry]:
    if any(one.area_kind != entry.area_kind for one in pooled):
        raise Refused("entries of this kind name unlike kinds of place", do="evaluate them one by one")
    return pooled


def _verdict(
    entry: Entry, pooled: list[Entry], made: Compared, effect: Effect, asked: Asked, title: str
) -> dict[str, Any]:  # fmt: skip
    near = nearby(made, asked)
    costs = [one.cost for one in pooled]
    cost = cost_per_harm(sum(c for c in costs if c is not None), effect) if None not in costs else None
    said = [*lines(effect, title, cost), *_doubts(made, near, cost, asked, entry)]
    return {
        "intervention": entry.id, "kind": entry.kind, "title": entry.title, "target": asked.target,
        "pooled": [one.id for one in pooled], "method": effect.method, "every": asked.every,
        "from": str(made.first), "to": str(made.last), "headline": said[0], "lines": said,
        "effect": effect.to_json(), "nearby": near, "cost": cost.__dict__ if cost else None,
        "not_measured": list(NOT_MEASURED), "design": asked.design.id if asked.design else None,
        "seed": asked.seed, "level": asked.level, "buffer_m": asked.buffer_m,
    }  # fmt: skip


def _doubts(
    made: Compared, near: dict[str, Any], cost: CostPerHarm | None, asked: Asked, entry: Entry
) -> list[str]:  # fmt: skip
    out = [_nearby_words(near)]
    if cost is None:
        out.append("Its cost was not entered, so no cost for each event avoided is given.")
    begun = datetime.combine(entry.start, time(), UTC)
    if asked.design is None:
        out.append("No design was locked before the result was known: read it as exploring, not as a test.")
    elif asked.locked_before(begun):
        out.append(
            f"Design {asked.design.id} was locked before it began (sha256 {asked.design.sha256[:12]})."
        )
    else:
        out.append(f"Design {asked.design.id} was locked only after it began: a weaker promise.")
    return [*out, *made.left_out]


def _nearby_words(near: dict[str, Any]) -> str:
    if "why_not" in near:
        return f"Whether harm moved next door was not measured: {near['why_not'].rstrip('.')}."
    effect = near["effect"]
    low, high = 100 * (effect["ratio_low"] - 1), 100 * (effect["ratio_high"] - 1)
    word = {
        "displacement": "Harm rose nearby, as if some had moved (displacement)",
        "diffusion": "Harm fell nearby too (diffusion of benefit)",
    }.get(near["sign"], "No change nearby could be told apart from chance")
    return f"{word}: within {near['metres']:,.0f} m, {low:+.0f} % to {high:+.0f} % fit."
