"""Matching: every place gets a prevention option or the statement; powers never appear."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from peelian.domain.errors import Misuse
from peelian.domain.intervention import Evidence
from peelian.domain.plan import NOT_PLANNABLE
from peelian.domain.recorded_only import power_named
from peelian.domain.target import TARGETS
from peelian.plan.catalogue.load import kind_named, shipped
from peelian.plan.catalogue.words import HOURS, SETTINGS, Pattern, settings_of
from peelian.plan.options import GENERAL_ONLY, NO_OPTION, Offer, evidence_on, options

PATTERNS: tuple[Pattern, ...] = ("stable", "flaring", "fading", "quiet", "unknown")
EVERY = tuple(product(((), *((one,) for one in SETTINGS), SETTINGS), ((), *((one,) for one in HOURS)),
                      TARGETS, PATTERNS))  # fmt: skip


@pytest.fixture(scope="module")
def offers() -> list[tuple[tuple[str, ...], tuple[str, ...], str, Pattern, Offer]]:
    return [(*asked, options(*asked)) for asked in EVERY]


def test_every_place_gets_a_prevention_option_or_the_statement(offers: list) -> None:  # type: ignore[type-arg]
    for *_, offer in offers:
        assert (offer.prevention is not None) == (offer.statement == "")
        assert offer.statement in ("", NO_OPTION)
    assert {offer.statement for *_, offer in offers} == {"", NO_OPTION}  # the statement does occur


def test_no_place_of_any_kind_is_offered_a_power(offers: list) -> None:  # type: ignore[type-arg]
    for *_, offer in offers:
        for one in (*offer.options, *offer.unproven):
            assert one.kind not in NOT_PLANNABLE
            assert power_named(one.kind, one.title) is None


def test_nor_is_it_when_a_catalogue_says_that_a_power_may_be_planned() -> None:
    proof = kind_named("problem solving").evidence
    forged = [
        replace(kind_named(name), plannable=True, prevention=True, evidence=proof) for name in NOT_PLANNABLE
    ]
    renamed = [replace(one, id=f"plan {k}", title=f"{one.title}!") for k, one in enumerate(forged)]
    for asked in EVERY[::7]:
        offer = options(*asked, kinds=[*forged, *renamed])
        assert offer.options == offer.unproven == ()
        assert offer.statement == NO_OPTION


def test_a_stable_place_is_offered_problem_solving_first_and_a_flaring_one_presence(offers: list) -> None:  # type: ignore[type-arg]
    for *_, target, pattern, offer in offers:
        if pattern in ("stable", "fading"):
            assert offer.options[0].kind == "problem solving"
        elif pattern == "flaring" and target != "burglary":  # presence in the street is not for burglary
            assert offer.options[0].kind == "visible presence"


def test_each_option_names_a_lead_agency_and_why_it_fits(offers: list) -> None:  # type: ignore[type-arg]
    for *_, offer in offers:
        for one in offer.options:
            assert all((one.lead_agency, one.reason, one.finding))
            assert one.strength in ("strong", "moderate", "weak")


def test_a_night_economy_at_night_gets_licensing_and_a_school_in_the_afternoon_stewards() -> None:
    night = options(["pub", "nightclub"], ["night"], "violence", "stable")
    assert [one.kind for one in night.options] == [
        "problem solving", "shared injury data", "visible presence", "hospital navigators", "licensing visit",
    ]  # fmt: skip
    assert "in the night" in night.options[-1].reason
    school = options("secondary school", ["afternoon"], "robbery", "flaring")
    assert [one.kind for one in school.options] == ["visible presence", "school route stewards"]


def test_what_was_found_without_effect_is_never_offered_for_that_problem() -> None:
    dark = options("parks", "night", "violence", "stable")
    assert "lighting" in [
        one.kind for one in dark.unproven
    ]  # all crime falls, violence was looked at and did not
    assert "lighting" in [one.kind for one in options("parks", "night", "asb", "stable").options]
    knives = options((), (), "knife-violence", "unknown")
    assert "knife bins" in [one.kind for one in knives.unproven]


def test_evidence_on_the_problem_itself_goes_before_evidence_on_all_crime() -> None:
    strength, entry = evidence_on(kind_named("visible presence"), "violence")
    assert (strength, entry.year if entry else 0) == ("moderate", 2021)
    assert evidence_on(kind_named("visible presence"), "asb")[0] == "strong"
    assert evidence_on(kind_named("mediation"), "asb") == ("unknown", None)


def test_an_entry_that_found_nothing_outweighs_one_that_found_something() -> None:
    kind = kind_named("visible presence")
    nothing: Evidence = replace(kind.evidence[1], effect="no effect", strength="none")
    assert evidence_on(replace(kind, evidence=(*kind.evidence, nothing)), "violence")[0] == "none"


def test_the_best_prevention_option_stays_even_where_others_outrank_it() -> None:
    offer = options("school", "morning", "violence", "flaring", most=1)
    assert [one.kind for one in offer.options] == ["visible presence", "school route stewards"]


def test_no_setting_known_leaves_only_what_fits_any_place() -> None:
    offer = options((), (), "violence", "flaring")
    assert [one.kind for one in offer.options] == ["visible presence"]
    assert offer.statement == NO_OPTION


def test_a_general_method_alone_is_said_to_be_that() -> None:
    bare = options((), (), "theft", "stable")
    assert (bare.statement, bare.note) == ("", GENERAL_ONLY)
    assert options("shop", ("evening",), "theft", "stable").note == ""
    assert options((), (), "theft", "flaring").note == ""  # the statement says more


def test_words_for_places() -> None:
    assert settings_of(["bus stop", "corner shop", "moon"]) == ("stations", "retail")
    assert settings_of("car-park") == ("car parks",)


def test_an_unknown_target_or_hour_is_refused() -> None:
    with pytest.raises(Misuse, match="unknown target"):
        options((), (), "people")
    with pytest.raises(Misuse, match="word for hours"):
        options((), "noon", "asb")
    with pytest.raises(Misuse, match="unknown pattern"):
        options((), (), "asb", "odd")  # type: ignore[arg-type]


def test_the_same_question_gets_the_same_answer_whatever_the_order_of_the_catalogue() -> None:
    asked = (SETTINGS, HOURS, "violence", "stable")
    assert options(*asked, kinds=shipped()[::-1]) == options(*asked)  # type: ignore[arg-type]
