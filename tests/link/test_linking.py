"""Linking held to hand-worked cases, a null world, a simulated truth and the oracle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.link.clusters import clusters, settled
from peelian.link.decide import decide
from peelian.link.decisions import kept_apart, told
from peelian.link.evidence import evidence
from peelian.link.known import linking_of
from peelian.link.overlap import PATTERNS, seen_by
from peelian.link.parameters import HOURS, PLACE_BINS, REACH, TIME_BINS, pinned, place_u
from peelian.link.reports import COLUMNS
from peelian.link.score import score_pairs
from peelian.link.unseen import unseen
from peelian.simulate.agencies.reports import agency_reports
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import World, build_world
from tests.link.oracle import oracle
from tests.link.scoring import calibration, found_incidents, pairs_of, scored, true_incidents
from tests.link.worlds import reports_of


def two(metres: float, minutes: float) -> pl.DataFrame:
    at = datetime(2024, 3, 1, 22, tzinfo=UTC)
    later = at + timedelta(minutes=minutes)
    return pl.DataFrame(
        {
            "report": ["a", "b"], "feed": ["police_crime", "ambulance"], "start": [at, later],
            "end": [at, later], "easting": [1000.0, 1000.0 + metres], "northing": [500.0, 500.0],
            "precision_m": [300.0, 300.0], "group": ["violence", "ambulance-assault"],
            "knife": ["unknown", "unknown"],
        }
    )  # fmt: skip


def test_evidence_of_one_pair_worked_by_hand() -> None:
    p = pinned()
    scale = np.hypot(300, 300)
    metres, minutes = 0.4 * REACH * scale, 60.0
    place, time = int(0.4 * PLACE_BINS), int(1 / HOURS * TIME_BINS)
    expected = np.log(p.place[place] / place_u(place)) + np.log(p.time[time] * TIME_BINS)
    expected += np.log(p.kind_m[2] / p.kind_u[2])  # knife is not said: it speaks neither way
    expected -= np.log(np.pi * REACH**2 * scale**2 * 2 * HOURS)
    found = evidence(two(metres, minutes), p)
    assert found.height == 1
    assert found["evidence"][0] == pytest.approx(expected, abs=1e-5)


def test_reports_too_far_or_too_late_are_no_candidates() -> None:
    reach = REACH * np.hypot(300, 300)
    assert evidence(two(reach + 1, 0), pinned()).is_empty()
    assert evidence(two(0, 60 * HOURS + 1), pinned()).is_empty()
    assert evidence(two(reach - 1, 60 * HOURS - 1), pinned()).height == 1


def test_three_that_do_not_fit_together_are_not_one_incident() -> None:
    pairs = pl.DataFrame({"left": ["a", "b"], "right": ["b", "c"], "probability": [0.95, 0.6]})
    assert clusters(pairs)["report"].to_list() == ["a", "b"]
    fitting = pl.concat([pairs, pl.DataFrame({"left": ["a"], "right": ["c"], "probability": [0.9]})])
    assert clusters(fitting)["incident"].to_list() == ["a", "a", "a"]


def test_what_a_person_decided_stands() -> None:
    pairs = pl.DataFrame({"left": ["a.0", "b.0"], "right": ["b.0", "c.0"], "evidence": [-14.0, -14.0]})
    names = pl.Series(["a.0", "b.0", "c.0"])
    said = pl.DataFrame({"left": ["a", "a"], "right": ["b", "c"], "decision": ["different", "same"]})
    out = kept_apart(told(pairs, said, names).with_columns(probability=pl.lit(0.9)))
    assert clusters(out)["report"].to_list() == ["a.0", "c.0"]


def test_a_null_world_links_almost_nothing() -> None:
    reports = reports_of(4000, seed=5, shared=False)
    linking = linking_of(reports).at(reports)
    assert linking.incidents.height < 0.01 * reports.height
    assert linking.decided.incidents[0] > 0.99 * reports.height


@pytest.fixture(scope="module")
def sparse() -> pl.DataFrame:
    return reports_of(4000, seed=3)


def test_in_a_sparse_world_nearly_all_is_found(sparse: pl.DataFrame) -> None:
    linked = linking_of(sparse).at(sparse)
    score = scored(sparse, pairs_of(linked.incidents))
    assert score.precision > 0.95
    assert score.recall > 0.90
    assert found_incidents(sparse, linked.incidents) == pytest.approx(true_incidents(sparse), rel=0.03)


def test_equal_reports_in_any_order_give_equal_bytes(sparse: pl.DataFrame) -> None:
    some = sparse.sample(1500, seed=1)
    assert score_pairs(some).equals(score_pairs(some.sort("start")))


@settings(max_examples=8, deadline=None)
@given(day=st.integers(40, 300))
def test_what_becomes_known_later_changes_nothing(day: int) -> None:
    reports = reports_of(700, seed=11, side=6000.0)
    cut = reports["start"].min() + timedelta(days=day)  # type: ignore[operator]
    known = reports.filter(pl.col("received") <= cut)
    alone, later = linking_of(known).at(known), linking_of(reports).at(known)
    assert alone.incidents.equals(later.incidents)
    assert alone.decided.pairs.equals(later.decided.pairs)


@pytest.fixture(scope="module")
def tiny() -> World:
    return build_world(load_scenario("tiny"), 1)


def test_the_simulated_truth_is_found_as_well_as_the_oracle_finds_it(tiny: World) -> None:
    reports = agency_reports(tiny, seed=1)
    linked = linking_of(reports).at(reports.select(COLUMNS))
    score = scored(reports, pairs_of(linked.incidents))
    best = oracle(tiny, reports)
    assert (score.precision >= 0.95 and score.recall >= 0.90) or score.f1 >= 0.95 * best.f1
    assert found_incidents(reports, linked.incidents) == pytest.approx(true_incidents(reports), rel=0.03)
    tenths = calibration(reports, linked.decided.pairs, least=400)
    assert (tenths["gap"].abs() <= 0.05 + 2 * 0.5 / tenths["pairs"].sqrt()).all()


def test_patterns_worked_by_hand() -> None:
    at = datetime(2024, 3, 1, 22, tzinfo=UTC)
    reports = pl.DataFrame(
        {
            "report": ["a", "b", "c", "d"], "start": [at] * 4, "precision_m": [1.0, 2.0, 3.0, 4.0],
            "group": ["violence", "ambulance-assault", "ed-assault", "robbery"],
            "lsoa": ["X", "Y", None, "Z"],
        }
    )  # fmt: skip
    seen = seen_by(reports, pl.DataFrame({"report": ["a", "b"], "incident": ["a", "a"]}))
    assert dict(seen.select("incident", "pattern").iter_rows()) == {
        "a": "police and ambulance", "c": "hospital only", "d": "police only",
    }  # fmt: skip
    assert len(PATTERNS) == 7


def test_the_unseen_is_chapmans_at_independence_and_grows_with_dependence() -> None:
    both, first, second = 60, 40, 30
    total = (both + first + 1) * (both + second + 1) / (both + 1) - 1
    assert both + first + second + unseen(both, first, second, 1.0).unseen == pytest.approx(total)
    assert unseen(both, first, second, 3.0).unseen == pytest.approx(3 * unseen(both, first, second, 1).unseen)


def test_the_count_settles_on_what_is_expected() -> None:
    pairs = pl.DataFrame({"left": ["a", "c", "e"], "right": ["b", "d", "f"], "probability": [0.9, 0.4, 0.15]})
    found, threshold = settled(pairs, 6, 4.0)
    assert found.height == 4
    assert 0.15 < threshold <= 0.4


def test_decide_without_candidates_counts_each_report() -> None:
    far = two(5000, 0)
    assert decide(far, evidence(far, pinned())).incidents == (2.0, 2.0, 2.0)
