"""The catalogue: no figure without source, year, sentence, interval or unknown; powers stay unplannable."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.intervention import UNKNOWN, Evidence, InterventionKind
from peelian.domain.plan import NOT_PLANNABLE
from peelian.domain.recorded_only import power_named
from peelian.plan.catalogue.check import faults
from peelian.plan.catalogue.load import checked, combined, digest, kind_named, read_kinds, shipped
from peelian.plan.catalogue.view import catalogue_view, kind_lines, strength_of
from peelian.plan.catalogue.words import OUTCOMES

KINDS = Path(__file__).parents[2] / "src/peelian/plan/catalogue/kinds"
DOC = Path(__file__).parents[2] / "docs/interventions.md"
ENTRIES = [(kind, one) for kind in shipped() for one in kind.evidence]
LIGHTING = kind_named("lighting")
PROOF = LIGHTING.evidence[0]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda pair: f"{pair[0].id}-{pair[1].year}")
def test_each_figure_has_a_source_a_year_a_sentence_and_an_interval_or_unknown(
    entry: tuple[InterventionKind, Evidence],
) -> None:
    """Written against the data alone, without the module that checks them on the way in."""
    kind, one = entry
    assert all(text.strip() for text in (one.source, one.where, one.sentence)), kind.id
    assert 1980 <= one.year <= 2026
    numbers = re.findall(r"\d+(?:\.\d+)?", one.effect)
    assert all(number in one.sentence for number in numbers)
    if one.low == UNKNOWN:
        assert one.high == UNKNOWN
    else:
        assert float(one.low) <= float(numbers[0]) <= float(one.high)
        assert {one.low, one.high} <= set(re.findall(r"\d+(?:\.\d+)?", one.sentence))
    assert one.outcome in OUTCOMES


def test_a_kind_without_evidence_says_that_its_effect_is_unknown() -> None:
    kind = kind_named("mediation")
    assert not kind.evidence
    assert "  effect: unknown (no source was read)" in kind_lines(kind)


def test_text_outside_the_evidence_holds_no_figure_but_a_cost_with_its_year() -> None:
    for kind in shipped():
        assert not re.search(r"\d", kind.mechanism + kind.harms + kind.title), kind.id
        for text in (kind.cost, kind.duration):
            assert text == UNKNOWN or re.search(r"\b20\d\d\b", text), kind.id


def test_one_file_a_kind_named_after_it_and_all_of_them_in_the_doc() -> None:
    assert {one.stem.replace("-", " ") for one in KINDS.glob("*.toml")} == {one.id for one in shipped()}
    text = DOC.read_text()
    assert [one.id for one in shipped() if f"`{one.id}`" not in text] == []
    table = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(table) == sum(one.plannable for one in shipped())
    for line, kind in zip(table, (one for one in shipped() if one.plannable), strict=True):
        assert not kind.evidence or any(f"{one.outcome}: {one.effect}" in line for one in kind.evidence)
        assert line.endswith(f"| {strength_of(kind)} |")


def test_every_power_of_the_list_is_there_to_be_recorded_and_none_may_be_planned() -> None:
    powers = [kind_named(name) for name in NOT_PLANNABLE]
    assert not any(one.plannable or one.prevention for one in powers)
    assert {one.id for one in shipped() if not one.plannable} == set(NOT_PLANNABLE)
    view = catalogue_view(shipped())
    assert {one["id"] for one in view["recorded_only"]} == set(NOT_PLANNABLE)
    assert not {one["id"] for one in view["kinds"]} & set(NOT_PLANNABLE)


@pytest.mark.parametrize(
    "name",
    ["Live facial recognition", "LFR van", "Face matching at the station", "Stop & Search day", "stop-search",
     "Section 60 order", "s60", "S. 60", "SECTION SIXTY", "Dispersal zone", "Closure order",
     "closure notices", "ｓtop and search", "biometric gate"],
)  # fmt: skip
def test_no_other_name_makes_a_power_plannable(name: str) -> None:
    assert power_named(name) in NOT_PLANNABLE
    disguised = replace(LIGHTING, id="our own kind", title=name)
    assert any("never plannable" in what for what in faults(disguised))
    assert not faults(replace(disguised, plannable=False, prevention=False))


@pytest.mark.parametrize("name", ["Police's 60-minute visits", "School street closure", "Research of parks"])
def test_everyday_names_are_not_taken_for_a_power(name: str) -> None:
    assert power_named(name) is None


def test_no_shipped_kind_that_may_be_planned_is_taken_for_a_power() -> None:
    assert [one.id for one in shipped() if one.plannable and power_named(one.id, one.title)] == []


WRONG: list[tuple[str, Callable[[InterventionKind], InterventionKind]]] = [
    ("not in the sentence", lambda kind: _with(kind, effect="-15 %")),
    ("not in the sentence", lambda kind: _with(kind, low="-20", high="-8")),
    ("both ends", lambda kind: _with(kind, low="14")),
    ("effect that is unknown", lambda kind: _with(kind, effect="unknown", low="14", high="14")),
    ("source is empty", lambda kind: _with(kind, source=" ")),
    ("sentence is empty", lambda kind: _with(kind, sentence="")),
    ("no year", lambda kind: _with(kind, year=22)),
    ("outcome must be", lambda kind: _with(kind, outcome="knives")),
    ("strength must be", lambda kind: _with(kind, strength="huge")),
    ("cost is neither", lambda kind: replace(kind, cost="about £200 a lamp")),
    ("duration is neither", lambda kind: replace(kind, duration="long")),
    ("holds a figure", lambda kind: replace(kind, harms="3 people complained")),
    ("fits_settings must", lambda kind: replace(kind, fits_settings=("moon",))),
    ("fits_targets must", lambda kind: replace(kind, fits_targets=())),
    ("id is not", lambda kind: replace(kind, id="Street_Lighting")),
    ("may not be planned", lambda kind: replace(kind, plannable=False)),
    ("lead_agency is empty", lambda kind: replace(kind, lead_agency="")),
]


@pytest.mark.parametrize(("word", "spoil"), WRONG)
def test_a_kind_that_breaks_a_rule_is_refused_with_the_reason(
    word: str, spoil: Callable[[InterventionKind], InterventionKind]
) -> None:
    assert not faults(LIGHTING)
    with pytest.raises(Misuse, match=word):
        checked([spoil(LIGHTING)])


def test_a_file_may_hold_several_kinds_and_a_missing_or_odd_field_is_named() -> None:
    one = (KINDS / "mediation.toml").read_text()
    two = "[[kind]]\n" + one + "\n[[kind]]\n" + one.replace('id = "mediation"', 'id = "street mediation"')
    assert [kind.id for kind in read_kinds(two)] == ["mediation", "street mediation"]
    with pytest.raises(Misuse, match="an id is there twice"):
        read_kinds("[[kind]]\n" + one + "\n[[kind]]\n" + one)
    with pytest.raises(Misuse, match="just the fields"):
        read_kinds(one.replace("harms =", "hurts ="))
    with pytest.raises(Misuse, match="plannable is no bool"):
        read_kinds(one.replace("plannable = true", 'plannable = "yes"'))
    with pytest.raises(Misuse, match="not TOML"):
        read_kinds("id = ")


def test_an_own_kind_replaces_one_of_its_id_or_is_added_and_changes_the_digest() -> None:
    own = (replace(LIGHTING, title="Our lamps"), replace(LIGHTING, id="our wardens", title="Wardens"))
    made = combined(shipped(), own)
    assert len(made) == len(shipped()) + 1
    assert kind_named("lighting", made).title == "Our lamps"
    assert digest(made) != digest(shipped()) == digest(combined(shipped(), ()))


def test_hyphens_stand_for_spaces_and_an_unknown_kind_is_not_found() -> None:
    assert kind_named("Late-Night-Levy").id == "late night levy"
    with pytest.raises(NotFound):
        kind_named("tanks")


def _with(kind: InterventionKind, **changed: object) -> InterventionKind:
    return replace(kind, evidence=(Evidence(**{**asdict(PROOF), **changed}),))  # type: ignore[arg-type]
