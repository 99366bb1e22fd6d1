"""Say when a kind of place is busiest: days and hours, and nothing about who is there."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.grid import Floats

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LENGTHS: Final = range(2, 13)
_STANDS_OUT: Final = 1.15
"""The busiest hours must hold so many times their even share to be named."""


def busiest(profiles: Floats) -> tuple[str, ...]:
    """Name each of (K, 168) profiles by its busiest days and hours.

    >>> week = np.ones((7, 24)); week[4:6, 22:] = 9; week[5:7, :2] = 9
    >>> busiest(week.reshape(1, 168) / week.sum())
    ('busiest Fri-Sat 22-02',)
    """
    return tuple(_name(profile) for profile in profiles)


def _name(profile: Floats) -> str:
    """Find the run of days and hours whose share stands out most (a likelihood ratio, as in a scan).

    Hours past midnight belong to the evening before.
    """
    best, words = 0.0, "no hours stand out"
    starts = np.concatenate([profile, profile])  # the week goes round
    for days in range(1, 8):
        for length in _LENGTHS:
            by_start = np.convolve(starts, np.ones(length), "valid")[:168]
            inside = by_start.reshape(7, 24)  # by day and first hour
            block = sum(np.roll(inside, -k, axis=0) for k in range(days))
            even = days * length / 168
            ratio = _ratio(np.asarray(block), even)
            at = np.unravel_index(int(np.argmax(ratio)), ratio.shape)
            if ratio[at] > best and np.asarray(block)[at] > _STANDS_OUT * even:
                best = float(ratio[at])
                words = f"busiest {_span(int(at[0]), days)} {_hours(int(at[1]), length)}"
    return words


def _ratio(share: Floats, even: float) -> Floats:
    s = np.clip(share, 1e-12, 1 - 1e-12)
    value = s * np.log(s / even) + (1 - s) * np.log((1 - s) / (1 - even)) if even < 1 else np.zeros_like(s)
    out: Floats = np.where(s > even, value, 0.0)
    return out


def _span(first: int, days: int) -> str:
    if days == 7:
        return "every day"
    return _DAYS[first] if days == 1 else f"{_DAYS[first]}-{_DAYS[(first + days - 1) % 7]}"


def _hours(first: int, length: int) -> str:
    return f"{first:02d}-{(first + length) % 24:02d}"
