"""The chart of a warning: what was expected is a line over the whole time it was reckoned for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from peelian.api.warning_chart import WIDTH, chart_of
from tests.warnings_made import BASE


def test_expected_lies_across_every_bar_since_the_warning_began_and_no_other() -> None:
    only_last = [*(replace(one, expected=None) for one in BASE.counts[:-1]), BASE.counts[-1]]
    chart = chart_of(only_last, BASE.start, 12.0)  # as detectors keep it: the last period's alone
    assert chart is not None
    assert chart.expected is not None
    assert chart.usual is not None
    late = [bar for bar in chart.bars if bar.since]
    assert [bar.observed for bar in late] == [9, 14, 12]
    assert chart.expected.mean == 12.0 / 3
    assert chart.expected.start < late[0].x
    assert chart.expected.end == WIDTH
    assert chart.usual.mean == pytest.approx((3 + 5 + 4 + 2 + 6 + 4 + 5) / 7)
    assert chart.usual.end == chart.expected.start
    assert late[1].y is not None
    assert late[1].y < chart.expected.y < chart.base
    assert "11.7 since, where 4.0 were expected; 1 not published" in chart.words


def test_a_warning_older_than_the_bars_has_no_line_of_what_was_expected() -> None:
    chart = chart_of(BASE.counts, date(2026, 7, 27), 60.0)
    assert chart is not None
    assert chart.expected is None
    assert "expected" not in chart.words
    assert chart_of([], BASE.start, 1.0) is None
