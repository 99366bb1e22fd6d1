"""Figures by hand: what is missing is not known, a part is "at least", ages and marks are never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely

from peelian.domain.area import Area
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250
from peelian.domain.returns import UNKNOWN, Block, Figure, Head, Line, floored
from peelian.pipeline.returning.events import events_block
from peelian.pipeline.returning.held import Held, Period, days_held
from peelian.pipeline.returning.patrols import patrols_of, within
from peelian.pipeline.returning.template import Asks

AREA = Area("f", "F", BRITISH_NATIONAL_GRID_250, np.array([1]), "points")
JUNE = Period(date(2023, 6, 1), date(2023, 7, 1))


def event(day: date, **changes: Any) -> dict[str, Any]:
    row = {
        "source": "police_crime", "controller": "police", "force": "f", "group": "violence", "offence": "8N",
        "n": 1, "start": datetime(day.year, day.month, day.day, 12, tzinfo=UTC), "easting": None,
        "northing": None, "knife": "none", "setting": "public", "domestic": "no", "sexual": "no",
        "scope": "target",
    }  # fmt: skip
    return row | changes


def held(events: list[dict[str, Any]], *covered: tuple[date, date], group: str = "violence") -> Held:
    cover = pl.DataFrame({
        "source": ["police_crime"] * len(covered), "force": ["f"] * len(covered),
        "groups": [[group]] * len(covered), "start": [a for a, _ in covered], "end": [b for _, b in covered],
    }, schema_overrides={"start": pl.Date, "end": pl.Date, "groups": pl.List(pl.String)})  # fmt: skip
    return Held(AREA, ["f"], JUNE, pl.DataFrame(events), cover)


def line(of: Held, **asked: Any) -> Line:
    block = events_block(Asks("a", "A", "events", "", ({"what": "w", "groups": ["violence"], **asked},)), of)
    assert len(block.lines) == 1
    return block.lines[0]


WHOLE = ((date(2023, 5, 1), date(2023, 7, 1)),)


def test_both_periods_are_counted_and_a_report_of_three_counts_three() -> None:
    made = line(
        held([event(date(2023, 6, 1)), event(date(2023, 6, 30), n=3), event(date(2023, 5, 31))], *WHOLE)
    )
    assert made.figures == (Figure(4.0), Figure(1.0))
    assert made.coverage == "30 of 30 days; before: 31 of 31 days"
    assert made.source == "police (police_crime)"


def test_an_event_at_half_past_midnight_in_summer_is_of_its_london_day() -> None:
    late = event(date(2023, 5, 31)) | {"start": datetime(2023, 5, 31, 23, 30, tzinfo=UTC)}
    assert line(held([late], *WHOLE)).figures[0] == Figure(1.0)


def test_no_feed_is_not_known_and_never_0() -> None:
    made = line(held([event(date(2023, 6, 1))], *WHOLE, group="asb"))
    assert made.figures == (UNKNOWN, UNKNOWN)
    assert made.figures[0].said("count") == "not known"


def test_days_not_held_make_a_figure_at_least_and_none_seen_in_a_part_is_not_known() -> None:
    part = ((date(2023, 6, 1), date(2023, 6, 11)), (date(2023, 5, 1), date(2023, 5, 2)))
    made = line(held([event(date(2023, 6, 2))], *part))
    assert made.figures == (Figure(1.0, "at least"), UNKNOWN)
    assert made.coverage == "10 of 30 days; before: 1 of 31 days"


def test_days_twice_delivered_count_once_and_the_force_that_sends_least_decides() -> None:
    of = held(
        [event(date(2023, 6, 1))],
        (date(2023, 6, 1), date(2023, 6, 11)),
        (date(2023, 6, 5), date(2023, 6, 12)),
    )
    assert days_held(of, "police_crime", ["violence"], JUNE) == 11
    two = Held(of.area, ["f", "g"], of.period, of.events, of.cover)
    assert days_held(two, "police_crime", ["violence"], JUNE) == 0


def test_rows_that_say_nothing_of_a_weapon_make_it_at_least() -> None:
    rows = [event(date(2023, 6, 1), knife="high"), event(date(2023, 6, 2), knife="unknown")]
    made = line(held(rows, *WHOLE), knife=["medium", "high"])
    assert made.figures[0] == Figure(1.0, "at least")
    assert "1 records say nothing of a weapon" in made.note


def test_homicide_is_told_by_code_and_not_where_the_words_do_not_say() -> None:
    coded = [event(date(2023, 6, 1), offence="1"), event(date(2023, 6, 2), offence="1", domestic="yes")]
    asked = {"offence": "homicide", "not_domestic": True}
    assert line(held([*coded, *[event(date(2023, 6, 3))] * 9], *WHOLE), **asked).figures[0] == Figure(1.0)
    vague = [event(date(2023, 6, 3), offence="Violence and sexual offences")] * 9
    assert line(held([*coded, *vague], *WHOLE), **asked).figures[0] == UNKNOWN


@pytest.mark.parametrize(
    ("audience", "said"),
    [("force", ["0", "4", "7", "12", "13"]),
     ("partner", ["fewer than 5", "fewer than 5", "5", "10", "15"]),
     ("public", ["fewer than 10", "fewer than 10", "fewer than 10", "10", "15"])],
)  # fmt: skip
def test_small_counts_are_withheld_from_others_and_the_rest_rounded(audience: Any, said: list[str]) -> None:
    values = (0.0, 4.0, 7.0, 12.0, 13.0)
    heads = (*(Head(str(v)) for v in values), Head("hours", "hours"))
    block = Block("a", "A", "", heads, (Line("w", "p", (*map(Figure, values), Figure(3.0)), "s", "c"),))
    figures = floored(block, audience).lines[0].figures
    assert [one.said("count") for one in figures[:-1]] == said
    assert figures[-1] == Figure(3.0)  # what was done is no count of harm


def test_what_is_withheld_leaves_no_number_behind() -> None:
    block = Block("a", "A", "", (Head("n"),), (Line("w", "p", (Figure(3.0),), "s", "c"),))
    assert floored(block, "public").lines[0].figures[0].value is None


def test_patrols_inside_a_hotspot_are_added_and_a_month_without_any_is_not_known() -> None:
    start = datetime(2023, 6, 1, 20, tzinfo=UTC)
    rows = pl.DataFrame({
        "start": [start] * 3, "end": [start + timedelta(minutes=m) for m in (30, 60, 90)], "n": [1, 2, 4],
        "easting": [10.0, 90.0, 150.0], "northing": [10.0, 90.0, 50.0],
    })  # fmt: skip
    mine = rows.filter(pl.Series(within(rows, shapely.box(0, 0, 100, 100))))
    assert patrols_of(mine, rows, JUNE) == (Figure(2.0), Figure(3.0), Figure(1.5))
    assert patrols_of(rows.clear(), rows, JUNE) == (Figure(0.0), Figure(0.0), Figure(0.0))
    july = Period(date(2023, 7, 1), date(2023, 8, 1))
    assert patrols_of(mine, rows, july) == (UNKNOWN, UNKNOWN, UNKNOWN)
