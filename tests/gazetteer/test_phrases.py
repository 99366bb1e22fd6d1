"""Hand-written location phrases: matches are right, what cannot be known is left alone."""

from __future__ import annotations

import polars as pl
import pytest
from benchmarks.location_text import Measured, calibration, measure, phrases

from peelian.gazetteer import Gazetteer, resolve
from tests.gazetteer import town


@pytest.fixture(scope="module", params=["development", "held_out"])
def half(request: pytest.FixtureRequest, places: Gazetteer) -> Measured:
    return measure(request.param, places)


def test_there_are_enough_and_half_are_held_out() -> None:
    seen, held = phrases("development"), phrases("held_out")
    assert seen.height + held.height >= 300
    assert held.height * 2 >= seen.height + held.height
    assert not set(seen["family"]) & set(held["family"])
    assert not set(seen["text"]) & set(held["text"])


def test_matches_are_right(half: Measured) -> None:
    assert half.precision >= 0.95
    assert half.match_rate >= 0.85
    assert half.rows.filter(~pl.col("findable")).height >= 60  # what must not match is a large part


def test_likelihoods_are_honest(half: Measured) -> None:
    bands = calibration(half.rows).filter(pl.col("n") >= 20)
    assert ((bands["said"] - bands["right"]).abs() <= 0.05).all()


def test_a_match_lies_within_its_stated_precision(half: Measured) -> None:
    right = half.rows.filter("right")
    assert (right["apart"] <= right["precision_m"]).all()


def test_what_names_an_area_keeps_it(half: Measured) -> None:
    named = half.rows.filter(pl.col("want").str.starts_with("a:"))
    assert named.height
    assert named["easting"].null_count() == named.height
    assert (named["area"] == named["code"]).mean() >= 0.9  # type: ignore[operator]


def test_a_house_is_never_resolved_to_a_house(places: Gazetteer) -> None:
    texts = pl.Series([f"Flat 2, {n} Acacia Avenue" for n in range(1, 60)])
    found = resolve(texts, places)
    assert found.select("easting", "northing").unique().height == 1
    assert found["precision_m"].min() == 300.0  # the street is 600 m long


def test_places_of_another_town_are_not_found(places: Gazetteer) -> None:
    """A null world: none of these names is in the gazetteer, though their kinds of name are."""
    first = [
        "Birch",
        "Cedar",
        "Poplar",
        "Alder",
        "Rowan",
        "Hawthorn",
        "Tamarisk",
        "Wellington",
        "Nelson",
        "Gordon",
    ]
    kinds = ["Street", "Road", "Lane", "Avenue", "Close", "Drive", "Inn", "Arms", "Park", "Court"]
    texts = [f"{o}{a} {k}{t}" for a in first for k in kinds for o in ("", "outside ", "12 ")
             for t in ("", ", Hollowmere", ", Thornwick")]  # fmt: skip
    found = resolve(pl.Series(texts), places)
    assert found["easting"].drop_nulls().len() <= 0.01 * len(texts)


def test_order_repeats_and_nulls_are_kept(places: Gazetteer) -> None:
    texts = pl.Series(["Acacia Ave", None, "", "nowhere", "Acacia Ave"])
    found = resolve(texts, places)
    assert found.height == 5
    assert found["easting"].to_list() == [444_400.0, None, None, None, 444_400.0]
    assert resolve(texts.reverse(), places)["easting"].to_list() == found["easting"].to_list()[::-1]


def test_a_box_says_which_high_street(places: Gazetteer) -> None:
    x, y = town.TOWNS["Thornwick"][:2]
    found = resolve(pl.Series(["High Street"]), places, near=(x - 1500, y - 1500, x + 1500, y + 1500))
    assert found["easting"][0] == x
    assert resolve(pl.Series(["High Street"]), places)["easting"][0] is None


def test_words_that_were_asked_for_are_forgotten(places: Gazetteer) -> None:
    resolve(pl.Series(["outside Qwyzzlebeck Tavern, Acacai Avenue"]), places)
    assert "qwyzzlebeck" not in str(vars(places.speller))
