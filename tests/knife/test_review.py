"""From ingest to a person's decision and back into the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.pipeline.context import Context
from peelian.pipeline.reviewing import decide_knife, knife_figures, knife_queue, knife_row
from peelian.store.audit import list_audit
from peelian.store.ledger import read_events, read_versions
from peelian.store.workspace import Workspace
from tests.knife.feed import data_file, line, mapping_file, take

LINES = [
    line(1, "Stabbed in the leg by unknown male"),
    line(2, "Male said he had a knife, phone taken, not seen", kind="34B"),
    line(3, "He shouted that he would stab him"),
    line(4, "Punched in the face"),
    line(5),
    line(6, "", "K"),
    line(7, "Lock knife found on search", kind="10D"),
]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return mapping_file(tmp_path)


def marks(ws: Workspace, **cut: datetime) -> list[tuple[str, str]]:
    rows = read_events(ws, columns=["start", "offence", "knife", "knife_why"], **cut)  # type: ignore[arg-type]
    return sorted((str(knife), why or "") for knife, why in rows.select("knife", "knife_why").iter_rows())


def number(ws: Workspace, row: int) -> int:
    return int(next(one.id for one in knife_queue(Context(ws)) if one.row == row))


def test_rows_are_marked_and_queued_with_the_file(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    file = data_file(tmp_path, LINES)
    take(ws, file, mapping)
    assert marks(ws) == [
        ("high", "used: stabbed"), ("high", "weapon code: knife"), ("low", "verbal threat"),
        ("medium", "believed: knife"), ("none", "no word of a blade"),
        ("none", "possession offence, counted apart; not counted: found or stolen"),
        ("unknown", "neither weapon nor narrative given"),
    ]  # fmt: skip
    queue = knife_queue(Context(ws))
    assert {(one.row, one.band, one.weight) for one in queue} == {
        (1, "high", 1.0), (2, "medium", 1.0), (3, "low", 1.0), (4, "none", 1.0), (6, "high", 1.0),
        (7, "none", 1.0),
    }  # fmt: skip
    assert len({one.key for one in queue}) == 6
    assert all(len(one.key) == 32 for one in queue)
    take(ws, file, mapping)  # again: nothing new, nothing queued twice
    assert len(knife_queue(Context(ws))) == 6


def test_a_sample_says_how_many_it_stands_for(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    lines = [line(k, "Punched in the face", day=1 + k % 28) for k in range(300)]
    take(ws, data_file(tmp_path, lines), mapping)
    queue = knife_queue(Context(ws), last=1000)
    assert len(queue) == 60
    assert {one.weight for one in queue} == {5.0}
    assert [one.key for one in queue] == sorted(one.key for one in queue)


def test_a_decision_is_a_new_version(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    take(ws, data_file(tmp_path, LINES), mapping)
    before = datetime.now(UTC)
    low = number(ws, 3)
    made = decide_knife(Context(ws), low, "yes")
    assert (made.band, made.mark, made.changed) == ("low", "high", True)
    assert ("high", "reviewed: yes; before: verbal threat") in marks(ws)
    assert ("low", "verbal threat") in marks(ws, as_of=before)  # what was known then stays known so
    versions = read_versions(ws, columns=["op", "version", "content", "knife"]).filter(pl.col("version") > 0)
    assert versions["op"].cast(pl.String).to_list() == ["revise"]
    assert list_audit(ws, last=1)[0].verb == "alteration"
    assert low not in {one.id for one in knife_queue(Context(ws))}
    # Changed one's mind: no, then unsure gives back what the classifier said.
    assert decide_knife(Context(ws), low, "no").mark == "none"
    assert decide_knife(Context(ws), low, "unsure").mark == "low"
    assert ("low", "verbal threat") in marks(ws)


def test_the_same_row_again_does_not_undo_a_decision(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    take(ws, data_file(tmp_path, LINES), mapping)
    decide_knife(Context(ws), number(ws, 3), "yes")
    later = (datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%d")
    again = [line(3, "He shouted that he would stab him", got=later), line(8, "Kicked")]
    take(ws, data_file(tmp_path, again, "again.csv"), mapping)
    assert ("high", "reviewed: yes; before: verbal threat") in marks(ws)
    # Other words of the same event: the classifier speaks again, and the row waits again.
    new = [line(3, "He threatened him with a knife", got=later), line(9, "Kicked")]
    take(ws, data_file(tmp_path, new, "new.csv"), mapping)
    assert ("high", "threat: knife") in marks(ws)
    assert any(one.why == "threat: knife" for one in knife_queue(Context(ws)))


def test_a_late_correction_is_not_undone_by_a_decision(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    take(ws, data_file(tmp_path, LINES), mapping)
    decide_knife(Context(ws), number(ws, 3), "yes")
    # The source had reclassified it before the decision, and its file comes after.
    late = [line(3, "He shouted that he would stab him", kind="34B", got="2024-04-15")]
    take(ws, data_file(tmp_path, late, "late.csv"), mapping)
    rows = read_events(ws, columns=["group", "knife", "knife_why", "content"])
    (row,) = rows.filter(pl.col("knife_why").str.contains("verbal threat")).iter_rows(named=True)
    assert row["group"] == "robbery"
    # It was known before anyone had decided, so the mark is the classifier's, and the row waits again.
    assert row["knife"] == "low"
    assert number(ws, 1)
    assert [one.row for one in knife_queue(Context(ws)) if one.why == "verbal threat"] == [1]


def test_what_cannot_be_decided(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    take(ws, data_file(tmp_path, LINES), mapping)
    with pytest.raises(NotFound):
        decide_knife(Context(ws), 9999, "yes")
    with pytest.raises(Misuse):
        decide_knife(Context(ws), number(ws, 3), "perhaps")
    old = number(ws, 3)
    later = (datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%d")
    take(ws, data_file(tmp_path, [line(3, "Stabbed", got=later)], "new.csv"), mapping)
    with pytest.raises(Refused, match="changed since"):
        decide_knife(Context(ws), old, "yes")


def test_a_narrative_is_read_from_the_same_file_only(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    file = data_file(tmp_path, LINES)
    take(ws, file, mapping)
    shown = knife_row(Context(ws), number(ws, 2), file, str(mapping))
    assert shown.narrative == "Male said he had a knife, phone taken, not seen"
    assert (shown.row, shown.band) == (2, "medium")
    assert list_audit(ws, last=1)[0].verb == "consultation"
    other = data_file(tmp_path, [*LINES, line(8)], "other.csv")
    with pytest.raises(Refused, match="not the file"):
        knife_row(Context(ws), number(ws, 2), other, str(mapping))
    with pytest.raises(Misuse, match="mapping"):
        knife_row(Context(ws), number(ws, 2), file)


def test_figures_follow_the_decisions(ws: Workspace, tmp_path: Path, mapping: Path) -> None:
    take(ws, data_file(tmp_path, LINES), mapping)
    assert knife_figures(Context(ws))[0].precision is None
    for row, decision in ((1, "yes"), (2, "yes"), (6, "no"), (3, "no"), (4, "no"), (7, "no")):
        decide_knife(Context(ws), number(ws, row), decision)
    found = knife_figures(Context(ws))[0]  # every row was queued and reviewed: that is enough
    assert found.precision is not None
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.recall is not None
    assert found.recall.value == 1.0


def test_a_mark_of_the_file_wins(ws: Workspace, tmp_path: Path) -> None:
    columns = {"id": "ref", "occurred": "at", "offence": "kind", "narrative": "mo", "knife": "tool"}
    mapping = mapping_file(
        tmp_path, columns=columns, values={"knife": {"Y": "high", "N": "none"}}, weapons={}
    )
    lines = [line(1, "Stabbed", "N"), line(2, "Stabbed", ""), line(3, "Punched", "Y")]
    take(ws, data_file(tmp_path, lines), mapping)
    assert marks(ws) == [("high", ""), ("high", "used: stabbed"), ("none", "")]
    assert {one.row for one in knife_queue(Context(ws))} == {2}
