"""One row an incident: whose kind, which place, which time, whose marks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from peelian.features.incidents import one_per_incident

T = datetime(2024, 3, 1, 22, tzinfo=UTC)


def rows() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "report": ["a.0", "b.0", "c.0", "d.0"],
            "group": ["ambulance-assault", "violence", "ed-assault", "violence"],
            "start": [T, T + timedelta(hours=1), T + timedelta(hours=2), T],
            "end": [T + timedelta(minutes=m) for m in (1, 61, 121, 1)],
            "easting": [10.0, 20.0, None, 40.0],
            "northing": [1.0, 2.0, None, 4.0],
            "precision_m": [30.0, 100.0, 1.0, 5.0],
            "knife": ["unknown", "none", "high", "none"],
            "setting": ["public", "unknown", "dwelling", "public"],
            "domestic": ["unknown", "no", "unknown", "no"],
            "sexual": ["unknown", "unknown", "unknown", "no"],
            "scope": ["target", "display", "target", "target"],
        }
    )


def test_three_reports_worked_by_hand() -> None:
    incidents = pl.DataFrame({"report": ["a.0", "b.0", "c.0"], "incident": ["a.0"] * 3})
    out = one_per_incident(rows(), incidents)
    assert out["report"].to_list() == ["b.0", "d.0"]
    one = out.row(0, named=True)
    assert one["group"] == "violence"  # police first
    assert (one["easting"], one["northing"], one["precision_m"]) == (
        10.0,
        1.0,
        30.0,
    )  # the finest with a place
    assert one["start"] == T  # the earliest
    assert (one["knife"], one["setting"], one["domestic"], one["sexual"]) == (
        "high",
        "dwelling",
        "no",
        "unknown",
    )
    assert one["scope"] == "target"
    assert out.row(1) == rows().row(3)


def test_an_incident_whose_other_reports_are_not_known_yet_stays_as_it_is() -> None:
    incidents = pl.DataFrame({"report": ["a.0", "z.0"], "incident": ["a.0", "a.0"]})
    assert one_per_incident(rows(), incidents).equals(rows())


def test_no_incidents_no_change() -> None:
    assert one_per_incident(rows(), pl.DataFrame(schema={"report": pl.String, "incident": pl.String})).equals(
        rows()
    )
