"""The public's view of a forecast, proposed for release: three bands of neighbourhoods, no figure."""

from __future__ import annotations

import secrets

import numpy as np

from peelian.api.level_run import LevelRun, level_run
from peelian.api.run_folder import Run, read_run
from peelian.domain.errors import NotFound, Refused
from peelian.domain.tier import PUBLIC
from peelian.govern.disclosure.bands import bands
from peelian.pipeline.context import Context
from peelian.store.catalogue import transaction
from peelian.store.releases import propose
from peelian.store.runs import latest_run

NOTE = (
    "Bands compare neighbourhoods with the middle one of those shown: lower is under two thirds of it, "
    f"higher from one and a half. A neighbourhood with fewer than {PUBLIC.least} recorded in the year before "
    "has no band: little is known of it, which does not mean that it is safe. A forecast says where harm was "
    "likely recorded next; it is no reason to stop, search or suspect anyone."
)


def public_bands(run: Run) -> tuple[LevelRun, dict[str, str]]:
    """Give a run by its LSOAs, and the band of each that may have one: all that the public sees of it.

    A year's count is a sum of squares' counts by their shares in the LSOA; it is cut, not rounded, to a whole
    number, so that none just under the floor is shown.

    Raises:
        NotFound: the run has no neighbourhoods.
    """
    by_lsoa = level_run(run, "lsoa")
    if not isinstance(by_lsoa, LevelRun):
        raise NotFound("this run has no neighbourhoods", do="peelian context import boundaries FILE")
    expected = by_lsoa.mean.sum(axis=0)
    known = np.isfinite(expected) & np.isfinite(by_lsoa.last_year)
    codes = [code for code, held in zip(by_lsoa.codes, known, strict=True) if held]
    year = np.floor(by_lsoa.last_year[known] + 1e-6).astype(int)
    return by_lsoa, bands(
        dict(zip(codes, expected[known].tolist(), strict=True)),
        dict(zip(codes, year.tolist(), strict=True)), PUBLIC.least,
    )  # fmt: skip


def propose_bands(ctx: Context, target: str, area: str | None = None) -> str:
    """Propose the newest run's bands by LSOA; give the release's id.

    Raises:
        Forbidden: when the policy says no.
        NotFound: there is no such run, or it has no neighbourhoods.
        Refused: its counts may hold what happened in homes.
    """
    ctx.allow("disclosure", "release")
    row = latest_run(ctx.ws, area, target)
    if row is None:
        raise NotFound("there is no forecast to release", do="peelian forecast")
    run = read_run(ctx.ws.runs / row.run_id)
    if not run.card.get("marks_known"):
        raise Refused(
            "this forecast's counts may hold what happened in homes, so its bands are not released",
            expected="events with setting, domestic and sexual marks",
        )
    by_lsoa, made = public_bands(run)
    release_id = f"{row.area}-{target}-bands-{run.starts[0]}-{secrets.token_hex(3)}"
    table = {
        "title": run.title, "area": run.card["area"]["name"], "simulated": run.simulated, "shown": made,
        "withheld": sorted(set(by_lsoa.codes) - set(made)), "note": NOTE, "run": run.id,
    }  # fmt: skip
    values = {
        "id": release_id, "tier": PUBLIC.name, "kind": "bands", "area": row.area, "target": target,
        "start": run.starts[0], "end": run.ends[-1], "table": table, "told": [],
    }  # fmt: skip
    with transaction(ctx.ws) as conn:
        propose(conn, ctx.actor, ctx.purpose, values)
    return release_id
