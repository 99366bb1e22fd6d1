"""Incidents counted by which agencies saw them, where and when those agencies published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from peelian.link.overlap import PATTERNS, seen_by
from peelian.link.reports import ROLE_OF, ROLES
from peelian.pipeline.context import Context
from peelian.store.coverage import coverage

BY: Final = ("area", "lsoa")


def seen_and_published(
    ctx: Context, code: str, reports: pl.DataFrame, incidents: pl.DataFrame
) -> pl.DataFrame:
    """Give one row an incident (`link.overlap.seen_by`), with `published`: whose feeds cover its day."""
    seen = seen_by(reports, incidents).with_columns(
        day=pl.col("start").dt.convert_time_zone("Europe/London").dt.date()
    )
    held = coverage(ctx.ws, purpose=ctx.purpose).filter(pl.col("force") == code)
    days = {role: _days(held, role) for role in ROLES}
    every = sorted(set(seen["day"].to_list()))
    published = [", ".join(role for role in ROLES if day in days[role]) for day in every]
    schema = {"day": pl.Date, "published": pl.String}
    spoken = pl.DataFrame({"day": every, "published": published}, schema=schema)
    return seen.join(spoken, on="day", how="left")


def _days(held: pl.DataFrame, role: str) -> set[date]:
    groups = [group for group, whose in ROLE_OF.items() if whose == role]
    mine = held.filter(pl.col("groups").list.eval(pl.element().is_in(groups)).list.any())
    spans = set(mine.select("start", "end").iter_rows())
    return {start + timedelta(days=k) for start, end in spans for k in range((end - start).days)}


def overlap_rows(seen: pl.DataFrame, code: str, by: str) -> list[dict[str, Any]]:
    """Give exact counts of `seen_and_published` by area or lsoa: see `pipeline.overlapping.overlap_table`."""
    place = pl.col("lsoa").fill_null("not stated") if by == "lsoa" else pl.lit(code)
    stated = set(seen["pattern"] if by == "area" else seen.filter(pl.col("lsoa").is_not_null())["pattern"])
    counts = seen.with_columns(area=place).group_by("area", "published", "pattern").len()
    out = []
    for (area, published), part in counts.sort("area", "published").group_by(
        ["area", "published"], maintain_order=True
    ):
        found = dict(part.select("pattern", "len").iter_rows())
        row: dict[str, Any] = {"area": area, "published": published, "incidents": int(part["len"].sum())}
        whole = published == ", ".join(ROLES)
        for words in PATTERNS.values():
            # Where no incident of a pattern states its LSOA, none in this LSOA is not known to be none.
            silent = (
                by == "lsoa"
                and area != "not stated"
                and words not in stated
                and words in set(seen["pattern"])
            )
            row[words] = int(found.get(words, 0)) if whole and not silent else None
        out.append(row)
    return out
