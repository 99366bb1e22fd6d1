"""Where cells are: against OSTN15 and pyproj."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from peelian.api.projection import lonlat, metres_per_unit, proj4

POINTS = [
    (505000.0, 222000.0),
    (330000.0, 390000.0),
    (180000.0, 30000.0),
    (620000.0, 310000.0),
    (440000.0, 560000.0),
]


def metres_apart(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.array(
        [pyproj.Geod(ellps="WGS84").inv(x1, y1, x2, y2)[2] for x1, y1, x2, y2 in zip(*a, *b, strict=True)]
    )


def test_the_browsers_projection_is_within_metres_of_ostn15() -> None:
    x, y = (np.array(part) for part in zip(*POINTS, strict=True))
    browser = pyproj.Transformer.from_crs(proj4("EPSG:27700"), "EPSG:4326", always_xy=True).transform(x, y)
    assert (metres_apart(lonlat("EPSG:27700", x, y), browser) < 5).all()


def test_the_sea_has_a_place_too() -> None:
    lon, lat = lonlat("EPSG:27700", np.array([690000.0, 505000.0]), np.array([425000.0, 222000.0]))
    assert np.isfinite(lon).all()
    assert np.isfinite(lat).all()
    assert 2 < lon[0] < 3


@pytest.mark.parametrize(
    ("crs", "x", "y", "town"),
    [
        ("EPSG:3435", 1_176_000.0, 1_900_000.0, (-87.63, 41.88)),  # Chicago, US feet
        ("EPSG:32617", 630_000.0, 4_834_000.0, (-79.38, 43.65)),  # Toronto
    ],
)
def test_other_projections(crs: str, x: float, y: float, town: tuple[float, float]) -> None:
    there = lonlat(crs, np.array([x]), np.array([y]))
    assert abs(there[0][0] - town[0]) < 0.05
    assert abs(there[1][0] - town[1]) < 0.05
    browser = pyproj.Transformer.from_crs(proj4(crs), "EPSG:4326", always_xy=True).transform([x], [y])
    assert metres_apart(there, tuple(np.array(part) for part in browser))[0] < 5  # type: ignore[arg-type]


def test_units() -> None:
    assert metres_per_unit("EPSG:27700") == 1.0
    assert metres_per_unit("EPSG:3435") == pytest.approx(0.3048006, abs=1e-6)
