"""The ASVS sheet and the threat model name only what there is; the sheet leaves out no id that was read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEET = ROOT / "docs" / "asvs.md"
READ = {  # section: how many requirements of levels 1 and 2 it has, in their order from 1
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "7.1": 3,
    "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "13.1": 1, "13.2": 5,
    "13.3": 2, "13.4": 5, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\w+|n/a) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:src|tests)/[^`]+)`")


def test_every_id_read_has_one_verdict_and_evidence() -> None:
    rows = ROW.findall(SHEET.read_text())
    assert [id_ for id_, _, _ in rows] == [
        f"{at}.{k}" for at, many in READ.items() for k in range(1, many + 1)
    ]
    assert {verdict for _, verdict, _ in rows} <= {"met", "part", "open", "n/a", "site"}
    for id_, verdict, said in rows:
        assert verdict != "met" or NAMED.search(said) or "](" in said, id_


@pytest.mark.parametrize("name", ["asvs.md", "threat-model.md"])
def test_what_is_named_is_there(name: str) -> None:
    named = NAMED.findall((ROOT / "docs" / name).read_text())
    assert len(named) > 20
    assert [one for one in named if not (ROOT / one).exists()] == []
