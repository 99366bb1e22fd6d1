"""The own past is looked at once, kept, and looked at anew where anything it rests on has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from peelian.domain.series import Series
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.evaluate.warnings_world import Recipe, weekly_world
from peelian.pipeline.warning.own_past import own_past, past_file
from peelian.warn.own_past import PERIODS

SPEC = DetectorSpec("highest", "The highest count", "1", "none", 1, "one place a week")


class Highest:
    """Finds the highest place of every week, and counts how often it was asked."""

    SPEC = SPEC

    def __init__(self) -> None:
        self.asked = 0

    def detect(self, series: Series, *, seed: int) -> Found:
        self.asked += 1
        at = int(np.argmax(series.counts[-1]))
        p = np.where(np.arange(len(series.places)) == at, 0.001, 0.5)
        many, x, y = (float(v) for v in (series.counts[-1, at], series.easting[at], series.northing[at]))
        one = Signal(
            SPEC.id, series.target, series.support, (series.places[at],), series.starts[-1], series.end,
            many, 1.0, 0.001, x, y, 0.0,
        )  # fmt: skip
        return Found(p, (one,))


def test_a_second_look_reads_what_was_kept(tmp_path: Path) -> None:
    world = weekly_world(Recipe(weeks=81, side=9), 4)
    both = world.larger(79), world.cells(79)
    file = past_file(tmp_path, "E23/x", both[0])
    one = Highest()
    first = own_past(*both, file, seed=1, detectors={SPEC.id: one})
    assert one.asked == PERIODS["week"]
    assert len(first["each " + both[0].support].levels) == PERIODS["week"]
    assert own_past(*both, file, seed=1, detectors={SPEC.id: one}) == first
    assert one.asked == PERIODS["week"]
    # A week later none, two weeks later only one more is looked at.
    assert own_past(world.larger(80), world.cells(80), file, seed=1, detectors={SPEC.id: one}) == first
    assert one.asked == PERIODS["week"]
    own_past(world.larger(81), world.cells(81), file, seed=1, detectors={SPEC.id: one})
    assert one.asked == PERIODS["week"] + 1
    # Late reports of an old week: every later cut is another one.
    counts = both[0].counts.copy()
    counts[50, 0] += 1
    own_past(replace(both[0], counts=counts), both[1], file, seed=1, detectors={SPEC.id: one})
    assert one.asked > PERIODS["week"] + 1


def test_a_broken_file_is_as_good_as_none(tmp_path: Path) -> None:
    world = weekly_world(Recipe(weeks=40, side=9), 4)
    both = world.larger(40), world.cells(40)
    file = tmp_path / "past.json"
    file.write_text("{")
    one = Highest()
    kept = own_past(*both, file, seed=1, detectors={SPEC.id: one})
    assert kept == own_past(*both, None, seed=1, detectors={SPEC.id: Highest()})
    assert file.read_text() != "{"
