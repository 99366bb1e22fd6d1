"""Ingest: read a source's files and take each into the ledger, a file a commit."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from peelian.domain.actor import Actor, Purpose
from peelian.domain.contracts import ParsedBatch, RawFile, Source
from peelian.domain.errors import Refused
from peelian.domain.progress import Tick, no_tick
from peelian.govern import policy
from peelian.guard.refusal import NotTaken
from peelian.ingest.checksums import sort_out
from peelian.ingest.door import Door
from peelian.ingest.feed import FileBegins, FileEnds, read_ahead
from peelian.ingest.not_taken import record_refused
from peelian.ingest.options import options_digest
from peelian.ingest.report import Bins, FileReport, IngestReport, PartlyRefused
from peelian.ingest.take import Caller, Taking, record_file
from peelian.store.catalogue import transaction
from peelian.store.collect import collect
from peelian.store.intake import earlier_intake
from peelian.store.workspace import Workspace

__all__ = ["Bins", "FileReport", "IngestReport", "PartlyRefused", "ingest"]


def ingest(
    ws: Workspace,
    source: Source,
    paths: list[Path],
    *,
    options: dict[str, Any],
    actor: Actor,
    purpose: Purpose,
    tick: Tick = no_tick,
) -> IngestReport:
    """Take files into the ledger; every data line ends in exactly one bin.

    Each file is one transaction: its rows, counts, rows put aside and the audit row appear together or not
    at all. A file whose bytes and options were taken before is not read again. Stopped at any moment, the
    next run finishes the work, and deletes what a killed one left an hour ago. Memory does not grow with the
    files.

    Raises:
        Forbidden: when the policy says no.
        Refused: a file is not what it should be. `PartlyRefused` carries the report of the others.
    """
    policy.check(actor, purpose, "collection", "events")
    report, notices = IngestReport(), list[str]()
    options = {"notice": notices.append} | options
    progress = _Progress(tick, _expected_bytes(paths))
    taking: Taking | None = None
    caller = Caller(actor, purpose, options, "")
    paths, report.refused, summed = sort_out(paths)
    door = Door(ws, source.SPEC, options, summed=summed)

    try:
        for message in read_ahead(source, paths, ws.landing, options, door.seen) if paths else ():
            if isinstance(message, FileBegins):
                let_in = door.options_of(message.raw)
                caller = Caller(actor, purpose, let_in, options_digest(let_in))
                taking = None if message.skip else Taking(ws, source.SPEC, message.raw, caller)
            elif isinstance(message, ParsedBatch):
                assert taking is not None
                progress.rows(taking.add(message))
            else:
                _end(ws, source, message, caller, taking, report)
                taking = None
                progress.done(message.raw)
    except Refused as error:  # the source cannot go on; what was taken stays taken
        report.refused.append(error)
    finally:
        if taking is not None:
            taking.close()
    collect(ws)
    report.said = notices
    if report.refused:
        raise PartlyRefused(report)
    return report


def _end(
    ws: Workspace, source: Source, ends: FileEnds, caller: Caller, taking: Taking | None, report: IngestReport
) -> None:
    if ends.refused is not None:
        report.refused.append(ends.refused if taking is None else taking.explain(ends.refused))
        if taking is not None:
            taking.close()
        if isinstance(ends.refused, NotTaken):
            record_refused(ws, source.SPEC, ends.raw, caller, ends.refused)
    elif taking is None:
        report.files.append(_again(ws, source, ends.raw, caller))
    else:
        report.files.append(taking.commit())
        taking.close()


def _again(ws: Workspace, source: Source, raw: RawFile, caller: Caller) -> FileReport:
    """Count a file taken before: what it brought is held, what was put aside stays so."""
    spec = source.SPEC
    with transaction(ws) as conn:
        earlier = earlier_intake(conn, sha256=raw.sha256, options=caller.digest, source=spec.id)
        assert earlier is not None  # it was found when the file began, and intake rows are never deleted
        aside = earlier.quarantined
        bins = Bins(read=earlier.read, duplicate=earlier.read - aside, quarantined=aside)
        report = FileReport(raw.name, raw.kind, raw.sha256, bins)
        record_file(conn, spec, raw, caller, report, None, earlier.controller, earlier.force)
    return report


class _Progress:
    """Says where the ingest stands, by bytes of files done."""

    def __init__(self, tick: Callable[[str, float], None], expected: int) -> None:
        self._tick, self._expected, self._done, self._rows, self._file = tick, max(expected, 1), 0, 0, 0

    def rows(self, read: int) -> None:
        """Note the rows read of the file at hand."""
        self._file = read
        self._say()

    def done(self, raw: RawFile) -> None:
        """Note a file's end."""
        with suppress(OSError):  # a member of an archive may already be gone again
            self._done += raw.path.stat().st_size
        self._rows, self._file = self._rows + self._file, 0
        self._say()

    def _say(self) -> None:
        self._tick(f"{self._rows + self._file:,} rows read", min(self._done / self._expected, 1.0))


def _expected_bytes(paths: list[Path]) -> int:
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    return sum(_unpacked(file) for file in files if file.is_file())


def _unpacked(file: Path) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return file.stat().st_size
