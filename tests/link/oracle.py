"""The matcher that knows the error model and the true intensity: the bar that linking is held to.

Its evidence is the exact density of two reports' distance and time difference given one event; the local
intensity is the simulated world's own, blurred by the same errors. It then does its best twice: an optimal
assignment of each two feeds (Kuhn's problem, scipy), and the joint sampler with its decision at whichever
threshold the truth likes best. The better of the two is the oracle.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from scipy.spatial import cKDTree

from peelian.link.clusters import clusters
from peelian.link.reports import linkable
from peelian.link.sampler import sample
from peelian.simulate.happen import happen
from peelian.simulate.world import World
from tests.link.scoring import Score, pairs_of, scored

Floats = npt.NDArray[np.float64]


def exact_place(error: tuple[float, float], step: float = 5.0) -> tuple[Floats, Floats]:
    """Give the density (per square metre) of two reports' offset at distances 0, step, ...

    Each lies a uniform distance within `error` of the event, in any direction; the density of the difference
    is found by placing one at each distance and averaging the other's density around it.
    """
    low, high = error
    at = np.arange(0.0, 2 * high + step, step)
    radius = np.linspace(low, high, 201)[:-1] + (high - low) / 400
    angle = (np.arange(180) + 0.5) * np.pi / 180
    density = np.zeros(len(at))
    for k, d in enumerate(at):
        other = np.sqrt(d**2 + radius[:, None] ** 2 - 2 * d * radius[:, None] * np.cos(angle))
        inside = (other >= low) & (other <= high)
        other = np.maximum(other, low)
        density[k] = np.where(inside, 1 / (2 * np.pi * other * (high - low)), 0).mean()
    return at, density


def exact_evidence(reports: pl.DataFrame, error: tuple[float, float], hours: float) -> pl.DataFrame:
    """Give every possible pair with the log density of the second given the first, if of one event."""
    rows = linkable(reports)
    e, n, h = (rows[c].to_numpy() for c in ("easting", "northing", "hour"))
    reach = 2 * error[1]
    tree = cKDTree(np.column_stack([e, n, h * reach / (2 * hours)]))
    i, j = tree.query_pairs(reach * np.sqrt(2), output_type="ndarray").T
    gap, apart = np.hypot(e[i] - e[j], n[i] - n[j]), np.abs(h[i] - h[j])
    at, density = exact_place(error)
    place = np.interp(gap, at, density)
    time = np.maximum(2 * hours - apart, 0) / (2 * hours) ** 2
    possible = (gap < reach) & (place > 0) & (time > 0)
    i, j = np.minimum(i, j)[possible], np.maximum(i, j)[possible]
    evidence = np.log(place[possible] * time[possible])
    names = rows["report"]
    return pl.DataFrame({"left": names.gather(i), "right": names.gather(j), "evidence": evidence}).sort(
        "left", "right"
    )


def true_intensity(
    world: World, rows: pl.DataFrame, error: tuple[float, float], hours: float, replicates: int = 12
) -> Floats:
    """Give the reports per square metre and hour around each report, by letting the same world happen again.

    The events of further draws from the true intensity, blurred by the same errors, are counted within 125 m
    and an hour of each report; where there are few, within 500 m and three hours, and so on outwards.
    """
    names = list(world.scenario.components)
    harm = [names.index(name) for name in world.scenario.agencies.harm]
    local = rows["start"].dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
    first = pl.Series([world.clock.first]).cast(pl.Datetime("us"))[0]
    hour = ((local - first).dt.total_minutes() / 60).to_numpy()
    where = np.column_stack([rows["easting"].to_numpy(), rows["northing"].to_numpy()])
    rng = np.random.default_rng(99)
    parts = []
    for seed in range(replicates):
        again = happen(world.scenario, world.land, world.streets, world.clock, world.intensity,
                       np.random.default_rng(10_000 + seed))  # fmt: skip
        mine = np.isin(again.k, harm) & ~world.silent[again.cell]
        n = int(mine.sum())
        angle, distance = rng.uniform(0, 2 * np.pi, n), rng.uniform(*error, n)
        parts.append(np.column_stack([
            again.x[mine] + distance * np.cos(angle), again.y[mine] + distance * np.sin(angle),
            again.hour[mine] + rng.uniform(-hours, hours, n),
        ]))  # fmt: skip
    points = np.concatenate(parts)
    each = len(points) / replicates
    out = np.full(len(hour), each / (world.clock.hours * 250.0**2 * len(world.land.cells)))
    for radius, reach in ((2000.0, 12.0), (500.0, 3.0), (125.0, 1.0)):
        scale = np.array([1, 1, radius / reach])
        tree = cKDTree(points * scale)
        near = tree.query_ball_point(np.column_stack([where, hour]) * scale, radius, return_length=True)
        ball = 4 / 3 * np.pi * radius**2 * reach * replicates
        out = (near + 3) / (ball + 3 / out)
    return np.asarray(out * rows.height / each, float)


def oracle(
    world: World, reports: pl.DataFrame, *, error: tuple[float, float] = (50, 250), hours: float = 2.0
) -> Score:
    """Give the better score of the two matchers that know all but the answer."""
    rows = linkable(reports).with_columns(
        start=pl.from_epoch((pl.col("hour") * 3.6e9).cast(pl.Int64), "us").dt.replace_time_zone("UTC")
    )
    pairs = exact_evidence(reports, error, hours)
    rate = true_intensity(world, rows, error, hours)
    at = {name: k for k, name in enumerate(rows["report"])}
    i = np.array([at[x] for x in pairs["left"]])
    j = np.array([at[x] for x in pairs["right"]])
    names = sorted(rows["feed"].unique())
    feed = rows["feed"].replace_strict({n: k for k, n in enumerate(names)}, return_dtype=pl.Int64).to_numpy()
    quiet, none = np.ones(len(feed), bool), np.zeros(len(names), np.int64)
    drawn = sample(i, j, pairs["evidence"].to_numpy(), feed, np.log(rate), quiet, none)
    chances = pairs.with_columns(probability=pl.Series(drawn.chance))
    found = [scored(reports, pairs_of(clusters(chances, t))) for t in (0.15, 0.25, 0.33, 0.4, 0.5)]
    found.append(scored(reports, _assigned(pairs, i, j, feed, rate, drawn.incidents.mean())))
    return max(found, key=lambda s: s.f1)


def _assigned(pairs: pl.DataFrame, i: npt.NDArray[np.int64], j: npt.NDArray[np.int64],
              feed: npt.NDArray[np.int64], rate: Floats, incidents: float) -> pl.DataFrame:  # fmt: skip
    """Assign reports of each two feeds one to one, at the greatest total log odds; none is a choice."""
    log_odds = pairs["evidence"].to_numpy() - (np.log(rate[i]) + np.log(rate[j])) / 2
    log_odds = log_odds + np.log(len(feed) / incidents)
    chosen = []
    for a in range(feed.max() + 1):
        for b in range(a + 1, feed.max() + 1):
            one = (feed[i] == a) & (feed[j] == b) | (feed[i] == b) & (feed[j] == a)
            odds = log_odds - _offset(len(feed), feed, a, b)
            keep = np.flatnonzero(one & (odds > 0))
            if len(keep):
                first = np.where(feed[i[keep]] == a, i[keep], j[keep])
                second = np.where(feed[i[keep]] == a, j[keep], i[keep])
                chosen.append(keep[_best(first, second, odds[keep])])
    taken = np.sort(np.concatenate(chosen)) if chosen else np.empty(0, int)
    return pairs.select("left", "right")[taken]


def _offset(n: int, feed: npt.NDArray[np.int64], a: int, b: int) -> float:
    """Log of the rate of unrelated reports of the scarcer feed against all reports."""
    return float(np.log(max((feed == a).sum(), (feed == b).sum()) / n))


def _best(one: npt.NDArray[np.int64], two: npt.NDArray[np.int64], odds: Floats) -> npt.NDArray[np.int64]:
    rows, r = np.unique(one, return_inverse=True)
    columns, c = np.unique(two, return_inverse=True)
    n, m = len(rows), len(columns)
    top = odds.max() + 1
    data = np.concatenate([top - odds, np.full(n, top)])  # a column of its own for every row: no match
    table = coo_matrix((data, (np.concatenate([r, np.arange(n)]), np.concatenate([c, m + np.arange(n)]))),
                       shape=(n, m + n)).tocsr()  # fmt: skip
    row, column = min_weight_full_bipartite_matching(table)
    won = set(zip(row[column < m].tolist(), column[column < m].tolist(), strict=True))
    return np.array(
        [k for k, pair in enumerate(zip(r.tolist(), c.tolist(), strict=True)) if pair in won], int
    )
