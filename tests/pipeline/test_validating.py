"""Validation on a force's labels: only totals leave, simulated labels prove nothing, titles keep faith."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from peelian.api.run_folder import read_run
from peelian.domain.errors import Misuse, Refused
from peelian.domain.target import TARGETS, UNVALIDATED
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.panels import END_OF_TIME
from peelian.pipeline.validating import (
    Validated,
    ValidationRequest,
    is_simulated,
    keep,
    proven,
    resolve_area,
    validate,
    validations,
)
from tests.pipeline.knives import bring_in
from tests.workspaces import fresh

ROOT = Path(__file__).resolve().parents[2]
KNIFE = ForecastRequest(
    "knife-violence", "week", date(2022, 10, 3), window=13, area="testshire", model="year-count"
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Context, list[dict[str, object]]]:
    folder = tmp_path_factory.mktemp("knives")
    ctx = Context(fresh(folder / "home"))
    return ctx, bring_in(ctx, folder)


@pytest.fixture(scope="module")
def answer(held: tuple[Context, list[dict[str, object]]]) -> Validated:
    return validate(held[0], ValidationRequest(area="testshire", windows=2))


def test_it_scores_the_last_year_in_windows_that_do_not_overlap(
    held: tuple[Context, list[dict[str, object]]], answer: Validated
) -> None:
    _, table = held
    knives = [r for r in table if r["knife"] == "high" and str(r["when"]) >= "2022-07-04"]
    body = answer.body
    assert (body["windows"], body["from"], body["to"]) == (2, "2022-07", "2023-01")
    assert body["events"] == len(knives)
    assert body["real_labels"]
    assert body["labels_marked"] == "100 %"
    assert body["power"]["smallest_gain"] is None or body["power"]["smallest_gain"] > 0
    assert any(line.startswith("Power:") for line in answer.lines)


def test_no_row_place_code_or_day_leaves(
    held: tuple[Context, list[dict[str, object]]], answer: Validated
) -> None:
    ctx, table = held
    area = resolve_area(ctx, "testshire", END_OF_TIME)
    text = json.dumps(answer.body) + "\n".join(answer.lines) + answer.path.read_text()
    words = set(re.findall(r"[\w.:-]+", text))
    assert not words & {str(cell) for cell in area.cells.tolist()}
    assert not words & {str(r[key]) for r in table for key in ("id", "e", "n", "lsoa", "when")}
    assert not re.search(r"\d{4}-\d{2}-\d{2}|E0\d{7}|testshire", text)
    assert len(json.dumps(answer.body)) < 2500


def test_a_simulated_force_never_drops_the_words(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    bring_in(ctx, tmp_path, force="simulated-testshire")
    assert is_simulated(ctx, resolve_area(ctx, "simulated-testshire", END_OF_TIME))
    assert proven([{"real_labels": False, "answer": "better"}]) is None
    assert proven([{"real_labels": True, "answer": "better"}]) is not None
    assert proven([{"real_labels": True, "answer": "not better"}]) is None


def test_only_a_passed_validation_on_real_labels_drops_the_words(
    held: tuple[Context, list[dict[str, object]]],
) -> None:
    ctx, _ = held
    area = resolve_area(ctx, "testshire", END_OF_TIME)
    for path in (ctx.ws.home / "validations").rglob("*.json"):
        path.unlink()
    assert validations(ctx, area, "knife-violence") == []
    before = forecast(ctx, KNIFE)
    assert UNVALIDATED in before.title
    assert before.forecast.card["validated"] == {"sentence": UNVALIDATED}
    assert UNVALIDATED in read_run(before.folder).title  # as the map, the list and the exports say it
    body = {"target": "knife-violence", "every": "week", "window": 13, "real_labels": True}
    keep(ctx, area, body | {"answer": "too few to tell"})
    unsure = forecast(ctx, KNIFE)
    assert UNVALIDATED in unsure.title
    told = unsure.forecast.card["validated"]
    assert (told["sentence"], told["answer"]) == (UNVALIDATED, "too few to tell")
    keep(ctx, area, body | {"answer": "better", "events": 250})
    after = forecast(ctx, KNIFE)
    assert UNVALIDATED not in after.title
    assert after.forecast.card["validated"]["events"] == 250
    assert "sentence" not in after.forecast.card["validated"]


def test_a_window_that_would_rank_chance_is_refused(held: tuple[Context, list[dict[str, object]]]) -> None:
    ctx, _ = held
    for every, window in (("week", 1), ("week", 3), ("day", 7), ("day", 27)):
        with pytest.raises(Refused, match=r"0\.029"):
            forecast(ctx, replace(KNIFE, every=every, window=window))
    with pytest.raises(Refused, match="rank chance"):
        validate(ctx, ValidationRequest(area="testshire", window=2))
    scored = forecast(ctx, replace(KNIFE, window=1, for_evaluation=True))
    assert "do not act" in scored.forecast.card["evaluation_only"]
    assert "do not act" in read_run(scored.folder).title
    fit_to_use = forecast(ctx, replace(KNIFE, window=4, for_evaluation=True))
    assert "evaluation_only" not in fit_to_use.forecast.card


def test_labels_nobody_gave_are_unknown_not_none(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    bring_in(ctx, tmp_path, marked=False)
    for act in (lambda: forecast(ctx, KNIFE), lambda: validate(ctx, ValidationRequest(area="testshire"))):
        with pytest.raises(Refused, match="whether a knife was there"):
            act()


def test_what_cannot_be_validated_is_refused(held: tuple[Context, list[dict[str, object]]]) -> None:
    ctx, _ = held
    with pytest.raises(Misuse, match="no model to validate"):
        validate(ctx, ValidationRequest(area="testshire", model="year-count"))
    with pytest.raises(Refused, match="too short"):
        validate(ctx, ValidationRequest(area="testshire", window=60))


def test_the_words_stay_on_readme_pages_and_targets() -> None:
    words = "nife-enabled violence: not yet validated on real labels"
    for page in ("README.md", "docs/knife.md", "docs/how-to/validate-knife.md"):
        assert words in (ROOT / page).read_text(), page
    knife = TARGETS["knife-violence"]
    for known, some in ((True, False), (False, False), (False, True)):
        assert UNVALIDATED in knife.title(known, some)
        assert UNVALIDATED not in knife.title(known, some, validated=True)
