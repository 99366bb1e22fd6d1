"""Days known in advance: bank holidays, imported days, and each only from when it was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250, grid_for
from peelian.domain.panel import Panel
from peelian.domain.time import london_midnight
from peelian.pipeline import setting_calendar
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context, listed
from peelian.pipeline.panel_calendar import BANK_HOLIDAY, bank_holidays, calendar_held

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
PANEL = Panel(
    BRITISH_NATIONAL_GRID_250, "day", date(2026, 1, 12), london_midnight(date(2026, 1, 12)), "robbery",
    ("robbery",), (date(2021, 1, 1),), np.arange(2), np.zeros((1, 1, 2), np.float32),
    np.ones((1, 1, 2), bool), np.zeros((1, 1)),
)  # fmt: skip


def bring(ctx: Context, folder: Path, text: str, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return at

    monkeypatch.setattr(setting_calendar, "datetime", Clock)
    (folder / "days.csv").write_text(text)
    import_context(ctx, "calendar", folder / "days.csv")


def known(ctx: Context, at: datetime) -> dict[str, tuple[date, ...]]:
    held = calendar_held(ctx, "EPSG:27700")
    assert held is not None
    return held.at(replace(PANEL, as_of=at))


def test_bank_holidays_of_england_and_wales_are_known_far_ahead(ctx: Context) -> None:
    days = known(ctx, PANEL.as_of)[BANK_HOLIDAY]
    in_2026 = [d for d in days if d.year == 2026]
    assert in_2026 == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25),
        date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28),
    ]  # fmt: skip
    assert max(days) <= PANEL.origin + timedelta(days=400)


def test_a_day_made_for_one_occasion_is_not_known_before_it(ctx: Context) -> None:
    funeral = date(2022, 9, 19)
    assert (funeral, False) in bank_holidays(2022, 2022)
    assert funeral not in known(ctx, london_midnight(funeral) - timedelta(seconds=1))[BANK_HOLIDAY]
    assert funeral in known(ctx, london_midnight(funeral))[BANK_HOLIDAY]


def test_elsewhere_than_in_britain_no_bank_holidays_are_assumed(ctx: Context) -> None:
    assert calendar_held(ctx, grid_for("EPSG:26916").crs) is None


def test_imported_days_are_known_from_their_import_or_announcement(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "Start,End,Kind,Name,available_at\n"
        "2026-02-16,2026-02-18,School holiday,half term,2025-06-30\n"
        "2026-03-07,,match,Town v City,\n"
    )
    bring(ctx, tmp_path, text, NOW, monkeypatch)
    term = tuple(date(2026, 2, 16) + timedelta(days=k) for k in range(3))
    assert "school holiday" not in known(ctx, london_midnight(date(2025, 6, 30)))
    early = known(ctx, london_midnight(date(2025, 7, 1)))
    assert early["school holiday"] == term
    assert "match" not in early
    assert known(ctx, NOW)["match"] == (date(2026, 3, 7),)
    assert known(ctx, NOW)["match"] != known(ctx, NOW).get("school holiday")
    assert [(one["kind"], one["rows"]) for one in listed(ctx)] == [("calendar", 2)]


def test_a_later_calendar_changes_nothing_of_what_was_known_earlier(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ctx, tmp_path, "start,end,kind\n2026-03-07,,match\n2026-03-21,,match\n", NOW, monkeypatch)
    before = known(ctx, NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    bring(ctx, tmp_path, "start,end,kind\n2026-03-08,,match\n2026-03-21,,match\n", later, monkeypatch)
    assert known(ctx, NOW + timedelta(days=1)) == before
    assert known(ctx, later)["match"] == (date(2026, 3, 8), date(2026, 3, 21))
    again = later + timedelta(days=1)
    bring(ctx, tmp_path, "start,end,kind\n2026-03-07,,match\n", again, monkeypatch)
    assert known(ctx, again)["match"] == (date(2026, 3, 7),)
    assert known(ctx, later)["match"] == (date(2026, 3, 8), date(2026, 3, 21))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start,kind\n07/03/2026,match\n", "line 2 of"),
        ("start,end,kind\n2026-03-07,2026-03-01,match\n", "line 2 of"),
        ("start,end,kind\n2026-03-07,,match\n2026-03-09,2029-01-01,term\n", "line 3 of"),
        ("start,end,kind\n2026-03-07,,Jane Smith's party\n", "line 2 of"),
        ("start,end,kind,available_at\n2026-03-07,,match,soon\n", "line 2 of"),
        ("day,kind\n2026-03-07,match\n", "lacks a column"),
        ("start,kind\n", "no rows"),
        ("start,kind\n" + "".join(f"2026-03-07,kind {'a' * k}\n" for k in range(1, 23)), "more than 20"),
    ],
)
def test_what_is_no_calendar_is_refused_by_line_and_keeps_what_was_held(
    ctx: Context, tmp_path: Path, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ctx, tmp_path, "start,end,kind\n2026-03-07,,match\n", NOW, monkeypatch)
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(Misuse, match=said) as error:
        import_context(ctx, "calendar", tmp_path / "bad.csv")
    assert "Smith" not in str(error.value)
    assert known(ctx, NOW)["match"] == (date(2026, 3, 7),)
