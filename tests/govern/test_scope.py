"""The allow-list is the list: every source is on it with a class, every barred kind is refused by name."""

from __future__ import annotations

import pytest

from peelian.domain.errors import Refused
from peelian.govern.scope import CLASSES, check_source, inputs, sources
from peelian.guard.barred import barred_kinds
from peelian.sources import SOURCES


def test_every_source_is_on_the_list_and_nothing_else_is() -> None:
    assert set(sources()) == set(SOURCES)
    assert {one.cls for one in sources().values()} <= set(CLASSES) - {"refused"}


def test_patrols_only_audit_and_free_text_is_refused() -> None:
    assert sources()["patrols"].cls == "audit"
    assert inputs()["free text"].cls == "refused"


@pytest.mark.parametrize("kind", [one.kind for one in barred_kinds()])
def test_a_barred_kind_is_refused_by_name_with_its_reason(kind: str) -> None:
    (barred,) = [one for one in barred_kinds() if one.kind == kind]
    assert inputs()[barred.title].reason == barred.reason
    if kind in NAMED:
        with pytest.raises(Refused, match="never takes"):
            check_source(kind)


NAMED = {
    "stop-and-search", "arrests", "custody", "intelligence", "gangs", "anpr", "facial-recognition",
    "social-media", "phone-location", "nominals", "informants", "immigration", "prevent",
    "benefits", "victims",
}  # fmt: skip


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(Refused, match="not on the allow-list"):
        check_source("weather-of-mars")
    assert check_source("police-uk").cls == "target"
