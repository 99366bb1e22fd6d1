"""Overlapping signals are one warning, with its strength, kind and id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from peelian.domain.series import Series
from peelian.domain.warning import REPEATS_WORDS, EarlyWarning, Found
from peelian.warn.combine import combine
from peelian.warn.merge import continues
from tests.warn.combining import SPACING, found, quiet, risen, signal, spotted


def made(looked: Mapping[str, tuple[Series, Found]], **parts: Any) -> tuple[EarlyWarning, ...]:
    end = quiet().end
    return combine(looked, area="SIM", as_of=end, **parts)


def test_nothing_found_is_no_warning() -> None:
    assert not made({"farrington": (quiet(), found(quiet()))})
    assert not made({})


def test_two_detectors_at_one_place_are_one_warning_since_the_earlier_start() -> None:
    series = risen(quiet(), [44], 3, 12.0, 11.0)
    week = signal(series, [44], p=1e-7)
    weeks = signal(series, [44], p=1e-6, weeks=3, detector="cusum", why="12 a week since then")
    (one,) = made({"farrington": (series, found(series, week)), "cusum": (series, found(series, weeks))})
    assert one.detectors == ("farrington", "cusum")
    assert one.start == series.starts[-3]
    assert one.observed == 36.0
    # Four were expected of one week: three such weeks, moved by the whole area's count of each.
    assert one.expected == pytest.approx(12.0, rel=0.02)
    assert one.strength == pytest.approx(36 / one.expected)
    assert one.strength_distinct == pytest.approx(33 / one.expected, rel=0.02)
    assert one.kind == "rise"
    assert one.plannable
    assert one.set_off_by[1] == "12 a week since then"


def test_neighbours_are_one_warning_and_places_apart_are_two() -> None:
    series = risen(quiet(), [44, 45, 77], 1, 20.0, 20.0)
    signals = [signal(series, [k], p=p) for k, p in ((44, 1e-9), (45, 1e-8), (77, 1e-7))]
    one, other = made({"farrington": (series, found(series, *signals))})
    assert one.places == ("l044", "l045")
    assert one.observed == 40.0
    assert one.radius_m == pytest.approx(1.5 * SPACING)
    assert other.places == ("l077",)


def test_a_chain_of_neighbours_does_not_become_the_whole_town() -> None:
    series = risen(quiet(), range(40, 50), 1, 20.0, 20.0)
    signals = [signal(series, [k], p=1e-9 * (1 + k)) for k in range(40, 50)]
    assert len(made({"farrington": (series, found(series, *signals))})) == 5


def test_weaker_signals_are_named_and_widen_nothing() -> None:
    series = risen(quiet(), [44], 1, 20.0, 20.0)
    strong, weak = signal(series, [44]), signal(series, [44], weeks=8, p=0.5, detector="scan", adjusted=True)
    (one,) = made({"farrington": (series, found(series, strong)), "scan": (series, found(series, weak))})
    assert one.detectors == ("farrington", "scan")
    assert one.start == series.starts[-1]


def test_a_rise_at_one_point_is_repeats_and_has_no_square() -> None:
    cells = risen(quiet(support="cell", spacing=250.0), [44], 2, 14.0, 4.0)
    larger = quiet()
    looked = {"scan": (cells, found(cells, signal(cells, [44], weeks=2, why="at a square"))),
              "farrington": (larger, found(larger))}  # fmt: skip
    parent = dict.fromkeys(cells.places, "l077")
    (one,) = made(looked, parent=parent)
    assert one.kind == "repeats"
    assert not one.plannable
    assert one.title.lower() == REPEATS_WORDS
    assert (one.support, one.places) == ("lsoa", ("l077",))
    assert (one.easting, one.northing) == (larger.easting[77], larger.northing[77])
    assert "c044" not in str(one)
    assert "at a square" not in str(one)
    assert one.strength == pytest.approx(3.5)
    assert one.strength_distinct == pytest.approx(1.0)


def test_repeats_over_two_places_are_given_by_the_one_with_most() -> None:
    series = risen(risen(quiet(), [44], 2, 9.0, 4.0), [45], 2, 14.0, 4.0)
    (one,) = made({"farrington": (series, found(series, signal(series, [44, 45], weeks=2)))})
    assert one.kind == "repeats"
    assert one.places == ("l045",)
    assert not one.plannable


def test_repeats_without_any_larger_place_say_no_place_at_all() -> None:
    cells = risen(quiet(support="cell"), [44], 2, 14.0, 4.0)
    (one,) = made({"scan": (cells, found(cells, signal(cells, [44], weeks=2)))})
    assert one.kind == "repeats"
    assert one.places == ()
    assert np.isnan(one.easting)


@pytest.mark.parametrize(
    ("here", "spread", "kind"), [(9, 3, "repeats"), (2, 10, "rise"), (5, 11, "rise"), (7, 4, "repeats")]
)
def test_half_of_the_excess_at_one_point_makes_repeats(here: int, spread: int, kind: str) -> None:
    series = spotted(quiet(), 44, [0] * 58 + [here] * 2, [4] * 58 + [spread] * 2)
    total = float(here + spread)
    series = risen(series, [44], 2, total, total)  # distinct is silent: it is the points that tell
    (one,) = made({"farrington": (series, found(series, signal(series, [44], weeks=2)))})
    assert one.kind == kind


def test_usual_repeats_of_a_busy_point_are_no_new_repeats() -> None:
    series = spotted(quiet(level=8.0), 44, [6] * 58 + [9] * 2, [2] * 58 + [7] * 2)
    series = risen(series, [44], 2, 16.0, 8.0)
    series = replace(series, distinct=series.counts / 2)
    (one,) = made({"farrington": (series, found(series, signal(series, [44], weeks=2, expected=16.0)))})
    assert one.kind == "rise"
    assert one.strength_distinct == pytest.approx(2.0, rel=0.05)


def test_the_same_findings_give_the_same_id_and_other_places_another() -> None:
    series = risen(quiet(), [44, 77], 1, 20.0, 20.0)
    looked = {"farrington": (series, found(series, signal(series, [44]), signal(series, [77])))}
    first, second = made(looked), made(looked)
    assert [one.id for one in first] == [one.id for one in second]
    assert len({one.id for one in first}) == 2


def test_a_rise_that_goes_on_keeps_its_id() -> None:
    series = risen(quiet(), [44], 1, 20.0, 20.0)
    (old,) = made({"farrington": (series, found(series, signal(series, [44])))})
    later = risen(quiet(61), [44], 2, 20.0, 20.0)
    looked = {"farrington": (later, found(later, signal(later, [44])))}
    (new,) = combine(looked, area="SIM", as_of=later.end, previous=[old])
    assert new.id == old.id
    (apart,) = combine(looked, area="SIM", as_of=later.end, previous=[replace(old, target="robbery")])
    assert apart.id != old.id


def test_weeks_between_or_other_ground_make_another_warning() -> None:
    series = risen(quiet(), [44], 1, 20.0, 20.0)
    (old,) = made({"farrington": (series, found(series, signal(series, [44])))})
    week = timedelta(weeks=1)
    assert continues(replace(old, start=old.start + week, as_of=old.as_of + week), old)
    assert not continues(replace(old, start=old.start + 2 * week, as_of=old.as_of + 2 * week), old)
    assert not continues(replace(old, places=("l000",), easting=0.0, northing=0.0), old)
    assert not continues(replace(old, kind="repeats"), old)
    assert continues(replace(old, support="cell", places=("c1",)), old)


def escalating(**parts: Any) -> EarlyWarning:
    """Give the warning that an escalation makes alone, or with other findings."""
    series = replace(quiet(), target="violence")
    one = signal(
        series, [44], detector="escalation", observed=40.0, expected=12.0, why="40 reports of disorder"
    )
    looked = {"escalation": (series, found(series, one)), **parts}
    return made(looked)[0]


def test_an_escalation_alone_has_its_own_kind_and_counts() -> None:
    one = escalating()
    assert (one.kind, one.target) == ("escalation", "violence")
    assert one.title == "Signs that violence in public places may follow"
    assert one.strength == pytest.approx(40 / 12)
    assert one.strength_distinct is None
    assert one.set_off_by == ("40 reports of disorder",)
    assert one.plannable


def test_an_escalation_where_the_target_has_risen_is_a_sentence_of_the_rise() -> None:
    series = replace(risen(quiet(), [45], 1, 20.0, 20.0), target="violence")
    rise = signal(series, [45], p=1e-12)
    one = escalating(farrington=(series, found(series, rise)))
    assert one.kind == "rise"
    assert one.places == ("l045",)
    assert one.observed == 20.0
    assert one.detectors == ("farrington", "escalation")
