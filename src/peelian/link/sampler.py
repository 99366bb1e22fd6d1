"""Which reports are of one incident, all at once: Gibbs sampling over partitions, with exact conditionals.

A report either stands alone, at the rate at which unrelated incidents fall where and when it is, or joins an
incident whose reports it could all be of. So two candidates of one report compete, a crowded hour counts
against every pair in it, and an incident seen by three agencies must hold together (graphical record linkage:
Steorts, Hall and Fienberg 2016, "A Bayesian approach to graphical record linkage and deduplication"). Shares
of incidents by which feeds saw them, and of repeats within a feed, are re-estimated on the way.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from peelian.link.reports import Floats, Ints

BURN: Final = 40
KEEP: Final = 120
LARGEST: Final = 8
"""An incident has at most this many reports."""
MOST_FEEDS: Final = 8
REPEAT_PRIOR: Final = (1.0, 100.0)
"""Repeats seen beforehand, and reports they were seen among."""


class Sampled(NamedTuple):
    """`chance` of each directed edge (E,), and the number of incidents in each kept sweep (KEEP,)."""

    chance: Floats
    incidents: npt.NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def _uniform(state: Any) -> Any:
    """Give the next number in [0, 1): SplitMix64 (Steele, Lea and Flood 2014), the same on every machine."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.float64(z >> np.uint64(11)) / 9007199254740992.0


@numba.njit(cache=True, nogil=True)
def _joint(size: Any, total: Any) -> Any:
    """Log density of an incident's reports from the sum over its pairs.

    Exact for normal errors of one size in two directions and time; a pair's is its own.
    """
    if size < 2:
        return 0.0
    return 2.0 * total / size + 1.5 * ((size - 1) * np.log(2.0) - np.log(np.float64(size)))


@numba.njit(cache=True, nogil=True)
def _take_out(i: Any, edges: Any, state: Any, bit: Any) -> None:
    """Take report `i` out of its incident; the incident's number is free if nothing is left."""
    start, other, log_f = edges
    of, size, mask, total, free, top = state
    own = of[i]
    of[i] = -1
    size[own] -= 1
    mask[own] = 0
    for e in range(start[i], start[i + 1]):
        if of[other[e]] == own:
            total[own] -= log_f[e]
            mask[own] |= bit[other[e]]
    if size[own] == 0:
        total[own] = 0.0
        free[top[0]] = own
        top[0] += 1


@numba.njit(cache=True, nogil=True)
def _weigh(i: Any, edges: Any, state: Any, bit: Any, shares: Any, alone: Any, work: Any) -> Any:
    """Give how many incidents `i` could join, with each one's odds against standing alone in `work`."""
    start, other, log_f = edges
    of, size, mask, total, _free, _top = state
    log_share, log_repeat = shares
    seen, met, touched, weight = work
    n = 0
    for e in range(start[i], start[i + 1]):
        c = of[other[e]]
        if met[c] == 0:
            touched[n] = c
            n += 1
        met[c] += 1
        seen[c] += log_f[e]
    for t in range(n):
        c = touched[t]
        weight[t] = 0.0
        if met[c] == size[c] and size[c] < LARGEST:
            w = log_share[mask[c] | bit[i]] - log_share[mask[c]] - alone[i] - log_share[bit[i]]
            if mask[c] & bit[i]:
                w += log_repeat[bit[i]]
            w += _joint(size[c] + 1, total[c] + seen[c]) - _joint(size[c], total[c])
            weight[t] = np.exp(min(w, 300.0))
    return n


@numba.njit(cache=True, nogil=True)
def _put(i: Any, n: Any, state: Any, bit: Any, work: Any, rng: Any) -> None:
    """Draw where `i` belongs and put it there."""
    of, size, mask, total, free, top = state
    seen, _met, touched, weight = work
    norm = 1.0
    for t in range(n):
        norm += weight[t]
    u = _uniform(rng) * norm - 1.0
    t = 0
    while u >= 0.0 and t < n:
        u -= weight[t]
        t += 1
    if t == 0:
        top[0] -= 1
        c = free[top[0]]
    else:
        c = touched[t - 1]
        total[c] += seen[c]
    of[i] = c
    size[c] += 1
    mask[c] |= bit[i]


@numba.njit(cache=True, nogil=True)
def _sweep(
    edges: Any, state: Any, bit: Any, shares: Any, alone: Any, work: Any, rng: Any, chance: Any
) -> None:
    """Visit every report once; add to `chance` (empty while burning in) the odds of each of its edges."""
    start, other, _log_f = edges
    of = state[0]
    seen, met, touched, weight = work
    for i in range(len(of)):
        _take_out(i, edges, state, bit)
        n = _weigh(i, edges, state, bit, shares, alone, work)
        if len(chance) > 0:
            norm = 1.0
            for t in range(n):
                norm += weight[t]
                met[touched[t]] = t
            for e in range(start[i], start[i + 1]):
                chance[e] += weight[met[of[other[e]]]] / norm
        _put(i, n, state, bit, work, rng)
        for t in range(n):
            met[touched[t]] = 0
            seen[touched[t]] = 0.0


@numba.njit(cache=True, nogil=True)
def _shares(state: Any, edges: Any, bit: Any, quiet: Any, single: Any, shares: Any) -> Any:
    """Re-estimate, from quiet reports, the share of incidents by who saw them and of repeats.

    Gives how many incidents there are to a report. An incident counts by the share of its reports that are
    quiet; `single` counts quiet reports without a candidate.
    """
    start, other, _log_f = edges
    of, size, mask, _total, _free, _top = state
    log_share, log_repeat = shares
    count = np.zeros(len(log_share))
    reports, distinct = np.zeros(len(log_share)), np.zeros(len(log_share))
    for f in range(len(single)):
        count[1 << f] += single[f]
        reports[1 << f] += single[f]
        distinct[1 << f] += single[f]
    for i in range(len(of)):
        if quiet[i]:
            c = of[i]
            count[mask[c]] += 1.0 / size[c]
            same = 1
            if size[c] > 1:
                for e in range(start[i], start[i + 1]):
                    if of[other[e]] == c and bit[other[e]] == bit[i]:
                        same += 1
            reports[bit[i]] += 1
            distinct[bit[i]] += 1.0 / same
    every = count.sum()
    for m in range(len(count)):
        log_share[m] = np.log((count[m] + 0.5) / (every + 0.5 * len(count)))
        log_repeat[m] = np.log((reports[m] - distinct[m] + REPEAT_PRIOR[0]) / (reports[m] + REPEAT_PRIOR[1]))
    return every / max(reports.sum(), 1.0)


@numba.njit(cache=True, nogil=True)
def _run(edges: Any, bit: Any, log_rate: Any, quiet: Any, single: Any, chance: Any, incidents: Any) -> None:
    n = len(bit)
    state = (
        np.arange(n), np.ones(n, np.int64), bit.copy(), np.zeros(n), np.zeros(n, np.int64),
        np.zeros(1, np.int64),
    )  # fmt: skip
    shares = np.zeros(1 << len(single)), np.zeros(1 << len(single))
    widest = 1
    for i in range(n):
        widest = max(widest, edges[0][i + 1] - edges[0][i])
    work = (np.zeros(n), np.zeros(n, np.int64), np.zeros(widest, np.int64), np.zeros(widest))
    rng = np.array([np.uint64(20240229)])
    nothing = np.zeros(0)
    for sweep in range(BURN + KEEP):
        ratio = _shares(state, edges, bit, quiet, single, shares)
        _sweep(
            edges,
            state,
            bit,
            shares,
            log_rate + np.log(ratio),
            work,
            rng,
            chance if sweep >= BURN else nothing,
        )
        if sweep >= BURN:
            for c in range(n):
                if state[1][c] > 0:
                    incidents[sweep - BURN] += 1


def sample(
    left: Ints, right: Ints, log_f: Floats, feed: Ints, log_rate: Floats, quiet: npt.NDArray[np.bool_],
    single: Ints,
) -> Sampled:  # fmt: skip
    """Sample partitions of N reports into incidents.

    `left`, `right` (E,) index reports; `log_f` (E,) is their evidence (`link.evidence`); `feed` (N,) numbers
    from 0; `log_rate` (N,) the log local intensity of all reports, per square metre and hour; `quiet` (N,)
    the reports from which shares are learnt; `single` (F,) how many further quiet reports of each feed have
    no candidate. Gives the chance (E,) that each pair is of one incident, and how many incidents the N
    reports are. The result depends on the arguments alone, to the bit.
    """
    n = len(feed)
    both = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.lexsort((both[1], both[0]))
    start = np.searchsorted(both[0][order], np.arange(n + 1)).astype(np.int64)
    edges = (start, both[1][order].astype(np.int64), np.concatenate([log_f, log_f])[order])
    chance, incidents = np.zeros(2 * len(left)), np.zeros(KEEP, np.int64)
    _run(edges, np.int64(1) << feed.astype(np.int64), log_rate, quiet, single, chance, incidents)
    back = np.empty(2 * len(left))
    back[order] = chance / KEEP
    return Sampled((back[: len(left)] + back[len(left) :]) / 2, incidents)
