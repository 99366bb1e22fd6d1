"""Nothing of a narrative is left: every byte of every file, every row of the database, every word said."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from peelian.domain.errors import Refused
from peelian.pipeline.context import Context
from peelian.pipeline.reviewing import decide_knife, knife_queue
from peelian.store import (  # noqa: F401
    access_tables,
    chain_tables,
    decision_tables,
    live_tables,
    tables,
    trust_tables,
    warning_tables,
)
from peelian.store.ledger import state
from peelian.store.workspace import Workspace
from tests.knife.feed import HEADER, data_file, line, mapping_file, take


def canary(k: int | str) -> str:
    """A word that stands nowhere else."""
    return f"zqxcanary{k}vwj"


def story(k: int | str, what: str = "stabbed") -> str:
    return f"{canary(k)} {what} {canary(k)}, with a knife from {canary(k)}. No {canary(k)} seen"


def _texts(ws: Workspace) -> Iterator[tuple[str, str]]:
    """Give (where, text): files as they are, Parquet also with its columns decoded, and all database rows."""
    for path in sorted(p for p in ws.home.rglob("*") if p.is_file()):
        held = path.read_bytes()
        yield str(path), held.decode("latin-1") + held.decode("utf-16-le", "ignore")
        if path.suffix == ".parquet":
            yield f"{path} decoded", pl.read_parquet(path).write_csv()
    with ws.engine.connect() as conn:
        for table in tables.METADATA.sorted_tables:
            for row in conn.execute(select(table)):
                yield table.name, repr(tuple(row))


def found(ws: Workspace) -> list[str]:
    return [where for where, text in _texts(ws) if "zqxcanary" in text.lower()]


def test_the_search_finds_what_is_there(ws: Workspace) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    hidden = ws.home / "x" / "deep.parquet"
    hidden.parent.mkdir()
    pl.DataFrame({"a": [canary(1)] * 50}).write_parquet(hidden, compression="zstd")
    assert any("decoded" in where for where in found(ws))


def test_nothing_of_a_narrative_stays(
    ws: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mapping = mapping_file(tmp_path)
    lines = [line(k, story(k), canary("tool")) for k in range(20)]  # accepted; a weapon code nobody mapped
    lines += [line(30, story(30), at="31/31/2024"), line(31, story(31), kind="nonsense")]  # put aside
    file = data_file(tmp_path, lines)
    take(ws, file, mapping)
    take(ws, file, mapping)  # all duplicates
    revised = [line(k, story(f"b{k}", "punched"), "N", got="2024-05-01") for k in range(10)]
    zipped = tmp_path / "revised.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/revised.csv", "\n".join([HEADER, *revised]) + "\n")
    take(ws, zipped, mapping)
    refused = [
        data_file(tmp_path, [story("c")], "columns.csv", header="words"),
        data_file(tmp_path, [line(1, story("d")) + ",Zqxcanary"], "names.csv", header=HEADER + ",Surname"),
    ]
    for bad in refused:
        with pytest.raises(Refused):
            take(ws, bad, mapping)
    waiting = knife_queue(Context(ws))
    assert waiting
    for one, decision in zip(waiting[:3], ("yes", "no", "unsure"), strict=True):
        decide_knife(Context(ws), one.id, decision)
    said = capfd.readouterr()
    assert "zqxcanary" not in (said.out + said.err).lower()
    assert len(state(ws)) >= 30
    assert found(ws) == []


def test_show_speaks_to_a_terminal_only(tmp_path: Path) -> None:
    from peelian.store.workspace import open_workspace

    ws = open_workspace(tmp_path / "home")
    mapping = mapping_file(tmp_path)
    file = data_file(tmp_path, [line(1, story(1))])
    take(ws, file, mapping)
    number = str(knife_queue(Context(ws))[0].id)
    command = [sys.executable, "-m", "peelian", "--home", str(ws.home), "review", "knife", "show", number]
    command += ["--file", str(file), "--mapping", str(mapping)]
    piped = subprocess.run(command, capture_output=True, text=True, check=False)
    assert piped.returncode == 2
    assert "zqxcanary" not in piped.stdout + piped.stderr
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=os.environ.copy()) as shown:
        shown.wait(60)
        text = os.read(ours, 65_536).decode()
    os.close(theirs)
    os.close(ours)
    assert shown.returncode == 0
    assert canary(1) in text
    assert found(ws) == []


CHILD = """
import sys
from pathlib import Path
from peelian.store.workspace import open_workspace
from tests.knife.feed import take
ws = open_workspace(Path(sys.argv[1]))
print("begins", flush=True)
take(ws, Path(sys.argv[2]), Path(sys.argv[3]))
print("taken", flush=True)
"""


@pytest.mark.parametrize("kind", ["csv", "zip"])
def test_nothing_stays_after_a_kill(tmp_path: Path, kind: str) -> None:
    from peelian.store.workspace import open_workspace

    ws = open_workspace(tmp_path / "home")
    mapping = mapping_file(tmp_path)
    file = data_file(tmp_path, [line(k, story(k), day=1 + k % 28) for k in range(30_000)])
    if kind == "zip":
        packed = tmp_path / "knife.zip"
        with zipfile.ZipFile(packed, "w") as archive:  # stored: as large inside as outside
            archive.write(file, "knife.csv")
        file = packed
    killed = 0
    for after in (0.05, 0.3, 0.9, 1.6):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(ws.home), str(file), str(mapping)],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "begins\n"
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        killed += "taken" not in child.stdout.read()
        child.wait()
        assert found(ws) == [], after
    assert killed
    take(ws, file, mapping)
    assert len(state(ws)) == 30_000
    assert found(ws) == []
