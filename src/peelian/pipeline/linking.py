"""Linking: read a force's reports, link them, keep the run; and the linking that panels count by."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Final

import polars as pl

from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.link.clusters import clusters
from peelian.link.known import Linked, Linking, linking_of
from peelian.link.overlap import PATTERNS, seen_by
from peelian.link.reports import COLUMNS, ROLE_OF
from peelian.link.withhold import shown_rows
from peelian.pipeline.context import Context
from peelian.pipeline.who_saw import BY, overlap_rows, seen_and_published
from peelian.store.catalogue import transaction
from peelian.store.coverage import coverage
from peelian.store.ledger import latest_snapshot, read_events
from peelian.store.links import DECISIONS, LinkRun, add_decision, add_link_run, decisions, latest_link_run

READ: Final = (
    "source", "key_hi", "key_lo", "version", "group", "start", "end", "easting", "northing", "precision_m",
    "knife", "lsoa",
)  # fmt: skip
UNCERTAIN: Final = (0.2, 0.8)


def as_reports(rows: pl.DataFrame) -> pl.DataFrame:
    """Give ledger rows with `report` (hex key, a dot, version) and `feed`, as linking reads them."""
    names = [
        f"{hi:016x}{lo:016x}.{version}"
        for hi, lo, version in rows.select("key_hi", "key_lo", "version").iter_rows()
    ]
    return rows.with_columns(report=pl.Series(names, dtype=pl.String), feed=pl.col("source"))


def chosen_force(ctx: Context, force: str | None) -> str:
    """Give the force asked for, or the only one held that has reports to link.

    Raises:
        NotFound: nothing of the force is held. Misuse: several are, and none was chosen.
    """
    groups = pl.col("groups").list.eval(pl.element().is_in(list(ROLE_OF))).list.any()
    held = sorted(coverage(ctx.ws, purpose=ctx.purpose).filter(groups)["force"].unique().to_list())
    if not held:
        raise NotFound(
            "no reports to link are held", expected="violence or robbery from two agencies or more",
            do="bring them in with: peelian ingest",
        )  # fmt: skip
    if force is not None and force not in held:
        raise NotFound(f"no reports of {force!r} to link are held", expected=", ".join(held))
    if force is None and len(held) != 1:
        raise Misuse(f"{len(held)} forces have reports to link", expected=", ".join(held), do="use --force")
    return force or held[0]


def link(ctx: Context, force: str | None = None, tick: Tick = no_tick) -> LinkRun:
    """Link all reports of a force that stand now; keep the pairs and the card.

    Raises:
        Refused: fewer than two feeds have reports that can be linked.
    """
    code = chosen_force(ctx, force)
    ctx.allow("combination", "link reports")
    snapshot = latest_snapshot(ctx.ws)
    tick("reading reports", 0.0)
    reports = as_reports(
        read_events(ctx.ws, force=code, groups=list(ROLE_OF), columns=list(READ), purpose=ctx.purpose)
    )
    if reports["feed"].n_unique() < 2:
        raise Refused(
            f"only one feed of {code} has violence or robbery", expected="two or more, such as ambulance",
            do="bring another in with: peelian ingest",
        )  # fmt: skip
    tick("comparing pairs", 0.2)
    linking = linking_of(reports.select(COLUMNS))
    tick("weighing who could be whom", 0.5)
    linked = linking.at(reports.select(COLUMNS), decisions(ctx.ws, code))
    card = _card(code, snapshot, reports, linking, linked)
    seen = seen_and_published(ctx, code, reports, linked.incidents)
    card["overlap"] = {by: shown_rows(overlap_rows(seen, code, by)) for by in BY}
    name = hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()[:12]
    path = ctx.ws.links / f"link-{code}-{name}.parquet"
    temporary = path.with_suffix(".tmp")
    linked.decided.pairs.write_parquet(temporary)
    temporary.rename(path)
    with transaction(ctx.ws) as conn:
        add_link_run(conn, ctx.ws, path.stem, force=code, snapshot=snapshot, path=path, card=card)
        ctx.record(conn, "combination", "link reports", area=code)
    run = latest_link_run(ctx.ws, code)
    assert run is not None
    return run


def _card(
    code: str, snapshot: int, reports: pl.DataFrame, linking: Linking, linked: Linked
) -> dict[str, Any]:
    seen = seen_by(reports, linked.incidents)
    pattern = dict(seen["pattern"].value_counts().iter_rows())
    low, high = UNCERTAIN
    odd = linked.decided.pairs.filter(pl.col("probability").is_between(low, high))
    mean, least, most = (round(v, 1) for v in linked.decided.incidents)
    return {
        "force": code, "snapshot": snapshot, "parameters": linking.parameters.to_json(),
        "parameters_digest": linking.parameters.digest(),
        "threshold": round(linked.threshold, 4), "reports": reports.height,
        "linkable": linked.decided.reports, "candidates": linked.decided.pairs.height,
        "incidents": seen.height,
        "expected_incidents_of_linkable": {"mean": mean, "from": least, "to": most},
        "by_pattern": {words: int(pattern.get(words, 0)) for words in PATTERNS.values()},
        "uncertain_pairs": odd.height,
        "feeds": dict(reports.group_by("feed").len().sort("feed").iter_rows()),
    }  # fmt: skip


def linked_now(ctx: Context, code: str) -> tuple[pl.DataFrame, pl.DataFrame, LinkRun]:
    """Give the force's standing reports, their incidents by the newest run, and the run."""
    run = latest_link_run(ctx.ws, code)
    if run is None or not run.path.is_file():
        raise NotFound(f"the reports of {code} were never linked", do="run: peelian link")
    reports = as_reports(
        read_events(ctx.ws, force=code, groups=list(ROLE_OF), columns=list(READ), purpose=ctx.purpose)
    )
    pairs = pl.read_parquet(run.path)
    return reports, clusters(pairs, float(run.card["threshold"])), run


def queue(ctx: Context, force: str | None = None, last: int = 20) -> list[dict[str, Any]]:
    """List uncertain pairs that nobody has decided, least certain first: place, time and kind only."""
    code = chosen_force(ctx, force)
    ctx.consult("consultation", "link review", area=code)
    reports, _found, run = linked_now(ctx, code)
    done = decisions(ctx.ws, code).select("left", "right")
    odd = pl.read_parquet(run.path).filter(pl.col("probability").is_between(*UNCERTAIN))
    keys = [pl.col(side).str.split(".").list.first().alias(f"{side}_key") for side in ("left", "right")]
    odd = odd.with_columns(keys).join(
        done, left_on=["left_key", "right_key"], right_on=["left", "right"], how="anti"
    )
    said = {row["report"]: row for row in reports.iter_rows(named=True)}
    odd = odd.sort((pl.col("probability") - 0.5).abs(), "left", "right").head(last)
    out = []
    for row in odd.iter_rows(named=True):
        one, two = said.get(row["left"]), said.get(row["right"])
        if one is None or two is None:
            continue
        apart = ((one["easting"] - two["easting"]) ** 2 + (one["northing"] - two["northing"]) ** 2) ** 0.5
        out.append(
            {
                "left": row["left_key"], "right": row["right_key"], "chance": round(row["probability"], 2),
                "first": f"{one['source']}: {one['group']}, {one['start']:%Y-%m-%d %H:%M}",
                "second": f"{two['source']}: {two['group']}, {two['start']:%Y-%m-%d %H:%M}",
                "metres_apart": round(apart),
                "minutes_apart": round(abs((one["start"] - two["start"]).total_seconds()) / 60),
            }
        )  # fmt: skip
    return out


def review(ctx: Context, left: str, right: str, decision: str, force: str | None = None) -> None:
    """Keep a person's decision of two reports (hex keys): `same` or `different`.

    It counts from now on: a forecast as of an earlier instant is made as if it had not been taken.

    Raises:
        Misuse: another decision, or one report twice. NotFound: no such report of the force.
    """
    if decision not in DECISIONS or left == right:
        raise Misuse("that is no decision of two reports", expected="two keys, and same or different")
    code = chosen_force(ctx, force)
    ctx.allow("alteration", "link review")
    reports = as_reports(
        read_events(ctx.ws, force=code, groups=list(ROLE_OF), columns=list(READ), purpose=ctx.purpose)
    )
    held = set(reports["report"].str.split(".").list.first())
    if left not in held or right not in held:
        raise NotFound("no such report is held", do="take the keys from: peelian link --review")
    with transaction(ctx.ws) as conn:
        add_decision(conn, left, right, decision, reviewer=ctx.actor.id, force=code)
        ctx.record(conn, "alteration", f"link review: {decision}", area=code)


class PanelLinks:
    """The linking that panels of one area count by, cut at any instant."""

    def __init__(self, ctx: Context, versions: pl.DataFrame) -> None:
        rows = versions.filter(
            pl.col("group").cast(pl.String).is_in(list(ROLE_OF)) & (pl.col("op") != "retract")
        )
        self._linking = linking_of(as_reports(rows).select(COLUMNS))
        self._thresholds: dict[datetime, float] = {}
        self._decisions = pl.concat([decisions(ctx.ws, force) for force in sorted(set(versions["force"]))])

    def at(self, standing: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
        """Give the rows standing at an instant with each incident once."""
        from peelian.features.incidents import one_per_incident

        mine = pl.col("group").cast(pl.String).is_in(list(ROLE_OF))
        reports = as_reports(standing.filter(mine))
        taken = self._decisions.filter(pl.col("decided") <= as_of)
        found = self._linking.at(reports.select(COLUMNS), taken)
        self._thresholds[as_of] = round(found.threshold, 4)
        once = one_per_incident(reports, found.incidents).select(standing.columns)
        return pl.concat([standing.filter(~mine), once])

    def said(self, as_of: datetime) -> dict[str, Any]:
        """Give what a run card keeps of the linking of a cut that was made: version, digest, threshold."""
        pinned = self._linking.parameters
        return {
            "version": pinned.version, "parameters": pinned.digest(), "threshold": self._thresholds.get(as_of)
        }  # fmt: skip


def links_for_panels(ctx: Context, versions: pl.DataFrame, groups: tuple[str, ...]) -> PanelLinks | None:
    """Give the linking for a target of `groups`, where two or more feeds may report one incident."""
    rows = versions.filter(pl.col("group").cast(pl.String).is_in([g for g in groups if g in ROLE_OF]))
    return PanelLinks(ctx, versions) if rows["source"].n_unique() > 1 else None
