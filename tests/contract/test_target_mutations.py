"""Every known way to count the wrong thing is caught: the checks pass as things are, and fail for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.counting_checks import CHECKS, nearest_first
from tests.contract.mutating import Mutant, StaleMutant, mutants, mutated, real

MUTANTS = mutants()
GROUPS = sorted({m.module for m in MUTANTS})


def caught_by(mutant: Mutant) -> str | None:
    """Give the name of the first check that fails with the mutant in place."""
    with mutated(mutant) as get:
        for check in nearest_first(mutant.module):
            try:
                check(get)
            except Exception:
                return check.__name__
    return None


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_the_checks_hold_as_things_are(check: object) -> None:
    """Each check asserts within and gives nothing back."""
    assert check(real) is None  # type: ignore[operator]


def test_the_checks_hold_on_modules_made_anew() -> None:
    unchanged = Mutant("nothing", "domain.time", "LONDON: Final =", "LONDON: Final  =")
    assert caught_by(unchanged) is None


def test_there_are_at_least_sixty_and_each_is_another() -> None:
    assert len({m.id for m in MUTANTS}) == len({(m.module, m.was, m.now) for m in MUTANTS}) == len(MUTANTS)
    assert len(MUTANTS) >= 60


@pytest.mark.parametrize("module", GROUPS)
def test_every_mutant_is_caught(module: str) -> None:
    missed, stale = [], []
    for mutant in (m for m in MUTANTS if m.module == module):
        try:
            if caught_by(mutant) is None:
                missed.append(mutant.id)
        except (StaleMutant, SyntaxError) as error:
            stale.append(str(error))
    assert stale == [], "the source moved on: bring tests/contract/mutants.py after it"
    assert missed == []


def test_everything_is_as_before_afterwards() -> None:
    import sys

    from peelian.domain import time

    assert sys.modules["peelian.domain.time"] is time
    with mutated(MUTANTS[0]):
        pass
    assert sys.modules["peelian.domain.time"] is time


@pytest.mark.soak
def test_the_table_of_mutants() -> None:
    """Print what caught each mutant and keep it in docs/evidence/mutations.json."""
    caught = {m.id: caught_by(m) for m in MUTANTS}
    for name, check in caught.items():
        print(f"{name:75} {check or 'MISSED'}")
    missed = [name for name, check in caught.items() if check is None]
    summary = {"mutants": len(MUTANTS), "caught": len(MUTANTS) - len(missed), "missed": missed}
    evidence = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "mutations.json"
    evidence.write_text(json.dumps({**summary, "caught_by": caught}, indent=1) + "\n")
    assert missed == []
