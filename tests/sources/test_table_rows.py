"""Table rows: hand-computed times, places and codes; each wrong row alone set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import polars as pl
import pytest
import yaml

DATA = Path(__file__).parent / "data" / "table"
Put = Callable[..., Path]

BASE = {
    "source": "s", "force": "f", "codes": {"default": "violence"}, "columns": {"occurred": "when"},
}  # fmt: skip


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a mapping from `BASE` and changes; give its path."""

    def write(**changes: object) -> Path:
        path = tmp_path / "m.yaml"
        path.write_text(yaml.safe_dump(BASE | changes))
        return path

    return write


def starts(take, tmp_path: Path, mapping: Path, frame: pl.DataFrame) -> list[object]:
    """Load a frame as Parquet; give (start, end) or the reason, row by row."""
    frame.write_parquet(tmp_path / "t.parquet")
    taken = take("table", tmp_path / "t.parquet", mapping=str(mapping))
    rows = {row["row"]: (row["start"], row["end"]) for row in taken.rows.iter_rows(named=True)}
    return [rows.get(k) or taken.reasons[k] for k in range(1, frame.height + 1)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_sample_by_hand(take) -> None:
    taken = take("table", DATA / "crimes.csv", mapping=str(DATA / "crimes.yaml"))
    rows = {row["row"]: row for row in taken.rows.iter_rows(named=True)}
    assert sorted(rows) == [1, 2, 3, 4]
    one, two, three, four = rows.values()
    # Winter time: the clock is UTC. The interval is as given; it was known when it was received.
    assert (one["start"], one["end"]) == (at("2023-03-25 22:10"), at("2023-03-25 22:40"))
    assert one["available_at"] == at("2023-03-26 08:00")
    # 01:30 on 26 March 2023 does not exist: read as if the clocks had not gone forward.
    assert (two["start"], two["end"]) == (at("2023-03-26 01:30"), at("2023-03-26 01:31"))
    # Received on a day: known from that day's end, midnight in British summer time.
    assert two["available_at"] == at("2023-03-26 23:00")
    # 01:30 on 29 October 2023 happens twice: the earlier.
    assert three["start"] == at("2023-10-29 00:30")
    assert (three["easting"], three["precision_m"]) == (None, None)
    assert [r["setting"] for r in (one, two, three, four)] == ["public", "dwelling", "public", "public"]
    assert [r["domestic"] for r in (one, two, three, four)] == ["no", "yes", "no", "unknown"]
    assert [r["group"] for r in (one, two, three, four)] == ["violence"] * 2 + ["robbery"] * 2
    assert two["location"] is None  # it begins with a house number: an address, never kept
    assert (four["has_id"], four["available_at"]) == (False, four["end"])
    words = {
        5: "ends before", 6: "without guessing", 7: "`codes`", 8: "both 0", 9: "not a number",
        10: "outside the area", 11: "before it occurred", 12: "future", 13: "`values.setting`",
    }  # fmt: skip
    assert {row for row in words if words[row] in taken.reasons[row]} == set(words)


def test_what_the_mapping_says_of_the_file(take) -> None:
    raw = take("table", DATA / "crimes.csv", mapping=str(DATA / "crimes.yaml")).raws[0]
    # `to` is inclusive for people, and the day after it for ingest.
    assert raw.options["covers"] == {"from": date(2023, 1, 1), "to": date(2024, 1, 1)}
    assert raw.options["groups"] == ["robbery", "violence"]
    assert raw.options["force"] == "fenshire"


def test_csv_and_parquet_of_the_same_rows_have_the_same_keys(take, tmp_path: Path) -> None:
    pl.read_csv(DATA / "crimes.csv", infer_schema=False).write_parquet(tmp_path / "c.parquet")
    mapping = str(DATA / "crimes.yaml")
    one = take("table", DATA / "crimes.csv", mapping=mapping)
    two = take("table", tmp_path / "c.parquet", mapping=mapping)
    assert one.rows.equals(two.rows)
    assert one.reasons == two.reasons


DAY = ("2023-06-30 23:00", "2023-07-01 23:00")  # a day of British summer time, in UTC
MONTH = ("2023-06-30 23:00", "2023-07-31 23:00")
TYPES = [
    (pl.Series([datetime(2023, 7, 1, 12, 30, 15)]), {}, ("2023-07-01 11:30:15", "2023-07-01 11:31:15")),
    (pl.Series([date(2023, 7, 1)]), {}, DAY),
    (pl.Series(["2023-07-01T12:30"]), {}, ("2023-07-01 11:30", "2023-07-01 11:31")),
    (pl.Series(["2023-07-01T12:30:00Z"]), {}, ("2023-07-01 12:30", "2023-07-01 12:31")),
    (pl.Series(["2023-07-01T12:30:00+02:00"]), {}, ("2023-07-01 10:30", "2023-07-01 10:31")),
    (pl.Series(["01/07/2023"]), {"format": "%d/%m/%Y", "granularity": "day"}, DAY),
    (pl.Series(["2023-07"]), {"format": "%Y-%m", "granularity": "month"}, MONTH),
    (pl.Series([45108.5]), {"granularity": "hour"}, ("2023-07-01 11:00", "2023-07-01 12:00")),
    (pl.Series(["45108"]), {"format": "excel", "granularity": "day"}, DAY),
    (pl.Series([20230701]), {"format": "%Y%m%d", "granularity": "day"}, DAY),
    (pl.Series([datetime(2023, 7, 1, 12, tzinfo=UTC)]), {}, ("2023-07-01 12:00", "2023-07-01 12:01")),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(TYPES)))
def test_each_way_to_write_a_time(take, tmp_path: Path, put: Put, case: int) -> None:
    series, how, (start, end) = TYPES[case]
    got = starts(take, tmp_path, put(time=how), pl.DataFrame({"when": series}))
    assert got == [(at(start), at(end))]


@pytest.mark.parametrize("text", ["01/02/2023", "2023-13-01", "yesterday", "", "45108", "2023-02-30 10:00"])
def test_what_cannot_be_read_without_guessing_is_set_aside(take, tmp_path: Path, put: Put, text: str) -> None:
    (reason,) = starts(take, tmp_path, put(), pl.DataFrame({"when": [text]}))
    assert "without guessing" in str(reason)


def test_a_date_with_an_hour_or_a_time(take, tmp_path: Path, put: Put) -> None:
    hours = pl.DataFrame({"d": ["2023-07-01"] * 4, "h": [0, 23, 24, None]})
    mapping = put(columns={"date": "d", "hour": "h"})
    got = starts(take, tmp_path, mapping, hours)
    assert got[:2] == [
        (at("2023-06-30 23:00"), at("2023-07-01 00:00")), (at("2023-07-01 22:00"), at("2023-07-01 23:00")),
    ]  # fmt: skip
    assert all("without guessing" in str(reason) for reason in got[2:])
    times = pl.DataFrame({"d": [date(2023, 1, 1)] * 2, "t": [time(9, 5), time(0)]})
    got = starts(take, tmp_path, put(columns={"date": "d", "time": "t"}), times)
    assert got == [
        (at("2023-01-01 09:05"), at("2023-01-01 09:06")),
        (at("2023-01-01"), at("2023-01-01 00:01")),
    ]


def test_degrees_go_to_british_grid_and_others_stay_in_their_own_crs(take, tmp_path: Path, put: Put) -> None:
    frame = pl.DataFrame(
        {"when": [date(2023, 1, 2)] * 2, "x": [1.716073973, 2.35], "y": [52.658007833, 48.85]}
    )
    frame.write_parquet(tmp_path / "p.parquet")
    columns = {"occurred": "when", "longitude": "x", "latitude": "y"}
    taken = take("table", tmp_path / "p.parquet", mapping=str(put(columns=columns)))
    row = taken.rows.row(0, named=True)
    assert abs(row["easting"] - 651_409.804) < 0.01
    assert abs(row["northing"] - 313_177.450) < 0.01
    assert "outside the area of EPSG:27700" in taken.reasons[2]
    taken = take("table", tmp_path / "p.parquet", mapping=str(put(columns=columns, project_to="EPSG:32631")))
    assert taken.batches[0].crs == "EPSG:32631"
    assert taken.rows.height == 2


def test_numbers_of_reports(take, tmp_path: Path, put: Put) -> None:
    frame = pl.DataFrame({"when": [date(2023, 1, 2)] * 5, "k": [3.0, 0.0, 1.5, None, float("nan")]})
    frame.write_parquet(tmp_path / "p.parquet")
    taken = take("table", tmp_path / "p.parquet", mapping=str(put(columns={"occurred": "when", "n": "k"})))
    assert taken.rows["n"].to_list() == [3]
    assert set(taken.reasons) == {2, 3, 4, 5}


def test_force_and_available_at_of_the_command_win(take) -> None:
    when = datetime(2024, 1, 1, tzinfo=UTC)
    taken = take(
        "table", DATA / "crimes.csv", mapping=str(DATA / "crimes.yaml"), force="other", available_at=when
    )
    assert taken.batches[0].force == "other"
    assert taken.rows["available_at"].unique().to_list() == [when]
    assert 11 in taken.rows["row"].to_list()  # its own received date is not used
