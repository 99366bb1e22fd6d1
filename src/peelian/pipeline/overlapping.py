"""Who saw what: incidents by area and by which agencies reported them; and what nobody may have seen."""

from __future__ import annotations

from typing import Any

import polars as pl

from peelian.domain.errors import Misuse
from peelian.link.overlap import PATTERNS
from peelian.link.unseen import unseen
from peelian.link.withhold import shown_rows
from peelian.pipeline.context import Context
from peelian.pipeline.linking import chosen_force, linked_now
from peelian.pipeline.who_saw import BY, overlap_rows, seen_and_published
from peelian.store.ledger import latest_snapshot
from peelian.store.links import latest_link_run

__all__ = ["changed_since", "overlap_table", "shown_rows", "unseen_range"]


def overlap_table(ctx: Context, force: str | None = None, *, by: str = "area") -> list[dict[str, Any]]:
    """Give a row for each area and set of agencies then published: who saw its incidents.

    Keys `area`, `published` (agencies whose feeds cover the incidents' days), `incidents`, and a count for
    each pattern of `link.overlap.PATTERNS`. Where an agency published nothing, no pattern is known: all are
    None, because "police only" cannot be told from "police and hospital". Counts are exact: whoever shows
    them withholds those under `link.overlap.SMALL` (`link.withhold.shown_rows`). `by` is area (the whole
    force) or lsoa (as published on the finest report; else "not stated"; a pattern of which no incident
    states its LSOA is None in each).

    Raises:
        NotFound: the force was never linked. Misuse: another `by`.
    """
    if by not in BY:
        raise Misuse(f"overlap cannot be shown by {by!r}", expected=" or ".join(BY))
    code = chosen_force(ctx, force)
    ctx.consult("consultation", "overlap", area=code)
    return overlap_rows(_seen(ctx, code), code, by)


def changed_since(ctx: Context, force: str | None = None) -> bool:
    """Say whether the ledger has changed since the force was last linked."""
    run = latest_link_run(ctx.ws, chosen_force(ctx, force))
    return run is not None and run.snapshot != latest_snapshot(ctx.ws)


def _seen(ctx: Context, code: str) -> pl.DataFrame:
    reports, found, _run = linked_now(ctx, code)
    return seen_and_published(ctx, code, reports, found)


def unseen_range(
    ctx: Context, force: str | None = None, *, dependence: tuple[float, float] = (0.5, 3.0)
) -> list[dict[str, Any]]:
    """Give, for pairs of agencies and assumed odds ratios, how many incidents neither of the two saw.

    For an analyst only: it rests on an assumption that no data here can check. It is in no layer, forecast
    or file. Only incidents of days that both agencies published count.

    Raises:
        Misuse: a range that is not of positive numbers.
    """
    low, high = dependence
    if not 0 < low <= high:
        raise Misuse("--dependence is not a range", expected="two positive numbers, such as 0.5..3")
    code = chosen_force(ctx, force)
    ctx.consult("consultation", "range of unseen incidents", area=code)
    seen = _seen(ctx, code)
    sets = {words: set(roles) for roles, words in PATTERNS.items()}
    out: list[dict[str, Any]] = []
    for one, two in (("police", "hospital"), ("police", "ambulance"), ("ambulance", "hospital")):
        days = seen.filter(pl.col("published").str.contains(one) & pl.col("published").str.contains(two))
        tally = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
        for words, n in days["pattern"].value_counts().iter_rows():
            tally[one in sets[words], two in sets[words]] += int(n)
        for ratio in sorted({low, 1.0 if low <= 1.0 <= high else low, high}):
            found = unseen(tally[True, True], tally[True, False], tally[False, True], ratio)
            out.append(
                {
                    "sources": f"{one} and {two}", "assumed odds ratio": ratio, "both": tally[True, True],
                    "first only": tally[True, False], "second only": tally[False, True],
                    "neither": round(found.unseen), "from": round(found.low), "to": round(found.high),
                }
            )  # fmt: skip
    return out
