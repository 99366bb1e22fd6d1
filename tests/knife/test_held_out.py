"""How often the classifier is right on families of phrasing it was not tuned on."""

from __future__ import annotations

import polars as pl
import pytest

from peelian.knife import read_narratives
from tests.knife.narratives import load, score

KEYWORDS = r"(?i)knife|stab|blade"


@pytest.fixture(scope="module")
def held_out() -> pl.DataFrame:
    rows = load("held-out")
    return rows.with_columns(read_narratives(rows["text"]))


def test_the_set_is_what_it_says() -> None:
    tuning, unseen = load("tuning"), load("held-out")
    assert tuning.height + unseen.height >= 400
    assert unseen.height >= 200
    assert not set(tuning["family"]) & set(unseen["family"])
    # The first 51 families were split in half before any rule; later ones are all for tuning.
    assert unseen["family"].n_unique() == 25
    assert not set(tuning["text"]) & set(unseen["text"])


def test_precision_and_recall_on_unseen_families(held_out: pl.DataFrame) -> None:
    found = score(held_out["label"], held_out["knife"].is_in(["high", "medium"]))
    assert found.precision >= 0.95, found
    assert found.recall >= 0.90, found


def test_it_beats_plain_keywords(held_out: pl.DataFrame) -> None:
    ours = score(held_out["label"], held_out["knife"].is_in(["high", "medium"]))
    plain = score(held_out["label"], held_out["text"].str.contains(KEYWORDS))
    assert ours.precision > plain.precision + 0.1
    assert ours.recall > plain.recall


def test_every_decision_says_why(held_out: pl.DataFrame) -> None:
    assert held_out["why"].null_count() == 0
    assert held_out["why"].str.len_chars().min() > 3  # type: ignore[operator]


def test_tuning_families_hold() -> None:
    """A change that breaks what already worked is seen here first."""
    rows = load("tuning")
    found = score(rows["label"], read_narratives(rows["text"])["knife"].is_in(["high", "medium"]))
    assert found.precision >= 0.98, found
    assert found.recall >= 0.98, found
