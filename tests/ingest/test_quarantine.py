"""Rows put aside: a rule mends them, from what was kept or from their file; nothing is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from peelian.domain.errors import Misuse, Refused
from peelian.ingest.report import IngestReport
from peelian.pipeline.context import Context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.mending import MendingRule
from peelian.pipeline.quarantining import codes_aside, drop_aside, list_aside, replay_aside, try_rule
from peelian.store.audit import list_audit
from peelian.store.intake import list_files
from peelian.store.ledger import read_events, state
from peelian.store.quarantine import Choice
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

MAPPING = {
    "source": "s", "force": "simulated-x",
    "columns": {"id": "ref", "occurred": "when", "easting": "x", "northing": "y", "offence": "what",
                "status": "state"},
    "discard": {"notes": "not needed"}, "codes": {"A1": "violence"},
    "values": {"status": {"NC": "retract", "OK": "stands"}},
}  # fmt: skip
ROWS = ["ref,when,x,y,what,state,notes"] + [
    f"r{k},2023-05-{k % 27 + 1:02d} 12:{k:02d},{455000 + k},{212000 + k},{'A1' if k % 4 else 'R7'},OK,seen"
    for k in range(40)
]


@pytest.fixture
def ctx(ws: Workspace) -> Context:
    return Context(ws)


def files(folder: Path, mapping: dict[str, object] = MAPPING) -> tuple[Path, Path]:
    (folder / "m.yaml").write_text(yaml.safe_dump(mapping))
    (folder / "f.csv").write_text("\n".join(ROWS) + "\n")
    return folder / "f.csv", folder / "m.yaml"


def take(ctx: Context, folder: Path, mapping: dict[str, object] = MAPPING) -> IngestReport:
    file, where = files(folder, mapping)
    return ingest(ctx, IngestRequest("table", (file,), str(where)))


def test_a_rule_mends_rows_and_the_ledger_is_as_if_the_mapping_had_been_right(
    ctx: Context, tmp_path: Path
) -> None:
    report = take(ctx, tmp_path)
    assert (report.total.accepted, report.total.quarantined) == (30, 10)
    (group,) = list_aside(ctx, Choice())
    assert (group.rows, group.examples, group.name) == (10, (1, 5, 9, 13, 17), "f.csv")
    assert codes_aside(ctx, Choice())["offence"] == [("R7", 10)]
    rule = MendingRule(reason="offence code", codes={"R7": "robbery"})
    before = state(ctx.ws)
    tried = try_rule(ctx, rule)
    assert (tried.chosen, tried.passed) == (10, 10)
    assert state(ctx.ws).equals(before)
    done = replay_aside(ctx, rule)
    assert done.done.bins.accepted == 10
    assert list_aside(ctx, Choice()) == []
    assert replay_aside(ctx, rule).chosen == 0
    (file,) = list_files(ctx.ws)
    assert (file.read, file.accepted, file.duplicate, file.revised, file.quarantined) == (40, 40, 0, 0, 0)
    assert any(one.verb == "alteration" and "replay of 10" in one.what for one in list_audit(ctx.ws))
    other = fresh(tmp_path / "other" / "home")
    take(Context(other), tmp_path, MAPPING | {"codes": {"A1": "violence", "R7": "robbery"}})
    assert state(other).equals(state(ctx.ws))
    # The whole file again under the mended mapping brings nothing new.
    again = take(ctx, tmp_path, MAPPING | {"codes": {"A1": "violence", "R7": "robbery"}})
    assert again.total.duplicate == 40
    other.engine.dispose()


def test_where_and_set_choose_and_mend(ctx: Context, tmp_path: Path) -> None:
    take(ctx, tmp_path)
    rule = MendingRule(where={"offence": "R7"}, set={"offence": "A1"})
    assert replay_aside(ctx, rule).done.bins.accepted == 10
    assert set(read_events(ctx.ws)["offence"]) == {"A1"}
    assert replay_aside(ctx, MendingRule(where={"offence": "Z"})).chosen == 0


def test_a_rule_that_mends_nothing_leaves_all_as_it_was(ctx: Context, tmp_path: Path) -> None:
    take(ctx, tmp_path)
    done = replay_aside(ctx, MendingRule(codes={"Q": "robbery"}))
    assert (done.passed, sum(done.done.still.values())) == (0, 10)
    assert list_aside(ctx, Choice())[0].rows == 10
    assert list_files(ctx.ws)[0].quarantined == 10


def test_a_narrative_needs_the_file_itself_known_by_its_hash(ctx: Context, tmp_path: Path) -> None:
    mapping = MAPPING | {"discard": {}, "columns": {**MAPPING["columns"], "narrative": "notes"}}  # type: ignore[dict-item]
    take(ctx, tmp_path, mapping)
    rule = MendingRule(codes={"R7": "robbery"})
    done = replay_aside(ctx, rule)
    assert (done.passed, done.need_file["f.csv"]) == (0, 10)
    wrong = tmp_path / "other.csv"
    wrong.write_text("\n".join(ROWS[:9]) + "\n")
    with pytest.raises(Refused, match="none of the files given"):
        replay_aside(ctx, rule, [wrong])
    renamed = tmp_path / "renamed.csv"
    renamed.write_bytes((tmp_path / "f.csv").read_bytes())
    assert replay_aside(ctx, rule, [renamed]).done.bins.accepted == 10
    (file,) = list_files(ctx.ws)
    assert (file.accepted, file.quarantined) == (40, 0)


def test_dropped_rows_stay_counted_and_what_was_kept_goes(ctx: Context, tmp_path: Path) -> None:
    take(ctx, tmp_path)
    with pytest.raises(Misuse, match="no reason"):
        drop_aside(ctx, MendingRule(), "because")
    assert drop_aside(ctx, MendingRule(reason="offence code"), "out-of-scope") == 10
    assert list_aside(ctx, Choice()) == []
    assert list_files(ctx.ws)[0].quarantined == 10
    dropped = list_aside(ctx, Choice(state="dropped"))
    assert dropped[0].rows == 10
    assert codes_aside(ctx, Choice(state="dropped")) == {}


def test_words_are_never_kept(ctx: Context, tmp_path: Path) -> None:
    file, where = files(tmp_path)
    lines = file.read_text().splitlines()
    lines[1] = lines[1].replace(",R7,", ",Canarywharton Zebedee struck him,")
    file.write_text("\n".join(lines) + "\n")
    ingest(ctx, IngestRequest("table", (file,), str(where)))
    for path in ctx.ws.home.rglob("*"):
        if path.is_file():
            assert b"Canarywharton" not in path.read_bytes()
