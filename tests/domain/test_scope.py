"""The allow-list: what enforcement produces can be shown and never drives a forecast."""

from __future__ import annotations

import pytest

from peelian.domain.errors import Misuse
from peelian.domain.event import LEDGER_SCHEMA, OUTCOME_SCHEMA
from peelian.domain.offence import ENFORCEMENT_GROUPS, GROUPS, scope_of
from peelian.domain.target import FEATURE_GROUPS, TARGETS, target_named

PERSON_SHAPED = {
    "name",
    "dob",
    "birth",
    "address",
    "phone",
    "email",
    "nhs",
    "pnc",
    "vehicle",
    "suspect",
    "text",
}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("found_by", ["public", "officer", "unknown"])
def test_scope_truth_table(group: str, found_by: str) -> None:
    barred = group in {"weapons-possession", "drugs", "public-order", "other"} or found_by == "officer"
    assert scope_of(group, found_by) == ("display" if barred else "target")


def test_no_enforcement_group_is_a_target_or_feature() -> None:
    used = set(FEATURE_GROUPS) | {g for t in TARGETS.values() for g in t.groups}
    assert used & ENFORCEMENT_GROUPS == set()


def test_no_column_has_room_for_a_person() -> None:
    for column in [*LEDGER_SCHEMA, *OUTCOME_SCHEMA]:
        assert not PERSON_SHAPED & set(column.split("_")), column


def test_unknown_marks_change_the_title() -> None:
    target = target_named("violence")
    assert "including in homes" in target.title(marks_known=False)
    assert "public places" in target.title(marks_known=True)
    assert "not marked" in target.title(marks_known=False, some_left_out=True)
    with pytest.raises(Misuse, match="violence, knife-violence"):
        target_named("crime")
