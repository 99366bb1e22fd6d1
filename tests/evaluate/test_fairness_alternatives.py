"""Less discriminatory alternatives: gaps by hand; one that is better is named, others are not."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.evaluate.fairness_alternatives import alternatives, gap_of

CLASSES = ["poor", "poor", "rich", "rich"] * 25
HARM = np.full(100, 10.0)
SERVED = np.array([3.0, 3, 1, 1] * 25), np.full(100, 4.0)


def test_a_gap_by_hand() -> None:
    assert gap_of(SERVED[0], HARM, CLASSES) == pytest.approx(0.25)  # 75 to 25 where harm is 50 to 50
    assert gap_of(SERVED[0], HARM, [None] * 100) == 0.0
    assert gap_of(np.array([1.0, 1, 8]), np.array([1.0, 1, 0]), ["a", "b", None]) == 0.0  # unknown: left out


def test_only_a_list_that_finds_as_much_with_a_smaller_gap_is_named() -> None:
    rng = np.random.default_rng(1)
    even = np.full(100, 2.0)
    told = alternatives(
        SERVED, {"as good": (even, SERVED[1]), "finds less": (even, SERVED[1] * 0.9),
                 "no nearer": (SERVED[0], SERVED[1] * 1.1)}, HARM, {"income": CLASSES}, rng,
    )  # fmt: skip
    by = {one["name"]: one for one in told["others"]}
    assert [name for name, one in by.items() if one["better"]] == ["as good"]
    assert by["finds less"]["more"] == pytest.approx(-0.04)
    assert by["finds less"]["high"] < 0
    assert told["served"] == {"found": pytest.approx(0.4), "gap": {"income": pytest.approx(0.25)}}
    assert "to weigh: as good. " in told["sentence"]
    none = alternatives(SERVED, {"no nearer": SERVED}, HARM, {"income": CLASSES}, rng)
    assert none["sentence"].startswith("None of 1 other lists")


def test_in_a_null_world_chance_alone_loses_no_harm() -> None:
    """Two lists drawn alike: the interval of their difference holds 0 nearly always."""
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(40):
        caught = rng.poisson(4.0, (2, 200)).astype(float)
        told = alternatives(
            (caught[0], caught[0]), {"other": (caught[1], caught[1])}, np.full(200, 10.0), {}, rng
        )
        held += told["others"][0]["low"] <= 0 <= told["others"][0]["high"]
        assert not told["others"][0]["better"]
    assert held >= 34
