"""Detectors that raise nothing: what they say is printed in a warning, and moves nothing in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from peelian.domain.series import Expected, Series
from peelian.domain.warning import EarlyWarning, Found, Signal
from peelian.warn import CORROBORATING, DETECTORS, exceedance
from peelian.warn.combine import combine
from peelian.warn.corroborating import SILENT
from tests.warn.combining import found, quiet, risen, signal

RISEN = risen(quiet(), [44], 2, 20.0, 20.0)
RAISED = {"farrington": (RISEN, found(RISEN, signal(RISEN, [44])))}


def scan_at(place: int, p: float = 0.02) -> Signal:
    return signal(
        RISEN, [place], p=p, weeks=4, detector="scan", adjusted=True, radius_m=300.0, why=f"scanned {place}"
    )


def made(beside: dict[str, tuple[Series, Found]]) -> EarlyWarning:
    (one,) = combine(RAISED, area="SIM", as_of=RISEN.end, beside=beside)
    return one


def test_no_detector_both_raises_and_corroborates() -> None:
    assert not set(DETECTORS) & set(CORROBORATING)
    assert set(CORROBORATING) == {"scan", "exceedance", "near-repeat"}


def test_support_silence_and_what_cannot_say_are_told_apart() -> None:
    beside = {
        "scan": (RISEN, found(RISEN, scan_at(44, 0.3), scan_at(45))),
        "exceedance": (RISEN, found(RISEN, signal(RISEN, [99], detector="exceedance"))),
        "near-repeat": (RISEN, Found(np.full(100, np.nan), unable="reports have no points of their own")),
    }
    scan, exceeding, repeats = made(beside).corroboration
    assert (scan.title, scan.supports) == ("Space-time scan", True)
    assert scan.words == "scanned 45; by chance one as strong comes anywhere in the area in 2 % of weeks"
    assert (exceeding.supports, exceeding.words) == (False, SILENT)
    assert repeats.words == "cannot say: reports have no points of their own"


def test_they_raise_widen_and_strengthen_nothing() -> None:
    far = {"scan": (RISEN, found(RISEN, scan_at(99, 1e-9), scan_at(45, 1e-9)))}
    assert replace(made(far), corroboration=()) == made({})
    calm = {"farrington": (RISEN, found(RISEN))}
    assert combine(calm, area="SIM", as_of=RISEN.end, beside=far) == ()


def test_of_repeats_at_one_point_no_sentence_of_a_smaller_place_is_told() -> None:
    one_point = risen(quiet(), [44], 2, 20.0, 4.0)
    raised = {"farrington": (one_point, found(one_point, signal(one_point, [44], weeks=2)))}
    beside = {"scan": (one_point, found(one_point, scan_at(44)))}
    (one,) = combine(raised, area="SIM", as_of=one_point.end, beside=beside)
    assert one.kind == "repeats"
    assert one.corroboration[0].supports
    assert "scanned" not in str(one)


def test_exceedance_names_the_run_that_it_read() -> None:
    told = replace(RISEN, expected=Expected(np.full(100, 4.0), np.full(100, 0.1), "2026-01-05-asb-week-x"))
    (one,) = combine(
        RAISED, area="SIM", as_of=RISEN.end, beside={"exceedance": (told, exceedance.detect(told, seed=1))}
    )
    assert one.corroboration[0].words.startswith("20 reports here since 17 February 2025; 4.0 were forecast")
    assert "(2026-01-05-asb-week-x)" in one.corroboration[0].words
