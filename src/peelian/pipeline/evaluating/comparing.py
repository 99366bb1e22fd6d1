"""The comparison: treated places and when, the ring round them, and the places that may be controls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.domain.intervention import Entry
from peelian.pipeline.evaluating.asked import Asked
from peelian.pipeline.evaluating.counting import Counted, Floats, Whole
from peelian.plan.effects.event_study import NEVER

_FEWEST_BEFORE = 3


@dataclass(frozen=True, eq=False)
class Compared:
    """Counts cut to the study's periods, with each place's part: treated, ring, control or left out."""

    counts: Floats
    xy: Floats
    names: tuple[str, ...]
    starts: Whole  # (places,) first treated period, NEVER for others
    treated: Whole
    ring: Whole
    controls: Whole
    first: date
    last: date  # exclusive
    begins: int  # the earliest first treated period
    after: int  # periods of the shortest entry after its start
    left_out: tuple[str, ...]  # sentences

    def further(self, width: float) -> Whole:
        """Give the controls that lie in a second ring, as wide as the first and round it."""
        outer = _ring(self.xy, self.treated, 2 * width)
        return np.asarray(self.controls[outer[self.controls]], np.int64)


def compare(held: Counted, entries: list[Entry], others: list[Entry], asked: Asked) -> Compared:
    """Cut the counts to whole periods before and after, and sort places into their parts.

    A period in which an entry began or ended belongs to neither side. Places of `others` (entries of any kind
    that stood in those periods) are no controls, nor are unobserved places.

    Raises:
        Refused: no whole period before or after, unknown places, entries that share a place, gaps where it
            was done.
    """
    begin, after = _periods(held, entries)
    first = max(0, min(begin.values()) - asked.before)
    last = max(begin[e.id] + after[e.id] for e in entries)
    starts = np.full(len(held.names), NEVER, np.int64)
    said: list[str] = []
    for entry in entries:
        rows = held.rows(entry.places)
        if len(rows) < len(set(entry.places)):
            raise Refused(
                f"some places of entry {entry.id} are not in the area's counts",
                do="correct the entry's places: withdraw it and enter it again",
            )
        if np.any(starts[rows] != NEVER):
            raise Refused(
                "two entries share a place: their effects cannot be told apart", do="take one entry"
            )
        starts[rows] = begin[entry.id] - first
        if entry.start != held.starts[begin[entry.id]]:
            said.append(
                f"The {asked.every} in which {entry.id} began is left out: it is neither before nor after."
            )
    treated = np.flatnonzero(starts != NEVER)
    watched: npt.NDArray[np.bool_] = np.asarray(held.seen[:, first:last].all(axis=1))
    if not watched[treated].all():
        raise Refused("no feed spoke of some treated places all the time", do="look at: peelian coverage")
    ring = _ring(held.xy, treated, asked.buffer_m)
    taken = np.zeros(len(held.names), np.bool_)
    for other in others:
        if other.start < held.ends[last - 1] and other.end > held.starts[first]:
            taken[held.rows(other.places)] = True
            if np.any(starts[held.rows(other.places)] != NEVER):
                said.append(f"Entry {other.id} ({other.kind}) stood in some of the same places too.")
    free = watched & ~taken & ~ring & (starts == NEVER)
    if taken[starts == NEVER].any():
        said.append(f"{int(taken[starts == NEVER].sum()):,} places of other entries are no controls.")
    cut = _straddled(held, entries)
    keep = np.array([k for k in range(first, last) if k not in cut])
    for place in treated:
        starts[place] -= sum(first <= k < starts[place] + first for k in cut)
    return Compared(
        held.counts[:, keep], held.xy, held.names, starts, treated,
        np.flatnonzero(ring & watched & ~taken), np.flatnonzero(free), held.starts[first],
        held.ends[last - 1], int(starts[treated].min()), min(after.values()), tuple(dict.fromkeys(said)),
    )  # fmt: skip


def _periods(held: Counted, entries: list[Entry]) -> tuple[dict[str, int], dict[str, int]]:
    """Give each entry's first whole period, and how many whole periods it then has."""
    begin, after = {}, {}
    for entry in entries:
        whole = [
            k
            for k, (a, b) in enumerate(zip(held.starts, held.ends, strict=True))
            if a >= entry.start and b <= entry.end
        ]
        gone = sum(b <= entry.start for b in held.ends)
        if not whole or gone < _FEWEST_BEFORE:
            raise Refused(
                f"entry {entry.id} has {len(whole)} whole periods with counts after its start, {gone} before",
                expected=f"at least 1 after and {_FEWEST_BEFORE} before",
                do="use shorter periods (--every week), or wait until the counts are in",
            )
        begin[entry.id], after[entry.id] = whole[0], len(whole)
    return begin, after


def _straddled(held: Counted, entries: list[Entry]) -> set[int]:
    """Give the periods in which an entry began: partly before it, partly after."""
    days = [entry.start for entry in entries]
    return {
        k for k, (a, b) in enumerate(zip(held.starts, held.ends, strict=True)) if any(a < d < b for d in days)
    }


def _ring(xy: Floats, treated: Whole, width: float) -> npt.NDArray[np.bool_]:
    from peelian.plan.effects.buffers import rings

    known: npt.NDArray[np.bool_] = np.isfinite(xy.sum(axis=1))
    out = np.zeros(len(xy), np.bool_)
    if width <= 0 or not known[treated].all():
        return out
    rows = np.flatnonzero(known)
    at = np.searchsorted(rows, treated)
    out[rows] = rings(xy[rows], at, (width,)).part == 1
    return out
