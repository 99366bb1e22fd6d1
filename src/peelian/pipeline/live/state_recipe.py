"""Make the recipe of a running state: fit the self-exciting process on what was known when a run was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.area import Area
from peelian.domain.errors import Refused
from peelian.domain.target import FEATURE_GROUPS, Target, target_named
from peelian.domain.time import london_midnight
from peelian.live.entering import COLUMNS, Entering, entering
from peelian.live.memory import DAY_US
from peelian.live.recipe import Kind, Recipe, has_recipe, read_recipe, write_recipe
from peelian.live.state import microseconds
from peelian.pipeline.areas import forces_of, resolve_area
from peelian.pipeline.context import Context
from peelian.store.ledger import read_events
from peelian.store.runs import RunRow

YEARS: Final = 3
LEAST: Final = 100
"""Events of the target, timed to a day and placed, that a fit needs."""
LEVEL_DAYS: Final = 60.0
"""Memory of the whole area's level: follows seasons and trends by two months, and chance little."""
_OTHERS: Final = 3
"""How many other types, the busiest, may feed the target."""


def recipe_of(ctx: Context, run: RunRow) -> Recipe:
    """Give a run's recipe: the one beside it, or one made now and laid there.

    Raises:
        Refused: too few events are timed to a day, or may be shown at all; says which.
    """
    if has_recipe(run.folder):
        return read_recipe(run.folder)
    ctx.allow("combination", "running state")
    made = make_recipe(ctx, run)
    write_recipe(made, run.folder)
    return made


def make_recipe(ctx: Context, run: RunRow) -> Recipe:
    """Fit the process on the run's area, from what was known at its data cut-off; the last three years.

    Raises:
        Refused: as `recipe_of`.
    """
    card = run.card
    cut = datetime.fromisoformat(str(card["as_of"]))
    before = min(cut, london_midnight(date.fromisoformat(str(card["origin"]))))
    area = resolve_area(ctx, str(card["area"]["code"]), cut)
    target = target_named(run.target)
    rows = rows_of(ctx, area, cut, before).filter(pl.col("start") >= before - timedelta(days=365 * YEARS))
    draft = replace(_draft(run, area, target, cut, _kinds(target, rows)), forces=tuple(forces_of(ctx, area)))
    read = entering(rows, draft)
    own = int((read.kind == 0).sum())
    if own < LEAST:
        raise Refused(_why(own, read), expected=f"{LEAST} events or more", do="ingest a feed that has times")
    return _fitted(draft, read, before)


def rows_of(
    ctx: Context, area: Area, as_of: datetime | None, before: datetime | None, snapshot: int | None = None
) -> pl.DataFrame:
    """Read the events that stood at `as_of` (default: now), of the area's forces, columns as needed here."""
    return pl.concat(
        read_events(
            ctx.ws, as_of=as_of, before=before, crs=area.grid.crs, force=force, columns=list(COLUMNS),
            purpose=ctx.purpose, snapshot=snapshot,
        )
        for force in forces_of(ctx, area, snapshot)
    )  # fmt: skip


def _why(own: int, read: Entering) -> str:
    reason, most = max(read.kept_out, key=lambda one: one[1])
    told = f"; {most:,} were left out: {reason}" if most else ""
    return f"only {own} events can enter a running state{told}"


def _kinds(target: Target, rows: pl.DataFrame) -> tuple[Kind, ...]:
    """The target, then the busiest other types; a type is never one of what enforcement produces."""
    counted = rows["group"].cast(pl.String).value_counts().sort("count", "group", descending=[True, False])
    whole = () if target.knife else target.groups
    others = [g for g in counted["group"].to_list() if g in FEATURE_GROUPS and g not in whole]
    return (
        Kind(target.name, target.groups, target.knife),
        *(Kind(name, (name,)) for name in others[:_OTHERS]),
    )


def _draft(run: RunRow, area: Area, target: Target, cut: datetime, kinds: tuple[Kind, ...]) -> Recipe:
    title = str(run.card.get("title") or target.words)
    none: dict[str, Any] = {
        "scales": np.ones(1), "branching": np.zeros((len(kinds), 1)), "kernel": np.ones((1, 1)),
        "background": np.zeros(len(area.covered)),
    }  # fmt: skip
    return Recipe(
        run.run_id, target.name, title, area.grid, area.covered, kinds, none["scales"], none["branching"],
        none["kernel"], none["background"], cut, 0,
    )  # fmt: skip


def _fitted(draft: Recipe, read: Entering, before: datetime) -> Recipe:
    from peelian.models.exciting.events import Events, Ground
    from peelian.models.exciting.several import fit_several
    from peelian.models.exciting.single import fit_single

    first = int(read.time.min())
    span = (microseconds(before) - first) / DAY_US
    column, row = draft.grid.column_row(draft.cells)
    column, row = column - column.min(), row - row.min()
    inside = np.zeros((int(row.max()) + 1, int(column.max()) + 1), bool)
    inside[row, column] = True
    at = (row * inside.shape[1] + column)[read.cell]
    time = np.clip((read.time - first) / DAY_US, 0.0, span)
    often = np.repeat(np.arange(len(time)), np.maximum(read.count, 1))
    events = Events.of(time[often], at[often], span, read.kind[often])
    ground = Ground(inside)
    single = fit_single(events.of_kind(0), ground)
    made = fit_several(events, ground, single, len(draft.kinds))
    return replace(
        draft, scales=np.array([single.delay, LEVEL_DAYS]), levelled=True, kernel=made.kernel,
        branching=np.stack([made.branching, np.zeros(len(draft.kinds))], axis=1),
        background=np.maximum(made.background[row, column], 1e-9), events=int((events.kind == 0).sum()),
    )  # fmt: skip
