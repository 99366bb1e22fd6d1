"""A warning raised again on the periods it was raised on before is that warning, whatever the day is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isclose

from peelian.domain.warning import EarlyWarning
from peelian.store.warning_records import HeldWarning


def as_held(found: EarlyWarning, past: Sequence[HeldWarning]) -> EarlyWarning:
    """Give the warning with the id, day and checks of the held one that the same periods gave, if one did.

    Where a feed has ended the same weeks are judged day after day. Nothing was learned since, so nothing is
    new: the day stays the one on which it was first seen, closed ones are found closed, and nobody is told
    again. Where reports came late and its numbers moved it keeps the id and is raised again.
    """
    fitting = [one for one in past if same_periods(found, one.card)]
    old = max(fitting, key=lambda one: (one.id == found.id, one.as_of, one.id), default=None)
    if old is None:
        return found
    if not _same_numbers(found, old.card):
        return replace(found, id=old.id)
    return replace(found, id=old.id, as_of=old.card.as_of, checks=old.card.checks)


def same_periods(new: EarlyWarning, old: EarlyWarning) -> bool:
    """Say whether both look at the same last period and, mostly, the same places, in one target and kind."""
    if new.until is None or new.until != old.until or old.as_of > new.as_of:
        return False
    if (new.area, new.target, new.kind, new.support) != (old.area, old.target, old.kind, old.support):
        return False
    mine, theirs = set(new.places), set(old.places)
    if not mine or not theirs:
        return new.id == old.id
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _same_numbers(new: EarlyWarning, old: EarlyWarning) -> bool:
    if (new.places, new.start) != (old.places, old.start):
        return False
    return isclose(new.observed, old.observed) and isclose(new.expected, old.expected, rel_tol=1e-6)
