"""Names: from streets, no two alike, never a number of ours."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.api.names import name_cells


def named(
    streets: list[str], where: list[tuple[int, int]], lsoas: list[str] | None = None
) -> tuple[str, ...]:
    column, row = np.array([c for c, _ in where]), np.array([r for _, r in where])
    return name_cells(streets, lsoas or [""] * len(streets), column, row, 250.0)


def test_one_street_one_square() -> None:
    assert named(["On or near Mill Street", "Bell Lane"], [(0, 0), (5, 5)]) == ("Mill Street", "Bell Lane")


def test_two_ends() -> None:
    assert named(["High Street"] * 2, [(3, 3), (3, 9)]) == (
        "High Street (south end)",
        "High Street (north end)",
    )


def test_towns_tell_apart_first() -> None:
    got = named(["High Street"] * 2, [(0, 0), (50, 0)], ["Bedford 012C", "Luton 001A"])
    assert got == ("High Street, Bedford", "High Street, Luton")


def test_three_from_the_middle() -> None:
    got = named(["High Street"] * 3, [(0, 0), (0, 2), (4, 0)])
    assert got[0] == "High Street (middle)"
    assert got[1:] == ("High Street, 500 m north", "High Street, 1 km east")


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
