"""Precision and recall from a reviewed sample: by hand, against known truth, and when too little is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from peelian.knife.figures import ENOUGH, figures


def queue(*bands: tuple[str, float, int, int, int]) -> pl.DataFrame:
    """Rows of bands: name, weight, yes, no, waiting."""
    rows = [
        ("feed", "force", name, weight, decision)
        for name, weight, yes, no, waiting in bands
        for decision, count in (("yes", yes), ("no", no), (None, waiting))
        for _ in range(count)
    ]
    schema = {
        "source": pl.String, "force": pl.String, "band": pl.String, "weight": pl.Float64,
        "decision": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_by_hand() -> None:
    # high: 100 rows, share 0.9; medium: 40 rows, 0.5; low: 40 rows, 0.1; none: 1,000 rows, 0.025.
    rows = queue(
        ("high", 2, 36, 4, 10), ("medium", 1, 20, 20, 0), ("low", 1, 4, 36, 0), ("none", 25, 1, 39, 0)
    )
    (found,) = figures(rows)
    assert found.precision is not None
    assert found.recall is not None
    assert found.precision.value == pytest.approx((90 + 20) / 140)
    assert found.recall.value == pytest.approx((90 + 20) / (90 + 20 + 4 + 25))
    assert found.precision.low < found.precision.value < found.precision.high
    assert [band.rows for band in found.bands] == [100, 40, 40, 1000]


def test_too_little_is_said_to_be_too_little() -> None:
    few = ENOUGH - 1
    (found,) = figures(queue(("high", 5, few, 0, 50), ("none", 9, 0, 30, 0)))
    assert found.precision is None
    assert found.lacking == ("high",)
    (found,) = figures(queue(("high", 5, ENOUGH, 0, 50), ("none", 9, 0, few, 10)))
    assert found.precision is not None
    assert found.recall is None
    assert found.lacking == ("none",)
    assert figures(queue()) == []


def test_no_error_found_is_not_no_error() -> None:
    (found,) = figures(queue(("high", 5, 20, 0, 0), ("none", 10, 0, 20, 0)))
    assert found.precision is not None
    assert found.recall is not None
    assert found.precision.value == 1.0
    assert found.precision.low < 0.95  # twenty rows cannot say more
    assert found.recall.low < 0.9


def test_intervals_cover_the_truth() -> None:
    """On worlds with known shares, 95 % intervals hold the true figures about 95 times in a hundred."""
    rng = np.random.default_rng(5)
    sizes = {"high": 400, "medium": 150, "low": 300, "none": 4_000}
    share = {"high": 0.95, "medium": 0.7, "low": 0.15, "none": 0.01}
    true = {band: sizes[band] * share[band] for band in sizes}
    precision = (true["high"] + true["medium"]) / 550
    recall = (true["high"] + true["medium"]) / sum(true.values())
    held = np.zeros(2)
    for trial in range(150):
        drawn = {
            band: int(rng.hypergeometric(round(true[band]), round(sizes[band] - true[band]), 60))
            for band in sizes
        }
        rows = queue(*((band, sizes[band] / 60, drawn[band], 60 - drawn[band], 0) for band in sizes))
        (found,) = figures(rows, seed=trial)
        assert found.precision is not None
        assert found.recall is not None
        held += (found.precision.low <= precision <= found.precision.high,
                 found.recall.low <= recall <= found.recall.high)  # fmt: skip
    assert (held / 150 >= 0.9).all(), held
