"""No small count can be found by subtracting what is shown."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from peelian.link.withhold import NAMES, shown_rows

COUNTS = st.lists(
    st.lists(st.integers(0, 12), min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=6
)


def rows_of(counts: list[list[int]]) -> list[dict[str, Any]]:
    return [
        {"area": f"x{k}", "published": "all", "incidents": sum(row)} | dict(zip(NAMES, row, strict=True))
        for k, row in enumerate(counts)
    ]


def test_by_hand() -> None:
    (row,) = shown_rows(rows_of([[40, 1, 0, 0, 1, 9, 0]]))
    # two of one each would be told by their sum: a third goes with them
    assert [row[n] for n in NAMES] == ["40", "withheld", "0", "0", "withheld", "withheld", "0"]
    assert row["incidents"] == "51"


def test_the_only_small_count_of_a_column_takes_another_with_it() -> None:
    one, two = shown_rows(rows_of([[40, 3, 3, 0, 0, 0, 0], [50, 8, 0, 0, 0, 0, 0]]))
    assert one[NAMES[1]] == two[NAMES[1]] == "withheld"
    assert two[NAMES[0]] == "withheld"


@given(COUNTS)
def test_nothing_small_is_shown_or_can_be_subtracted(counts: list[list[int]]) -> None:
    shown = shown_rows(rows_of(counts))
    for row, said in zip(counts, shown, strict=True):
        hidden = [n for n, name in zip(row, NAMES, strict=True) if said[name] == "withheld"]
        assert all(n >= 5 or said[name] == "withheld" for n, name in zip(row, NAMES, strict=True) if n)
        if hidden and not said["incidents"].startswith("under"):
            assert sum(hidden) >= 5
            assert len(hidden) > 1 or sum(map(bool, row)) == 1
    for column, name in enumerate(NAMES):
        down = [row[column] for row, said in zip(counts, shown, strict=True) if said[name] == "withheld"]
        assert len(down) != 1 or sum(bool(row[column]) for row in counts) == 1


def test_what_is_not_known_stays_so() -> None:
    (row,) = shown_rows([{"area": "x", "published": "police", "incidents": 3} | dict.fromkeys(NAMES)])
    assert row["incidents"] == "under 5"
    assert {row[n] for n in NAMES} == {"not known"}
