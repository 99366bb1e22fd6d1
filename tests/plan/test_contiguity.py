"""Places that hang together: cuts that no connected choice breaks; the best choice by hand and by trial."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from peelian.domain.plan import Candidates, Rules
from peelian.plan.allocate import allocate, visits_only
from peelian.plan.allocate.connected import search
from peelian.plan.allocate.contiguity import broken_cuts, cuts_of_pieces
from peelian.plan.allocate.problem import Problem, problem
from peelian.plan.allocate.solve import relaxed
from tests.plan import worlds
from tests.plan.verifier import hangs_together


def field(side: int, harm: np.ndarray) -> Candidates:
    """Squares of a field, touching by their sides."""
    n = side * side
    pairs = [(i, i + 1) for i in range(n) if (i + 1) % side] + [(i, i + side) for i in range(n - side)]
    ids = tuple(f"c{i}" for i in range(n))
    at = np.arange(n)
    return Candidates(ids, ids, at % side * 250.0, at // side * 250.0, harm, harm, harm, harm, ("A",),
                      np.zeros(n, np.int64), tuple(pairs))  # fmt: skip


def asked(candidates: Candidates, visits: int, slots: int = 1) -> Problem:
    teams, rules = visits_only(visits, worlds.slots(slots), Rules(contiguous=True))
    return problem(candidates, worlds.slots(slots), teams, rules)


def test_by_hand() -> None:
    harm = np.zeros((25, 1))
    harm[[0, 2, 24], 0] = 5.0, 4.0, 8.0  # 24 is far: with three visits 0, 1, 2 is worth 9
    shifts = worlds.slots(1)
    teams, rules = visits_only(3, shifts, Rules(contiguous=True))
    made = allocate(field(5, harm), shifts, teams, rules, rivals=False, seconds=20)
    assert {v.place for v in made.visits} == {0, 1, 2}
    assert made.worth == pytest.approx(9.0)
    assert made.gap < 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_all_connected_choices_is_found_and_proven(seed: int) -> None:
    harm = np.random.default_rng(seed).gamma(0.4, 1, (16, 1))
    one = field(4, harm)
    best = max(
        float(harm[list(some)].sum()) for some in combinations(range(16), 5) if hangs_together(one, set(some))
    )
    made = asked(one, 5)
    program = made.program()
    assert program is not None
    found = search(program, program.value(harm), 20.0)
    assert found is not None
    assert found.worth == pytest.approx(best, rel=1e-6)
    assert best - 1e-9 <= found.bound <= best * 1.001


def test_no_connected_choice_breaks_a_cut_and_cuts_tighten_the_bound() -> None:
    rng = np.random.default_rng(3)
    side, visits = 8, 10
    harm = rng.gamma(0.4, 1, (side * side, 1))
    made = asked(field(side, harm), visits)
    program = made.program()
    assert program is not None
    assert program.connection is not None
    link = program.connection
    told = relaxed(program, program.value(harm), np.arange(len(program.upper)), 20.0)
    assert told is not None
    first, _, x = told
    cuts = broken_cuts(link, x[link.chosen], x[link.root], 100)
    assert cuts
    pairs = made.candidates.neighbours
    touching = (*pairs, *((b, a) for a, b in pairs))
    rank = {int(place): k for k, place in enumerate(link.places)}
    for _ in range(200):  # connected choices grown at random
        taken = {int(rng.integers(side * side))}
        while len(taken) < visits:
            beside = [b for a, b in touching if a in taken and b not in taken]
            taken.add(int(rng.choice(beside)))
        chosen = np.zeros(side * side, bool)
        chosen[[rank[one] for one in taken]] = True
        root = int(np.flatnonzero(chosen)[0])
        assert not cuts_of_pieces(link, chosen, root)
        for place, inside, edge in cuts:
            assert chosen[place] <= (root in inside) + chosen[edge].sum()
    found = search(program, program.value(harm), 20.0)
    assert found is not None
    assert found.worth <= found.bound < first


def test_pieces_apart_break_a_cut() -> None:
    made = asked(field(4, np.ones((16, 1))), 4)
    program = made.program()
    assert program is not None
    assert program.connection is not None
    chosen = np.zeros(16, bool)
    chosen[[0, 1, 10]] = True
    ((place, inside, edge),) = cuts_of_pieces(program.connection, chosen, 0)
    assert (place, list(inside), sorted(edge)) == (10, [10], [6, 9, 11, 14])
