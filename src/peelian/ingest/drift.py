"""Has a feed changed its ways? A file's profile against those of the files taken before it.

Each test asks two things: is it beyond chance, and is it large enough that a person should look. Both must
hold, so a feed that only varies is seldom held up (docs/how-to/drift.md gives the thresholds).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from peelian.domain.per_cent import per_cent

Profile = dict[str, Any]
LEAST_FILES: Final = 2
LEAST_ROWS: Final = 20
_RATIO: Final = 2.0  # of rows a day
_Z: Final = 4.5  # standard errors beyond which chance is no answer
_SPREAD: Final = 0.15  # spread between files that is taken for granted, as a share of the rate
_MIX: Final = 0.2  # share of rows whose group would have to change
_SHARE: Final = 0.2  # rise or fall of a share
_GAIN: Final = 12.0  # log likelihood gained by moving the clock
_SIZE: Final = 3.0  # times the usual size


def drift(new: Profile, past: Sequence[Profile]) -> list[str]:
    """Say what shifted, in sentences; empty when nothing did, or when too little is held to tell.

    `past` is oldest first; files taken with drift accepted begin a new past.
    """
    past = since_accepted(past)
    past = [one for one in past[-12:] if one.get("read", 0) >= LEAST_ROWS]
    if len(past) < LEAST_FILES or new.get("read", 0) < LEAST_ROWS:
        return []
    tests = (_aside, _volume, _mix, _clock, _swapped_days, _unplaced, _elsewhere, _sizes)
    return [said for test in tests if (said := test(new, past))]


def since_accepted(past: Sequence[Profile]) -> list[Profile]:
    """Give the past from the last file on that was taken with drift accepted."""
    last = max((k for k, one in enumerate(past) if one.get("accepted_drift")), default=0)
    return list(past[last:])


def _aside(new: Profile, past: Sequence[Profile]) -> str:
    share, usual, beyond = _shares(new, past, "aside", "read")
    if share - usual > _SHARE and beyond:
        return (
            f"{per_cent(share)} of its rows would be put aside, and {per_cent(usual)} of earlier files' were"
        )
    return ""


def _unplaced(new: Profile, past: Sequence[Profile]) -> str:
    share, usual, beyond = _shares(new, past, "placed", "rows")
    if abs(share - usual) > _SHARE and beyond:
        return f"{per_cent(share)} of its rows have a place, and {per_cent(usual)} of earlier files' had"
    return ""


def _volume(new: Profile, past: Sequence[Profile]) -> str:
    """Rows a day, with chance (Poisson) and the spread between the feed's own files."""
    rates = [one["rows"] / _span(one) for one in past if one.get("rows")]
    if not rates or not new.get("rows"):
        return ""
    usual, rate = float(np.mean(rates)), new["rows"] / _span(new)
    between = max(float(np.std(rates)) / usual if len(rates) > 3 else 0.0, _SPREAD)
    error = math.sqrt(1 / (usual * _span(new)) + between**2)  # of the logarithm of the ratio
    if abs(math.log(rate / usual)) > max(math.log(_RATIO), _Z * error):
        return f"it has {rate:,.1f} rows a day, and earlier files had {usual:,.1f}"
    return ""


def _mix(new: Profile, past: Sequence[Profile]) -> str:
    distance, chance = _distance(_pool(past, "groups"), Counter(new.get("groups", {})))
    if distance > max(_MIX, chance):
        return f"the kinds of incident are others: {per_cent(distance)} of its rows would have to change kind"
    return ""


def _clock(new: Profile, past: Sequence[Profile]) -> str:
    """A whole-hour shift of the time of day explains the file far better than none."""
    before, now = _hours(_pool(past, "hours")), _hours(Counter(new.get("hours", {})))
    if now.sum() < LEAST_ROWS or before.sum() < 2 * LEAST_ROWS:
        return ""
    logs = np.log((before + 0.5) / (before + 0.5).sum())
    gains = [float((now * np.roll(logs, k)).sum()) for k in range(24)]
    best = int(np.argmax(gains))
    moved = best if best <= 12 else best - 24
    if best and gains[best] - gains[0] > _GAIN:
        return f"its times of day look moved by {moved:+d} hours: is the time zone another?"
    top, usual = now.max() / now.sum(), before.max() / before.sum()
    if top - usual > 0.4:
        usually = f"{per_cent(usual)} of earlier files' did"
        return f"{per_cent(top)} of its times fall in one hour of the day, and {usually}"
    return ""


def _swapped_days(new: Profile, past: Sequence[Profile]) -> str:
    """Day and month swapped: no day after the 12th, over more days than that can be by chance."""
    days = {int(day) for day in new.get("days", {})}
    usual = max(_span(one) for one in past)
    if days and max(days) <= 12 and _span(new) > 31 and new["dates"] >= 5:
        return "no date is after the 12th of its month: are day and month swapped?"
    if _span(new) > 3 * max(usual, 20) and len(days) <= 3 < new["dates"]:
        return "its dates lie on few days of many months: are day and month swapped?"
    return ""


def _elsewhere(new: Profile, past: Sequence[Profile]) -> str:
    """Share of placed rows beyond the 10 km squares that earlier files were in, and their neighbours."""
    known = {
        (int(e) + de, int(n) + dn)
        for e, n in (square.split() for one in past for square in one.get("squares", {}))
        for de in (-1, 0, 1) for dn in (-1, 0, 1)
    }  # fmt: skip
    squares = new.get("squares", {})
    total = sum(squares.values())
    if total < LEAST_ROWS or not known:
        return ""
    strange = sum(n for square, n in squares.items() if tuple(map(int, square.split())) not in known)
    if strange / total > 0.1:
        share = per_cent(strange / total)
        return f"{share} of its places lie where no earlier file had any: are coordinates swapped?"
    return ""


def _sizes(new: Profile, past: Sequence[Profile]) -> str:
    for name in ("n", "severity", "count", "weight"):
        rows = sum(one.get(f"{name} rows", 0) for one in past)
        usual = sum(one.get(f"{name} sum", 0) for one in past) / rows if rows else 0.0
        size = new.get(f"{name} sum", 0) / new[f"{name} rows"] if new.get(f"{name} rows") else 0.0
        if usual > 0 and size > 0 and max(size / usual, usual / size) > _SIZE:
            return f"its {name} is {size / usual:,.2g} times as large as usual: is it in another unit?"
    return ""


def _shares(new: Profile, past: Sequence[Profile], part: str, whole: str) -> tuple[float, float, bool]:
    n, m = new.get(whole, 0), sum(one.get(whole, 0) for one in past)
    if not n or not m:
        return 0.0, 0.0, False
    share, usual = new.get(part, 0) / n, sum(one.get(part, 0) for one in past) / m
    pooled = (new.get(part, 0) + usual * m + 1) / (n + m + 2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return share, usual, abs(share - usual) > 4 * error


def _distance(before: Counter[str], now: Counter[str]) -> tuple[float, float]:
    """Total variation between two mixes, and what chance alone may give (twice its expectation)."""
    m, n = sum(before.values()), sum(now.values())
    if m < LEAST_ROWS or n < LEAST_ROWS:
        return 0.0, 1.0
    names = set(before) | set(now)
    distance = sum(abs(before[name] / m - now[name] / n) for name in names) / 2
    chance = sum(math.sqrt(before[k] / m * (1 - before[k] / m) * (1 / n + 1 / m)) for k in names)
    return distance, chance


def _pool(past: Sequence[Profile], name: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in past:
        total.update(one.get(name, {}))
    return total


def _hours(counts: Counter[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([counts[str(hour)] for hour in range(24)], float)


def _span(one: Profile) -> int:
    if not one.get("first"):
        return 1
    return (date.fromisoformat(one["last"]) - date.fromisoformat(one["first"])).days + 1
