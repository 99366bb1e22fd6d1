from __future__ import annotations

import numpy as np

from peelian.simulate.checks import knox_ratio, over_dispersion, share_holding_half
from peelian.simulate.emit_police_uk import crime_ids


def test_knox_on_four_events_by_hand() -> None:
    # Near in space: (0,1), (2,3). Near in time: (0,1), (2,3). Both: 2. Expected: 2 x 2 / 6.
    x = np.array([0.0, 100.0, 9000.0, 9100.0])
    hour = np.array([0.0, 24.0, 24.0 * 100, 24.0 * 101])
    assert knox_ratio(x, np.zeros(4), hour) == 2 / (2 * 2 / 6)


def test_knox_is_one_when_times_are_dealt_at_random() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.normal(0, 1000, (2, 4000))
    assert abs(knox_ratio(x, y, rng.uniform(0, 8760, 4000)) - 1) < 0.05


def test_half_is_held_by_the_few() -> None:
    assert share_holding_half(np.array([8.0, 4.0, 2.0, 1.0, 1.0])) == 0.2
    assert share_holding_half(np.ones(10)) == 0.5


def test_dispersion_of_equal_counts_is_zero() -> None:
    assert over_dispersion([3, 3, 3]) == 0


def test_crime_ids_are_64_hexadecimal_digits_and_differ() -> None:
    ids = crime_ids(500, np.random.default_rng(1))
    assert ids.n_unique() == 500
    assert ids.str.contains("^[0-9a-f]{64}$").all()
