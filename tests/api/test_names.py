"""Names: from streets, no two alike, never a number of ours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.api.names import name_cells, nearest_towns, town_of


def named(
    streets: list[str], where: list[tuple[int, int]], lsoas: list[str] | None = None
) -> tuple[str, ...]:
    column, row = np.array([c for c, _ in where]), np.array([r for _, r in where])
    towns = [town_of(lsoa) for lsoa in lsoas or [""] * len(streets)]
    return name_cells(streets, towns, column, row, 250.0)


def test_one_street_one_square() -> None:
    assert named(["On or near Mill Street", "Bell Lane"], [(0, 0), (5, 5)]) == ("Mill Street", "Bell Lane")


def test_two_ends() -> None:
    assert named(["High Street"] * 2, [(3, 3), (3, 5)]) == (
        "High Street (south end)",
        "High Street (north end)",
    )


def test_towns_tell_apart_first() -> None:
    got = named(["High Street"] * 2, [(0, 0), (50, 0)], ["Bedford 012C", "Luton 001A"])
    assert got == ("High Street, Bedford", "High Street, Luton")


def test_three_from_the_middle() -> None:
    got = named(["High Street"] * 3, [(0, 0), (0, 2), (2, 0)])
    assert got[0] == "High Street (middle)"
    assert got[1:] == ("High Street, 500 m north", "High Street, 500 m east")


def test_streets_of_one_name_that_lie_apart() -> None:
    got = named(["High Street"] * 3, [(0, 0), (0, 1), (40, 2)])
    assert got == (
        "High Street in the west (south end)",
        "High Street in the west (north end)",
        "High Street in the east",
    )


def test_no_street_borrows_the_nearest() -> None:
    got = named(["", "Bell Lane"], [(0, 0), (1, 0)])
    assert got == ("Bell Lane (west end)", "Bell Lane (east end)")


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=60, unique=True),
    st.data(),
)
def test_never_two_alike(where: list[tuple[int, int]], data: st.DataObject) -> None:
    pick = st.sampled_from(["", "High Street", "Mill Lane", "No Location"])
    streets = data.draw(st.lists(pick, min_size=len(where), max_size=len(where)))
    towns = data.draw(
        st.lists(st.sampled_from(["", "Luton 001A", "E01017402"]), min_size=len(where), max_size=len(where))
    )
    got = named(streets, where, towns)
    assert len(set(got)) == len(got)
    assert not any("E010" in name for name in got)


def test_towns_of_the_scene_stand_in_for_codes(tmp_path: Path) -> None:
    scene = tmp_path / "scene.geojson"
    points = [("Eastby", 1.0), ("Westby", 0.0)]
    features = [
        {
            "properties": {"kind": "town", "name": name},
            "geometry": {"type": "Point", "coordinates": [x, 52.0]},
        }
        for name, x in points
    ] + [
        {
            "properties": {"kind": "station", "name": "Halt"},
            "geometry": {"type": "Point", "coordinates": [0.4, 52]},
        }
    ]
    scene.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert nearest_towns(scene, np.array([0.4, 0.6]), np.array([52.0, 52.0])) == ["Westby", "Eastby"]
    assert nearest_towns(tmp_path / "none", np.array([0.4]), np.array([52.0])) == [""]
