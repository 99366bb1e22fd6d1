"""On families of layouts nobody tuned on: how right, and how honest about it."""

from __future__ import annotations

from peelian.propose.proposal import CHECK
from tests.propose.conftest import Pairs
from tests.propose.figures import figures
from tests.propose.judge import LAYOUTS, layouts, split


def test_the_set_is_large_and_no_family_is_in_both_halves() -> None:
    halves = {half: list(layouts(half)) for half in ("seen", "unseen")}
    assert sum(map(len, halves.values())) >= 60
    assert not set(split()["seen"]) & set(split()["unseen"])
    assert {path.stem for path in LAYOUTS.glob("*.yaml")} - {"split"} == {
        f for h in split().values() for f in h
    }
    names = [layout["name"] for half in halves.values() for layout in half]
    assert len(names) == len(set(names))


def test_unseen_layouts_are_mapped_right(unseen: Pairs) -> None:
    got = figures(unseen)
    assert got.files_right >= 0.85
    assert got.fields_right >= 0.95


def test_wrong_proposals_are_marked_and_confidence_is_calibrated(unseen: Pairs) -> None:
    got = figures(unseen)
    assert got.wrong_low >= 0.5 or got.wrong <= 2
    assert got.ece <= 0.07
    assert got.right_low <= 0.15  # and a person is not asked to check everything


def test_a_date_nothing_decides_is_marked_for_checking(unseen: Pairs) -> None:
    doubtful = [p for p, layout in unseen if layout["time"].get("doubt")]
    assert doubtful
    assert all(p.fact("time.format").confidence < CHECK for p in doubtful)


def test_no_value_of_an_unmapped_or_person_column_is_in_what_is_said(unseen: Pairs) -> None:
    import json

    for proposal, layout in unseen:
        people = [name for name, label, _ in layout["columns"] if label == "x"]
        said = json.dumps(proposal.to_json(), ensure_ascii=False)
        for name in ("Quernford", "Okafor", "mail.example"):
            assert name not in said, (layout["name"], people)
