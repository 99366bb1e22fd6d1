"""The briefing: its numbers are the run's, it is said within two minutes, and usual variation is a test."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from peelian.api.briefing import briefing, step_asked
from peelian.api.briefing_around import Around, Told
from peelian.api.briefing_counts import MONTHS_ONLY, recent, series_of
from peelian.api.briefing_pdf import pdf
from peelian.api.briefing_places import trend
from peelian.api.briefing_repeats import repeats_of
from peelian.api.briefing_spoken import CLOSING, MOST_WORDS, spoken, words_in
from peelian.api.places import PlaceRow
from peelian.api.run_folder import read_run
from peelian.api.usual import overdispersion, usual_words
from peelian.domain.errors import Misuse
from peelian.store import jobs
from peelian.store.workspace import Workspace

from .conftest import RUN
from .run_folder import ORIGIN


def test_page_says_what_the_file_says(client: TestClient, workspace: Workspace) -> None:
    page = client.get("/briefing")
    assert page.status_code == 200
    top = client.get(f"/api/v1/runs/{RUN}/table", params={"limit": 10}).json()["rows"]
    for row in top:
        assert f'data-cell="{row["cell"]}" data-mean="{row["mean"]}"' in page.text
    for words in ("Read this out", "What this cannot tell you", "Known up to", "Same days a year before"):
        assert words in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text


def test_area_is_found_and_an_unknown_one_is_said(client: TestClient) -> None:
    assert client.get("/briefing", params={"area": "SIM1", "shift": "2"}).status_code == 200
    assert "23 November" in client.get("/briefing", params={"shift": "3"}).text
    unknown = client.get("/briefing", params={"area": "nowhere"})
    assert unknown.status_code == 404
    assert "SIM1" in unknown.text
    assert client.get("/briefing", params={"shift": "99"}).status_code == 422
    assert client.get("/briefing", params={"shift": "late"}).status_code == 422


def test_the_pdf_is_welsh_where_it_is_asked_for(client: TestClient) -> None:
    answer = client.get(f"/api/v1/runs/{RUN}/briefing.pdf", params={"lang": "cy"})
    pages = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in pages.pages)
    assert len(pages.pages) == 2
    assert pages.trailer["/Root"]["/Lang"] == "cy-GB"
    assert "Papur briffio: Easthaven" in text
    assert "Peiriant a wnaeth y Gymraeg hon." in text  # made by machine, not reviewed


def test_the_pdf_has_two_pages_and_the_same_numbers(client: TestClient) -> None:
    answer = client.get(f"/api/v1/runs/{RUN}/briefing.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 2
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    first = client.get(f"/api/v1/runs/{RUN}/table", params={"limit": 1}).json()["rows"][0]
    assert f"{first['q05']} to {first['q95']}" in text
    assert f"Run {RUN}" in text
    assert "What this cannot tell you" in text


def _many_words() -> tuple[Any, Around]:
    told = Told("w", "a place " * 20, "many words " * 40, "new", True)
    entries = tuple({"title": "long title " * 20} for _ in range(5))
    actions = tuple({"overdue": True} for _ in range(5))
    return told, Around((told,) * 5, 99, entries, actions, (), "", None)


def test_it_is_read_out_in_two_minutes(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    made = briefing(workspace, run, 0)
    assert words_in(made.lead) <= MOST_WORDS
    _, near = _many_words()
    long = spoken(run, 0, made.sentences, made.tops, near)
    assert words_in(long) <= MOST_WORDS
    assert long[1:4] == list(made.sentences)
    assert long[-1] == CLOSING


def test_a_full_briefing_still_has_two_pages(workspace: Workspace) -> None:
    made = briefing(workspace, read_run(workspace.runs / RUN), 0)
    told = Told(
        "w", "More anti-social behaviour near a long street, a long town 089D", "Words. " * 30, "new", True
    )
    days = {"start": "2026-10-01", "last_day": "2026-10-09", "due": "2026-11-30", "overdue": True}
    work = {
        "title": "A long title of work " * 5,
        "kind": "lighting",
        "agency": "council",
        "what": "Do it " * 20,
    }
    offer = {"title": "An option " * 4, "lead_agency": "council", "finding": "violence: -44 % (authors) " * 3}
    full = Around((told,) * 5, 99, (work | days,) * 5, (work | days,) * 5, (offer,) * 5, "a note", None)
    assert len(PdfReader(io.BytesIO(pdf(replace(made, around=full)))).pages) == 2


def test_counts_of_late_are_counted_from_the_history(workspace: Workspace) -> None:
    folder = workspace.runs / RUN
    history = pl.read_parquet(folder / "history.parquet")

    def counted(start: date, end: date) -> int:
        rows = history.filter(pl.col("period_start").is_between(start, end, closed="left"))
        return round(float(rows["count"].sum()))

    week, month, year = recent(read_run(folder)).stretches
    assert week.now == counted(ORIGIN - timedelta(days=7), ORIGIN)
    assert month.now == counted(ORIGIN - timedelta(days=28), ORIGIN)
    assert month.before == counted(ORIGIN - timedelta(days=28 + 364), ORIGIN - timedelta(days=364))
    assert year.now == counted(date(2026, 1, 5), ORIGIN)
    assert year.before is None  # 60 weeks are held: not all of the year before
    assert year.words == "not known"


def test_an_unpublished_week_is_missing_not_zero(workspace: Workspace) -> None:
    held = series_of(read_run(workspace.runs / RUN))
    assert held is not None
    assert np.isnan(held.counts[3])
    assert held.between(held.starts[2], held.starts[5]) is None


def test_months_give_no_days(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / RUN
    shutil.copytree(workspace.runs / RUN, folder)
    card = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(card | {"every": "month", "window": 1}))
    months = [date(2024 + k // 12, k % 12 + 1, 1) for k in range(30)]
    cell = read_run(folder).cells[0]
    pl.DataFrame({"cell": [cell] * 30, "period_start": months, "count": [10.0] * 30}).write_parquet(
        folder / "history.parquet"
    )
    pl.DataFrame({"period_start": months, "observed": True}).write_parquet(folder / "coverage.parquet")
    counted = recent(read_run(folder))
    assert counted.note == MONTHS_ONLY
    assert [one.title for one in counted.stretches] == ["Last month", "Year to date"]
    assert [(one.now, one.before) for one in counted.stretches] == [(10, 10), (60, 60)]


def _counts(rng: np.random.Generator, mean: float, spread: float, n: int) -> np.ndarray:
    """Counts with variance over mean of `spread`."""
    shape = mean / (spread - 1)
    return rng.poisson(rng.gamma(shape, mean / shape, n)).astype(float)


def test_overdispersion_is_recovered() -> None:
    rng = np.random.default_rng(5)
    told = [overdispersion(_counts(rng, 80, 4.0, 156)) for _ in range(60)]
    assert 3.5 < float(np.mean(told)) < 4.5
    assert np.isnan(overdispersion(np.ones(8)))  # 7 pairs say too little
    gaps = np.where(np.arange(40) % 2 == 0, np.nan, 5.0)
    assert np.isnan(overdispersion(gaps))


def test_null_years_are_usual_and_a_planted_rise_is_told() -> None:
    rng = np.random.default_rng(11)
    false, found, naive = 0, 0, 0
    for _ in range(400):
        counts = _counts(rng, 60, 5.0, 156)
        spread = overdispersion(counts, 4)
        now, before = counts[-4:].sum(), counts[-56:-52].sum()
        false += usual_words(now, before, spread) != "within usual variation"
        naive += usual_words(now, before, 1.0) != "within usual variation"
        risen = _counts(rng, 120, 5.0, 4).sum()
        found += usual_words(risen, before, spread) == "more than usual variation"
    assert false <= 30  # 20 are due at 5 %
    assert naive > 100  # what a test of Poisson counts would tell: so this one is needed
    assert found >= 340


def _row(**given: Any) -> PlaceRow:
    held: dict[str, Any] = {
        "rank": 1, "cell": 1, "name": "x", "lon": 0.0, "lat": 0.0, "mean": 5.0, "q05": 2, "q95": 9,
        "p_any": 0.9, "chance_low": 0.8, "chance_high": 0.95, "words": "", "certainty": 4,
        "last_year": 50.0, "year_before": 5.0,
    }  # fmt: skip
    return PlaceRow(**held | given)


@pytest.mark.parametrize(
    ("before", "said"),
    [(2.0, "→"), (9.0, "→"), (10.0, "↓"), (1.0, "↑"), (None, "–")],
)
def test_trend_is_level_inside_the_likely_range(before: float | None, said: str) -> None:
    assert trend(_row(year_before=before))[0] == said


def test_a_shift_is_asked_for_by_name(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    run.card["shifts"] = {"shifts": {"early": "07:00", "late": "15:00"}}
    assert step_asked(run, " Late ") == 1
    with pytest.raises(Misuse):
        step_asked(run, "night")


def test_repeats_in_words(tmp_path: Path) -> None:
    assert not repeats_of(tmp_path).ready
    held = {"reports": 900, "days": 364, "pairs": 150, "pairs_told": 100.0, "p": 0.005, "share": 0.3,
            "share_told": 0.2, "same_share": 0.1, "same_told": 0.02}  # fmt: skip
    (tmp_path / "near_repeat.json").write_text(json.dumps(held))
    told = repeats_of(tmp_path)
    assert "10 % beyond chance" in told.sentences[0]
    assert "1.50 times" in told.sentences[1]
    (tmp_path / "near_repeat.json").write_text(json.dumps(held | {"p": 0.4}))
    assert "within chance" in repeats_of(tmp_path).sentences[0]
    (tmp_path / "near_repeat.json").write_text(json.dumps({"unable": "whole months only"}))
    assert repeats_of(tmp_path).sentences == ("whole months only",)


def test_repeats_are_queued_from_the_page(client: TestClient, workspace: Workspace) -> None:
    assert "Work it out" in client.get("/briefing").text
    assert "Queued" in client.post(f"/runs/{RUN}/near-repeat").text
    assert "Queued" in client.post(f"/runs/{RUN}/near-repeat").text
    (mine,) = [
        one for one in jobs.list(workspace) if one.kind == "near-repeat"
    ]  # asked for twice, queued once
    assert mine.arguments == {"run": RUN}
