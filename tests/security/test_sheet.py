"""The ASVS sheet and the threat model name only what there is; the sheet leaves nothing out."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
CHAPTERS: Final = {  # section: how many requirements of levels 1 and 2 it has, numbered from 1 on
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3,
    "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1,
    "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip
VERDICTS: Final = {"met", "part", "open", "n/a", "site"}
NAMED: Final = re.compile(r"`((?:src|tests)/[^`]+)`")


def sheet() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_requirement_of_the_chapters_is_missing() -> None:
    wanted = [f"{at}.{k}" for at, many in CHAPTERS.items() for k in range(1, many + 1)]
    assert [row["id"] for row in sheet()] == wanted


def test_none_is_empty_and_what_is_met_has_evidence() -> None:
    for row in sheet():
        assert row["level"] in {"1", "2"}, row["id"]
        assert 0 < len(row["requirement"]) <= 80, row["id"]
        assert row["verdict"] in VERDICTS, row["id"]
        if row["verdict"] == "met":
            assert row["evidence"], row["id"]
        else:
            assert row["note"], row["id"]  # what lacks, or why not


def test_all_evidence_is_there() -> None:
    named = {one for row in sheet() for one in row["evidence"].split(";") if one}
    assert len(named) > 50
    assert sorted(one for one in named if not (ROOT / one).is_file()) == []


def test_the_page_says_what_the_sheet_says() -> None:
    page, rows = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"), sheet()
    many = Counter(row["verdict"] for row in rows)
    said = (
        f"{len(rows)} requirements: {many['met']} met, {many['part']} in part, {many['open']} open, "
        f"{many['site']} for the site, {many['n/a']} not applicable."
    )
    assert said in page
    for row in rows:
        line = f"| {row['id']} | {row['verdict']} | {row['requirement']} | {row['note']} |"
        assert (line in page) == (row["verdict"] in {"open", "part"}), row["id"]


def test_what_the_threat_model_names_is_there() -> None:
    named = NAMED.findall((ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [one for one in named if not (ROOT / one).exists()] == []
