"""What the coded values of a file mean in our words: offences, marks, weapons, kinds of patrol and place."""

from __future__ import annotations

from peelian.propose.column import Column
from peelian.propose.kind import KIND_FEEDS
from peelian.propose.offences import Read, read_codes
from peelian.propose.vocabulary import meaning

_MARKS = ("knife", "setting", "domestic", "sexual", "discovered_by", "status", "age_band", "basis")
_MOST = 150


def codes_of(chosen: dict[str, Column], feed: str) -> list[Read]:
    """Read off the distinct codes of the offence, or the kinds of patrols and places."""
    if feed in KIND_FEEDS and "kind" in chosen:
        return [_kind(feed, value) for value in chosen["kind"].distinct[:_MOST]]
    if "offence" not in chosen:
        return []
    return read_codes(chosen["offence"].distinct[:_MOST], feed)


def _kind(feed: str, value: str) -> Read:
    found = meaning(feed, value)
    return Read(value, found, 0.9 if found else 0.3)


def values_of(chosen: dict[str, Column]) -> dict[str, dict[str, str | None]]:
    """Give, per mark, its distinct values in our words; None where a person must say."""
    out: dict[str, dict[str, str | None]] = {}
    for mark in _MARKS:
        if mark in chosen:
            lists = "domestic" if mark == "sexual" else mark
            out[mark] = {value: meaning(lists, value) for value in chosen[mark].distinct[:_MOST]}
    if "weapon" in chosen:
        out["weapon"] = {value: meaning("weapon", value) for value in chosen["weapon"].distinct[:_MOST]}
    return out
