"""Public releases: tables made from the ledger, attacked before they are proposed, released by two people."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.area import Area
from peelian.domain.errors import Misuse, Refused
from peelian.domain.target import Target, target_named
from peelian.domain.tier import PUBLIC, Tier
from peelian.domain.time import london_midnight, step
from peelian.features.standing import counts_as, marks_known
from peelian.govern.checkpoints import write_secret
from peelian.govern.disclosure.cell_key import record_keys
from peelian.govern.disclosure.overlap import Span
from peelian.govern.disclosure.protect import Cell, Made, Told, protect
from peelian.pipeline.areas import forces_of, resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panel_parents import parents_held
from peelian.store.catalogue import reading, transaction
from peelian.store.coverage import coverage
from peelian.store.ledger import read_events
from peelian.store.releases import decide, propose, told_elsewhere, told_so_far

_COLUMNS: Final = (
    "key_hi", "key_lo", "easting", "northing", "start", "group", "scope", "knife", "setting", "domestic",
    "sexual",
)  # fmt: skip
LEVELS: Final = ("lsoa", "msoa")


@dataclass(frozen=True)
class Proposed:
    """A release as it was proposed."""

    id: str
    made: Made
    start: date
    end: date


def propose_counts(
    ctx: Context, target: str, area: str | None = None, *, now: datetime | None = None
) -> Proposed:
    """Propose the newest quarter that may be shown to the public: counts by LSOA, MSOA and whole area.

    Raises:
        Forbidden: when the policy says no.
        Refused: no whole quarter is held; no boundaries are; homes cannot be left out; what was released
            before would give a small count away together with it; or another area's release told some of it.
    """
    ctx.allow("disclosure", "release")
    wanted, latest = target_named(target), now or datetime.now(UTC)
    where = resolve_area(ctx, area, latest)
    start, end = _window(ctx, where, wanted, latest)
    known = PUBLIC.known(end)
    rows = _events(ctx, where, wanted, known, start, end)
    cells = _cells(ctx, where, wanted, rows, start, end)
    with reading(ctx.ws) as conn:
        before = [_told(one) for one in told_so_far(conn, where.code)]
        _once(cells, [_told(one) for one in told_elsewhere(conn, where.code)])
    made = protect(cells, PUBLIC, before)
    if made.unsafe:
        raise Refused(
            "with what was released before, this table would give small counts away",
            expected=f"none under {PUBLIC.least} that can be worked out",
            do="wait for the next quarter",
        )
    release_id = f"{where.code}-{target}-{start}-{secrets.token_hex(3)}"
    values = {
        "id": release_id, "tier": PUBLIC.name, "kind": "counts", "area": where.code, "target": target,
        "start": start, "end": end, "table": _table(made, wanted, where, rows),
        "told": [_plain(one) for one in made.told],
    }  # fmt: skip
    with transaction(ctx.ws) as conn:
        propose(conn, ctx.actor, ctx.purpose, values)
    return Proposed(release_id, made, start, end)


def approve(ctx: Context, release_id: str, why: str) -> None:
    """Release what another proposed.

    Raises:
        Forbidden: the same person proposed it, or the policy says no.
        NotFound, Refused: no such release, or it is not waiting.
    """
    _decide(ctx, release_id, "approved", why)


def refuse(ctx: Context, release_id: str, why: str) -> None:
    """Refuse what was proposed; the reason is kept."""
    _decide(ctx, release_id, "refused", why)


def withdraw(ctx: Context, release_id: str, why: str) -> None:
    """Take a release back; what it told stays reckoned with."""
    _decide(ctx, release_id, "withdrawn", why)


def _decide(ctx: Context, release_id: str, state: str, why: str) -> None:
    ctx.allow("disclosure", "release")
    if not why.strip():
        raise Misuse("no reason is given", expected="a sentence", do="say it with --why")
    with transaction(ctx.ws) as conn:
        decide(conn, ctx.actor, ctx.purpose, release_id, state, why.strip())


def _window(ctx: Context, area: Area, target: Target, now: datetime) -> tuple[date, date]:
    """Give the newest quarter that is late enough and of which every day was delivered by every force.

    A quarter with days missing would show places as quieter than they were.
    """
    held = coverage(ctx.ws, purpose=ctx.purpose).filter(
        pl.col("groups").list.eval(pl.element().is_in(list(target.groups))).list.any()
    )
    days = [
        {start + timedelta(days=k) for start, end in spans for k in range((end - start).days)}
        for force in forces_of(ctx, area)
        for spans in [held.filter(pl.col("force") == force).select("start", "end").iter_rows()]
    ]
    every = set.intersection(*days) if days else set()
    if every:
        newest = london_midnight(max(every) + timedelta(days=1)) + PUBLIC.delay
        start, end = PUBLIC.due(min(now, newest))
        while end > min(every):
            if {start + timedelta(days=k) for k in range((end - start).days)} <= every:
                return start, end
            start, end = step(start, "month", -3), start
    raise Refused(
        "no whole quarter of this is held", expected="every day of three months, delivered",
        do="see what is held with: peelian coverage",
    )  # fmt: skip


def _events(
    ctx: Context, area: Area, target: Target, known: datetime, start: date, end: date
) -> pl.DataFrame:
    rows = pl.concat(
        read_events(
            ctx.ws, as_of=known, before=london_midnight(end), crs=area.grid.crs, force=force,
            groups=target.groups, columns=list(_COLUMNS),
        )
        for force in forces_of(ctx, area)
    )  # fmt: skip
    rows = rows.with_columns(pl.col("group").cast(pl.String), pl.col("scope").cast(pl.String))
    if target.public_only and not marks_known(rows, target):
        raise Refused(
            "this source cannot tell homes from streets, so its counts are not released",
            expected="events with setting, domestic and sexual marks",
            do="choose a target without homes, such as asb",
        )
    inside = (pl.col("start") >= london_midnight(start)) & pl.col("easting").is_not_null()
    return rows.filter(counts_as(target) & inside)


def _cells(
    ctx: Context, area: Area, target: Target, rows: pl.DataFrame, start: date, end: date
) -> list[Cell]:
    parents = parents_held(ctx, area.grid, area.cells)
    levels = {one.level: one for one in parents.parents} if parents else {}
    if "lsoa" not in levels:
        raise Refused(
            "no boundaries of neighbourhoods are held", expected="LSOA boundaries",
            do="peelian context import boundaries FILE",
        )  # fmt: skip
    at_cell = area.grid.cell_of(rows["easting"].to_numpy(), rows["northing"].to_numpy())
    at = np.minimum(np.searchsorted(area.cells, at_cell), len(area.cells) - 1)
    here = area.cells[at] == at_cell
    keys = record_keys(_secret(ctx), (f"{a:x} {b:x}" for a, b in rows.select("key_hi", "key_lo").iter_rows()))
    lsoa = levels["lsoa"]
    place = np.where(here, lsoa.of_cell[at], -1)
    guarded = _guarded(ctx, lsoa.codes)
    out, kinds = [], frozenset(target.groups if not target.knife else {target.name})

    def add(code: str, members: set[int], never: bool) -> None:
        mine = np.isin(place, list(members))
        names = frozenset(lsoa.codes[k] for k in members)
        span = Span(names, start, end, kinds)
        out.append(Cell(code, span, int(mine.sum()), int(keys[mine].sum()), never))

    for k, code in enumerate(lsoa.codes):
        add(code, {k}, code in guarded)
    for larger in [levels["msoa"]] if "msoa" in levels else []:
        for k, code in enumerate(larger.codes):
            members = {int(one) for one in lsoa.of_cell[larger.of_cell == k] if one >= 0}
            if members:
                add(code, members, False)
    add(area.code, set(range(len(lsoa.codes))), False)
    return out


def _once(cells: list[Cell], elsewhere: list[Told]) -> None:
    """See that no neighbourhood is told again under another area's name.

    Areas are of squares, so two may hold different parts of one neighbourhood: its figures of both would tell
    what lies in the squares between them, and no rule by neighbourhood can see that.
    """
    whole = cells[-1].span  # the last figure is the whole area's
    if any(one.span.meets(whole) for one in elsewhere):
        raise Refused(
            "a release of another area told of some of these neighbourhoods and days",
            expected="each neighbourhood's quarter in the tables of one area",
            do="release that area's next quarter; see what was released with: peelian release list",
        )  # fmt: skip


def _guarded(ctx: Context, codes: tuple[str, ...]) -> frozenset[str]:
    """Give the neighbourhoods of protected sites (refuges, clinics): a text file of codes, one a line."""
    path = ctx.ws.home / "settings" / "protected-places.txt"
    lines = path.read_text().split() if path.is_file() else []
    return frozenset(codes) & frozenset(lines)


def _secret(ctx: Context) -> bytes:
    """Give the secret of the noise, made once: another would give another noise, which averages out."""
    path = ctx.ws.home / "settings" / "noise.key"
    if not path.exists():
        write_secret(path, secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def _table(made: Made, target: Target, area: Area, rows: pl.DataFrame) -> dict[str, Any]:
    return {
        "title": target.title(True), "area": area.name, "simulated": area.simulated, "shown": made.shown,
        "withheld": sorted(made.withheld), "note": note_of(PUBLIC),
    }  # fmt: skip


def note_of(tier: Tier) -> str:
    """Say how the figures were made safe."""
    return (
        f"Recorded incidents, not all that happened. Small changes are made to each figure, figures under "
        f"{tier.least} are withheld, 0 among them, and others are rounded to {tier.round_to}; some are "
        "withheld so that others cannot be worked out. Totals need not add up."
    )


def _plain(one: Told) -> list[Any]:
    span = one.span
    return [sorted(span.places), str(span.start), str(span.end), sorted(span.kinds), one.least, one.most]


def _told(said: list[Any]) -> Told:
    places, start, end, kinds, least, most = said
    span = Span(frozenset(places), date.fromisoformat(start), date.fromisoformat(end), frozenset(kinds))
    return Told(span, least, most)
