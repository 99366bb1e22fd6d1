"""Records from facts: whole facts leave nothing missing, each fact taken away is told, changes are named."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from peelian.api.transparency_system import system_says
from peelian.govern.records.all import MAKERS, markdown, records
from peelian.govern.records.assessments import CHARACTERISTICS, equality
from peelian.govern.records.atrs import atrs
from peelian.govern.records.facts import DataFacts, Facts, ModelFacts, changes
from peelian.govern.records.questions import QUESTIONS
from peelian.govern.records.schema import as_published, faults, schema
from peelian.govern.records.tables import algo_care

MODEL = ModelFacts(
    "violence", "violence in public", "week", 4, 4, "Learned mixture", "2", "+0.010 nats, 95 % interval "
    "+0.006 to +0.014", "not audited", "past counts", "from 2021 to 2024", "0.1.0", "run-1", "see docs",
)  # fmt: skip
DATA = DataFacts(
    "police_uk", "kent", "target: recorded crime", 1200, "2021-01-01", "2023-12-31", 31, ("open-data",)
)
WHOLE = Facts(
    "kent", "Kent", False, "0.1.0", "approved", "a post", "a basis", "a panel", (MODEL,), (DATA,),
    {"open-data": "open licence"}, {one.name: one.simulated for one in QUESTIONS},
    system_says() | {"source_urls": "https://data.police.uk"},
)  # fmt: skip


def test_whole_facts_leave_no_field_empty_and_fit_the_schema() -> None:
    made = records(WHOLE)
    assert [one.kind for one in made] == list(MAKERS)
    assert [field.name for one in made for field in one.missing] == []
    assert all(field.text.strip() for one in made for field in one.fields)
    assert faults(as_published(atrs(WHOLE).to_json())) == []


@pytest.mark.parametrize("name", [one.name for one in QUESTIONS if one.name != "reply_within_days"])
def test_each_answer_taken_away_is_missing_somewhere_and_says_what_is_needed(name: str) -> None:
    lacking = replace(WHOLE, answers={**WHOLE.answers, name: "  "})
    found = [field for one in records(lacking) for field in one.missing]
    assert found, f"nothing asks for {name}"
    asked = next(one.asks for one in QUESTIONS if one.name == name)
    assert all(asked in field.text and field.text.startswith("not stated by") for field in found)


@pytest.mark.parametrize("name", ["senior_owner", "lawful_basis", "ethics"])
def test_each_fact_of_the_register_taken_away_is_missing(name: str) -> None:
    found = [field for one in records(replace(WHOLE, **{name: ""})) for field in one.missing]
    assert any("peelian deployment set kent" in field.text for field in found)


def test_no_model_no_data_is_told_by_the_record_and_its_schema() -> None:
    bare = replace(WHOLE, models=(), data=(), agreements={})
    assert {"datasets", "models", "system_input", "data_quantities"} & {f.name for f in atrs(bare).missing}
    assert "record.models_specified: at least 1 needed" in faults(as_published(atrs(bare).to_json()))


def test_the_schema_finds_each_required_name_taken_out_or_emptied() -> None:
    whole = as_published(atrs(WHOLE).to_json())
    assert len(schema()["required"]) >= 55
    for name in schema()["required"]:
        assert faults({k: v for k, v in whole.items() if k != name}), name
        if isinstance(whole[name], str):
            assert faults(whole | {name: ""}), name
    assert faults(whole | {"contact_email": "a person"})


def test_what_the_numbers_are_is_in_the_records() -> None:
    text = markdown(atrs(WHOLE))
    for fact in (
        "+0.006 to +0.014",
        "1,200 rows",
        "31 days within it",
        "not audited",
        "open licence",
        "version",
    ):
        assert fact in text
    assert "stop and search" in text, "the powers that are refused are named"
    heads = [one.label for one in algo_care(WHOLE).fields]
    assert heads == ["Advisory", "Lawful", "Granularity", "Ownership", "Challengeable", "Accuracy",
                     "Responsible", "Explainable"]  # fmt: skip
    assert all(one in markdown(equality(WHOLE)) for one in CHARACTERISTICS)


def test_the_record_says_that_a_list_is_not_shared_out_as_a_plan_is() -> None:
    told = system_says()["risks"]
    assert "flagged places and the lists are not shared out" in told
    assert "flagged places and the lists are not shared out" in markdown(
        atrs(replace(WHOLE, system={**WHOLE.system, "risks": told}))
    )


def test_typed_text_is_no_markup() -> None:
    text = markdown(atrs(replace(WHOLE, answers={**WHOLE.answers, "team": "<script>alert(1)</script>"})))
    assert "<script>" not in text


def test_a_changed_fact_changes_the_digest_and_is_named() -> None:
    other = replace(WHOLE, models=(replace(MODEL, name="Decayed count", version="3"),))
    assert other.digest != WHOLE.digest
    named = changes(WHOLE.settled(), other.settled())
    assert "model of violence by week, 4 together: name: was Learned mixture, is Decayed count" in named
    assert len(named) == 2
    more = replace(WHOLE, data=(replace(DATA, rows=1300, last="2024-01-31"),))
    assert more.digest != WHOLE.digest
    assert changes(WHOLE.settled(), more.settled()) == [], "new rows alone undo no approval"
    assert re.fullmatch("[0-9a-f]{64}", WHOLE.digest)
