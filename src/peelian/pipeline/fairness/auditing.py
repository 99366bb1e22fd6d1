"""The fairness audit of a served model: forecasts made again, compared by kind of neighbourhood, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.errors import Refused
from peelian.domain.fairness_standing import KINDS
from peelian.domain.grid import Floats
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import Every, london_midnight
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.beside import lay_beside
from peelian.pipeline.fairness.feeds import feeds_said
from peelian.pipeline.fairness.fragile import mark_fragile
from peelian.pipeline.fairness.held_back import held_back
from peelian.pipeline.fairness.served import Origins, origins_of, watched
from peelian.pipeline.fairness.watching import Seen, made_again, watch
from peelian.pipeline.panels import Panels, load_panels
from peelian.pipeline.setting_population import population
from peelian.store.audit_attributes import attributes
from peelian.store.catalogue import now, transaction
from peelian.store.fairness_audits import FairnessAudit, add_fairness_audit, served_key
from peelian.store.runs import RunRow
from peelian.store.training import learning

SEED: Final = 20170629
MATCHED: Final = 0.5
"""Share of neighbourhoods that a lookup must know: less is another place's table, or vintage."""


@dataclass(frozen=True)
class Audited:
    """One model's audit; `body` is what fairness.json holds."""

    run: RunRow
    body: dict[str, Any]

    @property
    def sentence(self) -> str:
        """What was found."""
        return str(self.body["sentence"])


def audit_model(ctx: Context, run: RunRow, tick: Tick = no_tick) -> Audited:
    """Audit the model of a run and keep the result: fairness.json beside the run, and a row of the catalogue.

    Raises:
        Refused: no lookup, no boundaries of neighbourhoods, or nothing that could be compared.
    """
    ctx.consult("combination", "fairness audit", area=run.area, window=run.run_id)
    lookups = attributes(ctx.ws)
    if not lookups:
        raise Refused(
            "not audited: no lookup imported", expected=f"a table of one of {', '.join(KINDS)}",
            do="import one with: peelian fairness lookup FILE --kind deprivation",
        )  # fmt: skip
    with learning(ctx.ws) as ws:  # forecasts are made where the lookups cannot be read
        theirs = replace(ctx, ws=ws)
        panels = _panels(theirs, run)
        kept = held_back(theirs, run, panels.area.covered)
        origins = origins_of(run, panels, kept)
        if not origins.days:
            raise Refused(
                "not audited: no origin before this run has a known outcome", do="hold more history"
            )
        seen = watch(panels, kept or made_again(panels, watched(run, origins)), tick)
    tick("comparing areas", 0.9)
    body = _body(ctx, run, panels, seen, origins, lookups)
    _keep(ctx, run, body)
    tick("done", 1.0)
    return Audited(run, body)


def _panels(ctx: Context, run: RunRow) -> Panels:
    known = london_midnight(date.fromisoformat(str(run.card["origin"])))
    area = resolve_area(ctx, run.area, known)
    every: Every = served_key(run.card)["every"]
    panels = load_panels(ctx, area, target_named(run.target), every, known)
    if panels.parents is None or all(one.level != "lsoa" for one in panels.parents.parents):
        raise Refused(
            "not audited: no boundaries of neighbourhoods (LSOAs) are held here",
            do="import them with: peelian context import boundaries lsoa.geojson",
        )
    return panels


def _body(
    ctx: Context,
    run: RunRow,
    panels: Panels,
    seen: Seen,
    origins: Origins,
    lookups: Mapping[str, pl.DataFrame],
) -> dict[str, Any]:
    from peelian.evaluate.fairness import audit_groups  # late: scipy costs every command a second
    from peelian.evaluate.fairness_alternatives import alternatives
    from peelian.evaluate.fairness_words import HEURISTIC, part_json, referral

    rng = np.random.default_rng(SEED)
    classes, values = _classes(seen, lookups)
    tests = 3 * sum(len(set(one) - {None}) for one in classes.values())
    what = _watched(ctx, panels, seen, int(run.card.get("window") or 1))
    groups = {kind: audit_groups(what, one, rng, tests) for kind, one in classes.items()}
    proxies = _proxies(seen, values, rng)
    served = seen.flagged.sum(axis=0), seen.caught.sum(axis=0)
    kinds = [kind for kind in KINDS if kind in classes]
    made = now()
    return served_key(run.card) | {
        "sentence": referral(groups), "made": f"{made:%-d %B %Y}", "at": made.isoformat(timespec="seconds"),
        "heuristic": HEURISTIC, "run": run.run_id, "area": run.area, "target": run.target,
        "origins": [str(day) for day in origins.days], "origins_words": origins.source, "kinds": kinds,
        "not_compared": _not_compared(ctx, lookups, classes, seen),
        "areas": int(sum(any(one[k] for one in classes.values()) for k in range(len(seen.codes)))),
        "events": float(seen.harm.sum()), "cells_in_no_area": seen.left_out,
        "intervals": _intervals_words(what.blocks, len(origins.days)),
        "parts": [part_json(kind, found) for kind, found in groups.items()],
        "alarms": sum(len(one.alarms) for found in groups.values() for one in found),
        "proxies": proxies,
        "alternatives": alternatives(served, seen.others, seen.harm.sum(axis=0), classes, rng),
        "reporting": mark_fragile(ctx, run), "feeds": feeds_said(ctx),
        "simulated": bool(run.card["area"].get("simulated", False)),
    }  # fmt: skip


def _classes(
    seen: Seen, lookups: Mapping[str, pl.DataFrame]
) -> tuple[dict[str, list[str | None]], dict[str, Floats]]:
    """Give each area's class and value by kind of lookup, and by force where there is more than one."""
    classes: dict[str, list[str | None]] = {}
    values: dict[str, Floats] = {}
    wanted = pl.DataFrame({"code": list(seen.codes)})
    for kind in KINDS:
        if kind not in lookups:
            continue
        told = wanted.join(lookups[kind], on="code", how="left", maintain_order="left")
        if told["class"].null_count() > (1 - MATCHED) * told.height:
            continue
        classes[kind] = told["class"].to_list()
        values[kind] = told["value"].fill_null(float("nan")).to_numpy()
    if len(set(seen.forces) - {""}) > 1:
        classes["force"] = [one or None for one in seen.forces]
    return classes, values


def _watched(ctx: Context, panels: Panels, seen: Seen, window: int) -> Any:
    from peelian.evaluate.fairness import Watched

    people = population(ctx, panels.area.covered, panels.parents)
    living = None
    if people is not None and panels.parents is not None:
        lsoas = next(one for one in panels.parents.parents if one.level == "lsoa")
        inside = lsoas.of_cell >= 0
        living = np.asarray(np.bincount(lsoas.of_cell[inside], people[inside], len(seen.codes)), np.float64)
    return Watched(
        seen.flagged,
        seen.harm,
        seen.expected,
        seen.caught,
        seen.false,
        living,
        block=min(window, len(seen.origins)),
    )


def _proxies(seen: Seen, values: Mapping[str, Floats], rng: np.random.Generator) -> list[dict[str, Any]]:
    from peelian.evaluate.fairness_proxy import proxy_scan

    return [
        one.to_json() for kind, known in values.items() for one in proxy_scan(seen.features, kind, known, rng)
    ]


def _not_compared(
    ctx: Context, lookups: Mapping[str, pl.DataFrame], classes: Mapping[str, Sequence[str | None]], seen: Seen
) -> list[str]:
    """Say which kinds could not be compared, and why."""
    out = []
    for kind in KINDS:
        if kind not in lookups:
            out.append(f"{kind}: no lookup imported")
        elif kind not in classes:
            out.append(f"{kind}: the lookup knows under half of the {len(seen.codes):,} neighbourhoods here")
    if "force" not in classes:
        out.append("force: one force is held, so there is none to compare it with")
    return out


def _intervals_words(blocks: int, origins: int) -> str:
    from peelian.evaluate.fairness import DRAWS, LEAST_BLOCKS

    by_area = f"95 %, {DRAWS:,} draws of neighbourhoods"
    if blocks < LEAST_BLOCKS:
        return f"{by_area}; {origins} origins make too few separate blocks of time to draw those as well"
    return f"the wider of two: {by_area}, and as many draws of {blocks} blocks of origins"


def _keep(ctx: Context, run: RunRow, body: dict[str, Any]) -> None:
    whole = all(kind in body["kinds"] for kind in KINDS)
    kept = FairnessAudit(
        run.run_id, run.area, run.target, str(body["model"]), datetime.fromisoformat(body["at"]), whole,
        int(body["alarms"]), str(body["sentence"]), body,
    )  # fmt: skip
    with transaction(ctx.ws) as conn:
        add_fairness_audit(conn, kept)
        ctx.record(conn, "alteration", f"fairness audited: {kept.alarms} referred", area=run.area)
    lay_beside(ctx, run, body)
