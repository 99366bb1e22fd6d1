"""Street and outcomes rows: hand-computed values, and each row that is wrong set aside alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peelian.sources.csv.table import read_chunks

Street = Callable[..., bytes]
Write = Callable[..., Path]


def test_a_row_by_hand(take, street: Street, write: Write) -> None:
    taken = take("police_uk", write(street(), street(Crime_ID="", Crime_type="Anti-social behaviour")))
    row, asb = taken.rows.to_dicts()
    # May in British summer time: the month begins at 23:00 UTC on 30 April.
    assert row["start"] == datetime(2023, 4, 30, 23, tzinfo=UTC)
    assert row["end"] == row["available_at"] == datetime(2023, 5, 31, 23, tzinfo=UTC)
    assert (row["offence"], row["group"], row["scope"]) == ("Robbery", "robbery", "target")
    assert (row["n"], row["precision_m"], row["lsoa"]) == (1, 105.0, "E01017657")
    assert (row["domestic"], row["sexual"], row["setting"], row["knife"]) == ("unknown",) * 4
    assert (row["has_id"], asb["has_id"]) == (True, False)
    assert asb["group"] == "asb"
    batch = taken.batches[0]
    assert (batch.force, batch.crs) == ("fenshire", "EPSG:27700")
    assert batch.edition is not None
    assert (batch.edition.part, batch.edition.edition) == ("2023-05", "2023-05-31T23:00:00+00:00")


def test_grid_reference_of_a_published_point(take, street: Street, write: Write) -> None:
    """Caister Water Tower: the worked example of `convertbng`'s and Ordnance Survey's OSTN15 documents."""
    path = write(street(Longitude="1.716073973", Latitude="52.658007833"))
    row = take("police_uk", path).rows.row(0, named=True)
    assert abs(row["easting"] - 651_409.804) < 0.01
    assert abs(row["northing"] - 313_177.450) < 0.01


def test_no_location_is_taken_without_a_place(take, street: Street, write: Write) -> None:
    path = write(street(Longitude="", Latitude="", Location="No Location", LSOA_code=""))
    row = take("police_uk", path).rows.row(0, named=True)
    assert (row["easting"], row["northing"], row["precision_m"], row["location"], row["lsoa"]) == (None,) * 5


def test_enforcement_types_are_display_only(take, street: Street, write: Write) -> None:
    types = ("Drugs", "Possession of weapons", "Public order", "Other crime", "Violence and sexual offences")
    rows = take("police_uk", write(*(street(Crime_type=t, Crime_ID=t) for t in types))).rows
    assert rows["scope"].to_list() == ["display"] * 4 + ["target"]


WRONG = {
    "month-form": ({"Month": "05/2023"}, "YYYY-MM"),
    "other-month": ({"Month": "2023-06"}, "not that of the file"),
    "type": ({"Crime_type": "Jaywalking"}, "fourteen"),
    "no-type": ({"Crime_type": ""}, "no crime type"),
    "force": ({"Reported_by": "Kent Police"}, "another force"),
    "no-force": ({"Reported_by": ""}, "another force"),
    "zero": ({"Longitude": "0", "Latitude": "0.000"}, "both 0"),
    "nan": ({"Longitude": "NaN"}, "not a number"),
    "inf": ({"Latitude": "-inf"}, "not a number"),
    "words": ({"Longitude": "west"}, "not a number"),
    "half": ({"Latitude": ""}, "only one"),
    "swapped": ({"Longitude": "51.850353", "Latitude": "-0.579953"}, "outside Great Britain"),
    "abroad": ({"Longitude": "2.35", "Latitude": "48.85"}, "outside Great Britain"),
    "lsoa": ({"LSOA_code": "14 High Street"}, "LSOA"),
    "location": ({"Location": "x" * 201}, "location"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_set_aside_and_its_neighbours_are_not(
    take, street: Street, write: Write, case: str
) -> None:
    changes, words = WRONG[case]
    taken = take(
        "police_uk", write(street(Crime_ID="1"), street(Crime_ID="2", **changes), street(Crime_ID="3"))
    )
    assert taken.rows["row"].to_list() == [1, 3]
    assert words in taken.reasons[2]
    assert not any(len(value) > 1 and value in taken.reasons[2] for value in changes.values())


def test_a_month_that_is_not_over_or_not_yet_available(take, street: Street, write: Write) -> None:
    path = write(street())
    before = take("police_uk", path, now=datetime(2023, 5, 20, tzinfo=UTC))
    assert "not over" in before.reasons[1]
    early = take("police_uk", path, available_at=datetime(2023, 4, 1, tzinfo=UTC))
    assert "--available-at" in early.reasons[1]
    late = take("police_uk", path, available_at=datetime(2023, 7, 1, 12, tzinfo=UTC))
    assert late.rows["available_at"].to_list() == [datetime(2023, 7, 1, 12, tzinfo=UTC)]
    assert late.batches[0].edition.edition == "2023-07-01T12:00:00+00:00"


def test_force_option_takes_the_name_in_the_file(take, street: Street, write: Write) -> None:
    path = write(street(), street(Reported_by="Kent Police"), name="crimes.csv")
    taken = take("police_uk", path, force="E23000099")
    assert taken.batches[0].force == "E23000099"
    assert list(taken.reasons) == [2]


def test_what_no_revision_can_change_is_outside_the_content(take, street: Street, write: Write) -> None:
    rows = take("police_uk", write(
        street(), street(Last_outcome_category="Under investigation"), street(Crime_type="Burglary"),
        street(Latitude="51.85"),
    )).rows  # fmt: skip
    assert rows["key_hi"].n_unique() == 1
    assert rows["content"].n_unique() == 3
    assert rows["content"][0] == rows["content"][1]


def test_outcomes_point_at_their_crime(take, street: Street, write: Write) -> None:
    header = (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
    )
    kept = b"%s,2023-05,Fenshire Constabulary,Fenshire Constabulary,,,No Location,,,Suspect charged"
    crime = take("police_uk", write(street())).rows.row(0, named=True)
    path = write(kept % (b"ab" * 32), kept % b"", name="2023-05-fenshire-outcomes.csv", header=header)
    taken = take("police_uk", path)
    row = taken.rows.row(0, named=True)
    assert (row["event_hi"], row["event_lo"]) == (crime["key_hi"], crime["key_lo"])
    assert (row["outcome"], row["has_id"]) == ("Suspect charged", False)
    assert taken.batches[0].table == "outcomes"
    assert "no crime id" in taken.reasons[2]


def test_small_blocks_give_the_rows_of_the_whole(take, street: Street, write: Write, monkeypatch) -> None:
    wrong = (street(Crime_type="Jaywalking"), street() + b",", street(LSOA_name='"A, B"'), street(Month="x"))
    path = write(*(wrong[k % 9] if k % 9 < 4 else street(Crime_ID=str(k)) for k in range(200)))
    whole = take("police_uk", path)
    monkeypatch.setitem(read_chunks.__kwdefaults__, "block", 500)
    parts = take("police_uk", path)
    assert len(parts.batches) > 20
    assert parts.rows.equals(whole.rows)
    assert parts.reasons == whole.reasons
