from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.errors import Misuse
from peelian.simulate.scenario import SCENARIOS, load_scenario


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_shipped_scenario_reads(name: str) -> None:
    assert load_scenario(name).name == name


def test_hard_differs_from_plain_only_where_it_says() -> None:
    plain, hard = load_scenario("plain"), load_scenario("hard")
    assert hard.geography == plain.geography
    assert hard.observation.report_slope < plain.observation.report_slope
    assert hard.components["asb"] == plain.components["asb"]


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(Misuse, match="plain, hard, tiny"):
        load_scenario("nowhere")


def test_a_misspelt_number_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("base: plain\nname: mine\nobservation: {report_slop: 1}\n")
    with pytest.raises(Misuse, match=r"observation\.report_slop"):
        load_scenario(str(path))


def test_events_that_breed_more_than_themselves_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("base: plain\nname: mine\ncomponents: {burglary: {branching: 1.2}}\n")
    with pytest.raises(Misuse, match="burglary"):
        load_scenario(str(path))
