"""What the register takes and refuses, and which words are powers that are recorded only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.acting_made import TODAY, TYPED, entry, typed

from peelian.domain.decision import check_second, decision_of
from peelian.domain.errors import Misuse, PeelianError, Refused
from peelian.domain.plan import NOT_PLANNABLE
from peelian.domain.problem import action_of, part_of
from peelian.domain.recorded_only import names_power
from peelian.domain.register_rules import FIELDS, check_entry, entry_of, overlaps
from peelian.plan.catalogue.load import shipped

SECRET = "Zanzibar"


def refuse(**changes: str) -> PeelianError:
    with pytest.raises(PeelianError) as caught:
        check_entry(entry(**changes), today=TODAY, areas={"SIM1"})
    return caught.value


def test_a_sound_entry_is_as_it_was_typed() -> None:
    one = check_entry(entry(), today=TODAY, areas={"SIM1"})
    assert (one.places, one.dose, one.cost) == (("100", "101"), 24.0, 1200.0)
    assert set(TYPED) == set(FIELDS)
    assert entry(places="", area_kind="").area_kind == "area"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": ""}, "lacks its dates"),
        ({"start": "", "end": "", "dose": ""}, "lacks its dates, its dose"),
        ({"dose_unit": " "}, "lacks the unit of its dose"),
        ({"decision_maker": ""}, "who decided"),
        ({"reason": ""}, "lacks its reason"),
        ({"start": "2026-11-01"}, "ends before it starts"),
        ({"start": "2026-11-02"}, "ends before it starts"),
        ({"start": "2026-11-29", "end": "2026-12-01"}, "lies in the future"),
        ({"end": "2026-11-30"}, "lies in the future"),
        ({"dose": "0"}, "no dose"),
        ({"dose": "-1"}, "no dose"),
        ({"dose": "nan"}, "no dose"),
        ({"cost": "-5"}, "no amount"),
        ({"area": SECRET}, "area that is not known"),
        ({"area_kind": ""}, "what its places are"),
        ({"area_kind": "area"}, "what its places are"),
        ({"places": ""}, "names no place"),
        ({"kind": "section-60"}, "no legal reference"),
        ({"title": "Live facial recognition at the station"}, "no legal reference"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_stand_is_refused_with_its_reason(changes: dict[str, str], said: str) -> None:
    error = refuse(**changes)
    assert isinstance(error, Refused)
    assert said in error.sentence
    assert SECRET not in error.sentence


@pytest.mark.parametrize(
    "changes", [{"start": SECRET}, {"dose": SECRET}, {"cost": SECRET}, {"title": "x" * 201}]
)
def test_what_is_no_date_or_number_is_misuse_and_never_said_back(changes: dict[str, str]) -> None:
    with pytest.raises(Misuse) as caught:
        entry_of(typed(**changes))
    assert SECRET not in caught.value.sentence


def test_an_entry_up_to_today_is_no_future() -> None:
    day_after = str(TODAY + timedelta(days=1))  # exclusive: the last day is today
    assert check_entry(entry(end=day_after), today=TODAY, areas={"SIM1"}).end > TODAY


def test_a_power_is_recorded_with_its_legal_reference() -> None:
    one = entry(kind="section-60", legal_reference="Criminal Justice and Public Order Act 1994, section 60")
    assert check_entry(one, today=TODAY, areas={"SIM1"}) == one


@pytest.mark.parametrize(
    ("changes", "does"),
    [
        ({}, True), ({"start": "2026-10-31"}, True), ({"places": "101;7"}, True),
        ({"places": "", "area_kind": "area"}, True),
        ({"start": "2026-11-01", "end": "2026-11-05"}, False),
        ({"start": "2026-09-01", "end": "2026-10-01"}, False),
        ({"places": "7"}, False), ({"kind": "lighting"}, False), ({"area": "SIM2"}, False),
        ({"area_kind": "ward"}, False),
    ],
)  # fmt: skip
def test_entries_overlap_by_kind_places_and_days(changes: dict[str, str], does: bool) -> None:
    assert overlaps(entry(), entry(**changes)) is does
    assert overlaps(entry(**changes), entry()) is does


@pytest.mark.parametrize("power", [*NOT_PLANNABLE, "overt LFR", "Stop-and-Search operations", "S60 authority",
                                   "dispersal-powers", "premises closure", "closure order"])  # fmt: skip
def test_each_power_is_known_by_its_words(power: str) -> None:
    assert names_power(power)


@pytest.mark.parametrize("fine", ["road closure for a school street", "bus stop and shelter lighting",
                                  "patrol", "stop the research", "dispersal of litter", "cctv"])  # fmt: skip
def test_other_words_are_no_power(fine: str) -> None:
    assert not names_power(fine)


def test_no_power_is_proposed_in_a_response_or_an_action() -> None:
    with pytest.raises(Refused, match="recorded and evaluated only"):
        part_of("response", "ask for a Section 60 order")
    assert part_of("analysis", "a Section 60 order of 2024 changed little")[0] == "analysis"
    with pytest.raises(Refused, match="recorded and evaluated only"):
        action_of("deploy facial recognition", "police", TODAY, 1)
    with pytest.raises(Misuse):
        part_of("scannning", "x")


def test_a_decision_says_what_why_who_and_the_options() -> None:
    full = {"decided": "outreach", "by_role": "chair", "why": "fits", "options": ("do nothing",)}
    assert decision_of("plan", "p1", **full).cites_forecast  # type: ignore[arg-type]
    assert not decision_of("problem", "1", **full).cites_forecast  # type: ignore[arg-type]
    for name, empty in (("decided", ""), ("by_role", " "), ("why", ""), ("options", ()), ("options", (" ",))):
        with pytest.raises(Misuse):
            decision_of("plan", "p1", **(full | {name: empty}))  # type: ignore[arg-type]
    with pytest.raises(Misuse):
        decision_of("person", "x", **full)  # type: ignore[arg-type]


def test_a_second_approver_is_needed_for_a_power_where_a_forecast_points() -> None:
    def needs(about: str, decided: str, **more: object) -> bool:
        full = {"decided": decided, "by_role": "chair", "why": "x", "options": ("none",)} | more
        return decision_of(about, "1", **full).needs_second  # type: ignore[arg-type]

    assert needs("plan", "deploy facial recognition")
    assert needs("problem", "act", kind="section-60", cites_forecast=True)
    assert not needs("problem", "act", kind="section-60")
    assert not needs("plan", "no stop and search", refused=True)
    assert not needs("plan", "outreach")


def test_the_second_approver_has_another_role() -> None:
    assert check_second("Chair", " ethics  panel ") == "ethics panel"
    with pytest.raises(Refused, match="the role that decided"):
        check_second("Partnership  chair", "partnership Chair")
    with pytest.raises(Misuse):
        check_second("chair", " ")


def test_the_words_agree_with_the_catalogue() -> None:
    """A kind that ships is a power by its words just when its file says it is not plannable."""
    for kind in shipped():
        assert names_power(kind.id, kind.title) is not kind.plannable, kind.id
