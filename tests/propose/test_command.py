"""`peelian map` end to end: what it writes loads, and the rows come in by the command it prints."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from peelian.domain.errors import Misuse
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.proposing import propose_mapping
from peelian.sources.table.load import load_mapping
from tests.propose.invent import write
from tests.propose.judge import layouts

FEW = (
    "niche-occurrence",
    "crm-basic",
    "cad-assaults",
    "irs-deliberate",
    "istv-standard",
    "cdr-police",
    "niche-knife",
)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return open_context(tmp_path / "home", None)


def test_what_is_written_loads_or_says_what_must_be_filled(ctx: Context, tmp_path: Path) -> None:
    for layout in list(layouts("seen"))[::4]:
        made = propose_mapping(ctx, write(layout, tmp_path), force="simulated-x")
        try:
            mapping, _ = load_mapping(made.written)
        except Misuse:
            assert made.to_do, layout["name"]
            assert "BEFORE IT CAN COME IN" in made.written.read_text("utf-8")
        else:
            assert mapping.force == "simulated-x"


@pytest.mark.parametrize("name", FEW)
def test_the_next_command_brings_the_rows_in(ctx: Context, tmp_path: Path, name: str) -> None:
    layout = next(one for one in layouts("seen") if one["name"] == name)
    made = propose_mapping(ctx, write(layout, tmp_path), force="simulated-x")
    assert made.to_do == ()
    words = shlex.split(made.then)
    assert words[:2] == ["peelian", "ingest"]
    report = ingest(ctx, IngestRequest(words[2], (Path(words[3]),), words[5])).to_json()
    assert report["total"]["accepted"] >= 0.9 * report["total"]["read"] > 0


def test_nothing_is_ingested_and_a_mapping_is_not_overwritten(ctx: Context, tmp_path: Path) -> None:
    from peelian.pipeline.coverage_gaps import coverage_summary

    path = write(next(iter(layouts("seen"))), tmp_path)
    made = propose_mapping(ctx, path)
    assert coverage_summary(ctx) == []
    assert json.dumps(made.to_json())
    with pytest.raises(Misuse, match="already"):
        propose_mapping(ctx, path)
    assert propose_mapping(ctx, path, replace=True).written == made.written


def test_times_without_a_colon_come_in(ctx: Context, tmp_path: Path) -> None:
    rows = "".join(
        f"{n},{n % 28 + 1:02d}/03/2023,{(n * 37) % 24}{n % 60:02d},Robbery\n" for n in range(1000, 1080)
    )
    path = tmp_path / "data.csv"
    path.write_text("Crime No,Date Committed,Time Committed,Offence\n" + rows)
    made = propose_mapping(ctx, path, force="simulated-x")
    assert made.proposal.column("time") == "Time Committed"
    report = ingest(ctx, IngestRequest("police-crime", (path,), str(made.written))).to_json()
    assert report["total"]["accepted"] == 80


def test_a_file_in_another_encoding_says_what_to_do_first(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    text = "Rhif,Dyddiad,Trosedd\n" + "".join(f"{n},{n % 28 + 1:02d}/03/2023,Sŵn\n" for n in range(1, 60))
    path.write_bytes(text.encode("utf-16"))
    made = propose_mapping(ctx, path)
    assert any("UTF-8" in step for step in made.to_do)
    assert made.then.startswith("peelian ingest ")
