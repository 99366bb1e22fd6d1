"""Released tables against an attacker who holds them all: no small count is ever recovered."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from peelian.domain.tier import PARTNER, PUBLIC
from peelian.govern.disclosure.attack import Known, bounds
from peelian.govern.disclosure.cell_key import changes, noised, record_keys
from peelian.govern.disclosure.overlap import Span, atoms_of
from peelian.govern.disclosure.protect import Cell, Told, attacked, protect

DAY = date(2024, 1, 1)
QUARTER = date(2024, 4, 1)
KIND = frozenset({"violence"})
MSOAS = {f"m{m}": [f"l{m}{k}" for k in range(5)] for m in range(4)}


def span(*places: str, start: date = DAY, end: date = QUARTER, kinds: frozenset[str] = KIND) -> Span:
    return Span(frozenset(places), start, end, kinds)


def test_bounds_by_hand() -> None:
    """a + b is 10 to 12, a is 7 to 9: b is 1 to 5; a alone stays as told."""
    known = [Known((0, 1), 10, 12), Known((0,), 7, 9)]
    assert bounds(known, [(1,), (0,)], 2).tolist() == [[1, 5], [7, 9]]


def test_figures_that_contradict_each_other_are_told() -> None:
    with pytest.raises(ValueError, match="contradict"):
        bounds([Known((0,), 3, 4), Known((0,), 6, 9)], [(0,)], 1)


def test_weeks_and_quarters_are_cut_where_they_cross() -> None:
    week = span("l00", start=date(2024, 3, 28), end=date(2024, 4, 4))
    atoms, count = atoms_of([span("l00"), week])
    assert count == 3
    assert len(atoms[0]) == 2
    assert len(set(atoms[0]) & set(atoms[1])) == 1


def test_noise_is_unbiased_small_and_the_same_each_time() -> None:
    assert (changes().mean(), np.abs(changes()).max(), len(changes())) == (0, 2, 256)
    keys = record_keys(b"secret", [f"event {k}" for k in range(5_000)])
    assert keys.tolist() == record_keys(b"secret", [f"event {k}" for k in range(5_000)]).tolist()
    assert keys.tolist() != record_keys(b"other", [f"event {k}" for k in range(5_000)]).tolist()
    sums = keys.reshape(-1, 20).sum(axis=1)
    moved = noised(np.full(250, 20), sums) - 20
    assert abs(moved.mean()) < 4 * moved.std() / 250**0.5
    assert set(moved.tolist()) == {-2, -1, 0, 1, 2}


def world(seed: int) -> dict[tuple[str, int], list[str]]:
    """Events by LSOA and day: few in most places, many in some."""
    draw = np.random.default_rng(seed)
    out: dict[tuple[str, int], list[str]] = {}
    for lsoas in MSOAS.values():
        for lsoa in lsoas:
            rate = draw.choice([1.0, 6.0, 14.0, 40.0], p=[0.4, 0.3, 0.2, 0.1]) / 91
            for day, n in enumerate(draw.poisson(rate, 91)):
                out[lsoa, day] = [f"{seed} {lsoa} {day} {k}" for k in range(n)]
    return out


def cells_of(events: dict[tuple[str, int], list[str]], spans: dict[str, Span]) -> list[Cell]:
    made = []
    for code, one in spans.items():
        found = [
            key
            for (place, day), keys in events.items()
            if place in one.places and one.start <= DAY + timedelta(days=day) < one.end
            for key in keys
        ]
        made.append(Cell(code, one, len(found), int(record_keys(b"k", found).sum()), code == "l10"))
    return made


def quarter_spans() -> dict[str, Span]:
    out = {lsoa: span(lsoa) for lsoas in MSOAS.values() for lsoa in lsoas}
    out |= {msoa: span(*lsoas) for msoa, lsoas in MSOAS.items()}
    return out | {"force": span(*(lsoa for lsoas in MSOAS.values() for lsoa in lsoas))}


def week_spans(week: int) -> dict[str, Span]:
    start = DAY + timedelta(days=7 * week)
    end = start + timedelta(days=7)
    whole = quarter_spans()
    return {code: span(*whole[code].places, start=start, end=end) for code in whole if code != "force"}


@pytest.mark.parametrize("seed", range(6))
def test_an_attacker_with_every_table_of_every_role_recovers_no_small_count(seed: int) -> None:
    """Public quarter by three nested geographies, then partners' weeks by LSOA and by MSOA."""
    events = world(seed)
    held: list[Told] = []
    small: list[Cell] = []
    for tier, spans in [(PUBLIC, quarter_spans()), (PARTNER, week_spans(0)), (PARTNER, week_spans(5))]:
        cells = cells_of(events, spans)
        made = protect(cells, tier, held, noise=tier is PUBLIC)
        if made.unsafe:
            continue  # not released
        held += made.told
        small += [cell for cell in cells if cell.count < tier.least]
        assert "l10" not in made.shown
        assert all(value % 5 == 0 and value >= tier.least for value in made.shown.values())
    found = attacked(held, [cell.span for cell in small])
    assert len(small) > 20
    assert [c.code for c, (a, b) in zip(small, found, strict=True) if b - a < 1] == []
    for cell, (a, b) in zip(small, found, strict=True):
        assert a <= cell.count <= b, "the attacker's bounds must hold the truth, or the attacker is not one"


def test_without_protection_the_attacker_finds_them() -> None:
    """The attack itself works: exact totals and all siblings but one give the small count away."""
    held = [Told(span("a", "b"), 30, 30), Told(span("a"), 27, 27)]
    assert attacked(held, [span("b")]).tolist() == [[3, 3]]


def test_a_sibling_is_withheld_where_it_would_give_a_small_count_away() -> None:
    """Bounds by the rules: total 21 to 29 less 16 to 24 leaves 0 to 13; with a tight earlier table, less."""
    cells = [Cell("whole", span("a", "b"), 24), Cell("a", span("a"), 21), Cell("b", span("b"), 3)]
    assert set(protect(cells, PUBLIC).shown) == {"whole", "a"}
    tight = [Told(span("a"), 21, 22)]
    made = protect([cells[0], cells[2]], PUBLIC, [*tight, Told(span("b"), 0, 4)])
    assert made.unsafe == ("b",)
    assert made.shown == {}
