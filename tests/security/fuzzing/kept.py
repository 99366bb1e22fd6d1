"""Backups and exports of the audit, as they come back from elsewhere."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from peelian.pipeline.auditing import export, verify_export
from peelian.pipeline.backing_up import back_up
from peelian.pipeline.context import Context
from peelian.pipeline.restoring import restore
from peelian.store.workspace import open_workspace
from tests.security.fuzzing.bench import Bench, Parser, Seeds


def _backed_up(bench: Bench) -> Path:
    folder: Path = bench.folder / "backup"
    if not folder.is_dir():
        ctx = Context(open_workspace(bench.folder / "old"), purpose="administration")
        for k in range(5):
            ctx.consult("consultation", f"thing {k}")
        back_up(ctx, folder)
    return folder


def backup_seeds(bench: Bench) -> Seeds:
    """Give each file of a small backup by its path (members of a folder that is restored whole)."""
    folder = _backed_up(bench)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def restored(bench: Bench, name: str, data: bytes) -> None:
    """Restore the backup with one file of it spoilt."""
    spoilt, home = bench.folder / "spoilt", bench.folder / "new"
    for one in (spoilt, home):
        shutil.rmtree(one, ignore_errors=True)
    shutil.copytree(_backed_up(bench), spoilt)
    (spoilt / name).write_bytes(data)
    try:
        back = restore(spoilt, home)
        assert not back.audit.found, "a spoilt backup came back as whole"
    finally:
        assert not list(bench.folder.glob(".new.part-*")), "something was left behind"


def export_seeds(bench: Bench) -> Seeds:
    """Give an export of a small audit."""
    path = bench.folder / "audit.jsonl"
    for k in range(5):
        bench.ctx.consult("consultation", f"thing {k}")
    export(bench.ctx, path)
    bench.kept["export"] = path.read_bytes()
    return {"audit.jsonl": bench.kept["export"]}


def verified(bench: Bench, name: str, data: bytes) -> None:
    """Verify an export; one that says otherwise is never found whole."""
    found = verify_export(bench.put(name, data)).found
    with suppress(ValueError, RecursionError):
        said, kept = (_lines(one) for one in (data, bench.kept["export"]))
        assert found or said == kept, "an export was changed and found whole"


def _lines(data: bytes) -> list[Any]:
    """Give what the lines say: blanks between the words of JSON say nothing."""
    return [json.loads(line) for line in data.decode().split("\n") if line.strip()]


PARSERS: Final = (
    Parser("backup", backup_seeds, restored),
    Parser("audit export", export_seeds, verified),
)
