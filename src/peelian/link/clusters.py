"""From chances to incidents: join the surest first, while all the reports of an incident fit together."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

THRESHOLD: Final = 0.5
LOWEST: Final = 0.1
"""Nothing below this chance is ever joined, however crowded the place."""
CLUSTER_SCHEMA: Final[dict[str, Any]] = {"report": pl.String, "incident": pl.String, "chance": pl.Float64}


def clusters(pairs: pl.DataFrame, threshold: float = THRESHOLD) -> pl.DataFrame:
    """Group reports into incidents from `left`, `right`, `probability`.

    Two groups join when the mean chance over all their cross pairs (a pair that is no candidate has none)
    reaches `threshold`, surest pairs first, so that A with B and B with C never make an incident of A and C
    that cannot be one (a chance below zero keeps two apart). Gives, for each report of an incident of two or
    more, `report`, `incident` (the least of its reports) and `chance` (the mean over its pairs), in order.
    """
    wanted = pairs.filter(pl.col("probability") != 0).select("left", "right", "probability")
    strong = wanted.filter(pl.col("probability") >= threshold)
    ends = pl.concat([strong["left"], strong["right"]]).unique()
    near = wanted.filter(pl.col("left").is_in(ends.implode()) & pl.col("right").is_in(ends.implode()))
    chance = {(left, right): p for left, right, p in near.iter_rows()}
    group: dict[str, list[str]] = {}
    order = strong.sort("probability", "left", "right", descending=[True, False, False])
    for left, right, _p in order.iter_rows():
        one, two = group.get(left, [left]), group.get(right, [right])
        if one is not two and _mean(chance, one, two) >= threshold:
            joined = sorted([*one, *two])
            for member in joined:
                group[member] = joined
    rows = []
    for joined in {id(members): members for members in group.values()}.values():
        sure = _within(chance, joined)
        rows += [(report, joined[0], sure) for report in joined]
    return pl.DataFrame(rows, schema=CLUSTER_SCHEMA, orient="row").sort("report")


def settled(pairs: pl.DataFrame, reports: int, incidents: float) -> tuple[pl.DataFrame, float]:
    """Give the clusters that leave about as many incidents as are expected, and the threshold that does.

    Where many reports could be of one another, each pair's chance is small though most have a partner:
    joining only the sure ones would count incidents twice. The threshold is the highest, between `LOWEST`
    and `THRESHOLD`, at which `reports` are of no more than `incidents` incidents (to a hundredth).
    """
    found = clusters(pairs, THRESHOLD)
    if _left(found, reports) <= incidents:
        return found, THRESHOLD
    low, high = LOWEST, THRESHOLD
    found = clusters(pairs, low)
    if _left(found, reports) > incidents:
        return found, low
    for _ in range(5):
        middle = (low + high) / 2
        tried = clusters(pairs, middle)
        if _left(tried, reports) <= incidents:
            low, found = middle, tried
        else:
            high = middle
    return found, low


def _left(found: pl.DataFrame, reports: int) -> int:
    return reports - found.height + found["incident"].n_unique()


def _mean(chance: dict[tuple[str, str], float], one: list[str], two: list[str]) -> float:
    total = sum(chance.get((min(a, b), max(a, b)), 0.0) for a in one for b in two)
    return total / (len(one) * len(two))


def _within(chance: dict[tuple[str, str], float], joined: list[str]) -> float:
    pairs = [chance.get((a, b), 0.0) for k, a in enumerate(joined) for b in joined[k + 1 :]]
    return sum(pairs) / len(pairs)
