"""Who saw what: incidents by area and by which agencies reported them; and what nobody may have seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.link.overlap import PATTERNS, SMALL, seen_by
from peelian.link.reports import ROLE_OF, ROLES
from peelian.link.unseen import unseen
from peelian.pipeline.context import Context
from peelian.pipeline.linking import chosen_force, linked_now
from peelian.store.coverage import coverage

BY: Final = ("area", "lsoa")


def overlap_table(ctx: Context, force: str | None = None, *, by: str = "area") -> list[dict[str, Any]]:
    """Give a row for each area and set of agencies then published: who saw its incidents.

    Keys `area`, `published` (agencies whose feeds cover the incidents' days), `incidents`, and a count for
    each pattern of `link.overlap.PATTERNS`. Where an agency published nothing, no pattern is known: all are
    None, because "police only" cannot be told from "police and hospital". Counts are exact: whoever shows
    them withholds those under `link.overlap.SMALL` (`shown_rows`). `by` is area (the whole force) or lsoa (as
    published on the finest report; else "not stated").

    Raises:
        NotFound: the force was never linked. Misuse: another `by`.
    """
    if by not in BY:
        raise Misuse(f"overlap cannot be shown by {by!r}", expected=" or ".join(BY))
    code = chosen_force(ctx, force)
    ctx.consult("consultation", "overlap", area=code)
    seen = _with_coverage(ctx, code)
    place = pl.col("lsoa").fill_null("not stated") if by == "lsoa" else pl.lit(code)
    counts = seen.with_columns(area=place).group_by("area", "published", "pattern").len()
    out = []
    for (area, published), part in counts.sort("area", "published").group_by(
        ["area", "published"], maintain_order=True
    ):
        found = dict(part.select("pattern", "len").iter_rows())
        whole = published == ", ".join(ROLES)
        row: dict[str, Any] = {"area": area, "published": published, "incidents": int(part["len"].sum())}
        out.append(row | {words: int(found.get(words, 0)) if whole else None for words in PATTERNS.values()})
    return out


def shown_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows fit to show: counts under `SMALL` withheld, and a second where one could be subtracted."""
    return [_withheld(row) for row in rows]


def _withheld(row: dict[str, Any]) -> dict[str, Any]:
    names = list(PATTERNS.values())
    if row[names[0]] is None:
        total = row["incidents"]
        return row | {"incidents": _few(total)} | dict.fromkeys(names, "not known")
    hidden = [n for n in names if 0 < row[n] < SMALL]
    if len(hidden) == 1:  # the total less the others would give it away
        others = sorted((n for n in names if row[n] > 0 and n not in hidden), key=lambda n: int(row[n]))
        hidden += others[:1]
    told = {n: ("withheld" if n in hidden else f"{row[n]:,}") for n in names}
    return row | {"incidents": _few(row["incidents"])} | told


def _few(count: int) -> str:
    return f"under {SMALL}" if 0 < count < SMALL else f"{count:,}"


def _with_coverage(ctx: Context, code: str) -> pl.DataFrame:
    """Give one row an incident, with the agencies whose feeds cover its day."""
    reports, found, _run = linked_now(ctx, code)
    seen = seen_by(reports, found).with_columns(
        day=pl.col("start").dt.convert_time_zone("Europe/London").dt.date()
    )
    held = coverage(ctx.ws).filter(pl.col("force") == code)
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
    seen = _with_coverage(ctx, code)
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
