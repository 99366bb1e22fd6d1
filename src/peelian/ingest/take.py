"""Take one file: gather its rows, decide what they change, write, and commit all of it at once or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec
from peelian.domain.errors import LacksColumns, Refused
from peelian.ingest.decided import with_decided
from peelian.ingest.part import Part, PartKey, ledger_rows
from peelian.ingest.queueing import ReviewSample, judged_any
from peelian.ingest.report import Bins, FileReport
from peelian.ingest.watch import FeedWatch
from peelian.store import audit
from peelian.store.catalogue import Connection, add_snapshot, ledger_transaction, now, reading
from peelian.store.decide import Decisions, Rule, held_files
from peelian.store.deliveries import Delivery, HeldEditions, add_delivery, add_rows, held_editions, is_new
from peelian.store.intake import add_file, add_quarantine
from peelian.store.mappings import keep_mapping
from peelian.store.reviews import decided_marks, queue_reviews
from peelian.store.segments import Segment, add_segments, discard, write_segment
from peelian.store.workspace import Workspace

_TOO_MANY = "its id already has 65,535 versions; check that the id column names one record each"


@dataclass(frozen=True)
class Caller:
    """Who ingests, why, and with which options."""

    actor: Actor
    purpose: Purpose
    options: dict[str, Any]
    digest: str


@dataclass(frozen=True)
class _Basis:
    """What a part's decisions rest on. If it changed before the commit, they are made again."""

    files: tuple[str, ...]
    editions: HeldEditions | None


@dataclass
class _Outcome:
    """What one part changes."""

    bins: Bins
    written: list[Segment] = field(default_factory=list)
    rejects: list[pl.DataFrame] = field(default_factory=list)
    delivery: Delivery | None = None
    notice: str = ""
    sample: ReviewSample = field(default_factory=ReviewSample)


Book = Callable[[Connection, FileReport], None]


class Taking:
    """One file on its way into the ledger."""

    def __init__(
        self, ws: Workspace, spec: SourceSpec, raw: RawFile, caller: Caller, book: Book | None = None
    ) -> None:
        # `book` records the file's counts and the audit row in the ledger's transaction.
        self._ws, self._spec, self._raw, self._caller, self._book = ws, spec, raw, caller, book
        self._options = caller.options
        self._controller = str(self._options.get("controller") or spec.controller)
        self._parts: dict[PartKey, Part] = {}
        self._watch = FeedWatch(spec, raw, caller.options) if book is None else None

    def add(self, batch: ParsedBatch) -> int:
        """Take a batch; give how many rows were read so far."""
        key = PartKey.of(batch)
        if key not in self._parts:
            self._parts[key] = Part(self._ws, key, self._spec.id, self._options)
        self._parts[key].add(batch)
        if self._watch is not None:
            self._watch.add(batch)
        return sum(part.read for part in self._parts.values())

    def commit(self) -> FileReport:
        """Write and commit; give where each row went. Only then does any reader see any of it.

        Raises:
            Refused: the feed has changed its ways, and nobody said that this is right.
        """
        for part in self._parts.values():
            part.stage.settle()
        while True:
            with reading(self._ws) as conn:
                if self._watch is not None:
                    self._watch.check(conn)
                basis = [self._basis(conn, part) for part in self._parts.values()]
            outcomes: list[_Outcome] = []
            try:
                for part, rests_on in zip(self._parts.values(), basis, strict=True):
                    outcomes.append(_Outcome(Bins(read=part.read), rejects=list(part.rejects)))
                    self._work_out(part, rests_on, outcomes[-1])
                with ledger_transaction(self._ws) as conn:
                    if basis == [self._basis(conn, part) for part in self._parts.values()]:
                        return self._record(conn, outcomes)
            except BaseException:
                discard(self._ws, [one for outcome in outcomes for one in outcome.written])
                raise
            # Someone else committed to the same part meanwhile: decide again from what now stands.
            discard(self._ws, [one for outcome in outcomes for one in outcome.written])

    def explain(self, refused: Refused) -> Refused:
        """Say more of a refusal by the feed's past, where it can be."""
        if self._watch is None or not isinstance(refused, LacksColumns):
            return refused
        with reading(self._ws) as conn:
            return self._watch.explain(conn, refused)

    def close(self) -> None:
        """Delete what was staged."""
        for part in self._parts.values():
            part.stage.close()

    def _basis(self, conn: Connection, part: Part) -> _Basis:
        owned = part.owned
        editions = None
        if part.edition_at is not None:
            editions = held_editions(
                conn, records=owned.records, source=owned.source, force=owned.force, part=owned.part
            )
        return _Basis(held_files(conn, owned), editions)

    def _work_out(self, part: Part, basis: _Basis, out: _Outcome) -> None:
        out.bins.quarantined = part.rejected
        rule, held = _rule(part, basis.editions), basis.editions
        if rule is not None and part.stage.rows:
            decisions = Decisions(self._ws, part.stage, part.owned, rule, basis.files)
            later = part.edition_at if held and part.edition_at and held.oldest < part.edition_at else None
            self._write(part, decisions, later, out)
            self._restate(part, decisions, out)
            if rule == "edition" and held is not None and part.edition_at is not None:
                if part.rejected:
                    out.notice = "rows were put aside, so no held row was retracted: they might be among them"
                else:
                    self._retract(part, decisions, part.edition_at, out)
        out.bins.duplicate = out.bins.read - out.bins.accepted - out.bins.revised - out.bins.quarantined
        if rule is not None and part.read > part.rejected:
            out.delivery = part.delivery(
                self._raw.kind, self._controller, complete=not part.rejected, rows=part.stage.rows
            )

    def _write(self, part: Part, decisions: Decisions, later: datetime | None, out: _Outcome) -> None:
        for piece in decisions.pieces():
            counts = decisions.count(piece)
            out.bins.accepted += counts["accepted"]
            out.bins.revised += counts["revised"]
            if "retracts" in piece.columns:
                out.bins.retracted += piece.filter(
                    pl.col("retracts") & (pl.col("bin") != "quarantined")
                ).height
            if counts["quarantined"]:
                over = piece.filter(pl.col("bin") == "quarantined").select(
                    "row", reason=pl.lit(_TOO_MANY), fields=pl.lit(None, pl.String)
                )
                out.bins.quarantined += over.height
                out.rejects.append(over.with_columns(pl.col("reason").cast(pl.Categorical)))
                piece = piece.filter(pl.col("bin") != "quarantined")
            rows = ledger_rows(piece, later=later, constants=self._constants(part))
            if part.key.records == "events" and judged_any(rows):
                rows = with_decided(rows, self._marks(part))
                out.sample.add(rows)
            first = rows["version"] == 0
            if first.all():  # spares a copy of what is nearly always all
                self._segment(part, rows, False, out)
                continue
            self._segment(part, rows.filter(first), False, out)
            self._segment(part, rows.filter(~first), True, out)

    def _marks(self, part: Part) -> pl.DataFrame:
        """What people decided of this feed's rows before."""
        with reading(self._ws) as conn:
            return decided_marks(conn, source=self._spec.id, force=part.key.force)

    def _restate(self, part: Part, decisions: Decisions, out: _Outcome) -> None:
        """Write held rows once more, after rows that came late and belong before them."""
        again = decisions.restated()
        if again.height:
            at = pl.lit(now()).dt.convert_time_zone("UTC").alias("recorded_at")
            for _, rows in again.with_columns(at).group_by("controller", "crs", "agreement"):
                self._segment(part, rows, True, out)

    def _retract(self, part: Part, decisions: Decisions, at: datetime, out: _Outcome) -> None:
        gone = decisions.absent()
        out.bins.retracted = gone.height
        gone = gone.with_columns(
            (pl.col("version") + 1).alias("version"), pl.lit("retract").alias("op"),
            pl.lit(at).dt.convert_time_zone("UTC").alias("available_at"),
            pl.lit(now()).dt.convert_time_zone("UTC").alias("recorded_at"),
        )  # fmt: skip
        self._segment(part, gone, True, out)

    def _segment(self, part: Part, rows: pl.DataFrame, corrections: bool, out: _Outcome) -> None:
        if rows.height:
            out.written.append(
                write_segment(self._ws, rows, records=part.key.records, corrections=corrections)
            )

    def _constants(self, part: Part) -> dict[str, Any]:
        return {
            "recorded_at": now(), "source": self._spec.id, "crs": part.key.crs, "part": part.name,
            "controller": self._controller, "force": part.key.force,
            "agreement": str(self._options.get("agreement") or ""), "file": self._raw.sha256[:16],
        }  # fmt: skip

    def _record(self, conn: Connection, outcomes: list[_Outcome]) -> FileReport:
        raw, caller = self._raw, self._caller
        report = FileReport(raw.name, raw.kind, raw.sha256, Bins())
        report.notices += self._watch.notices if self._watch is not None else []
        written = [one for outcome in outcomes for one in outcome.written]
        deliveries = [one.delivery for one in outcomes if one.delivery and is_new(conn, one.delivery)]
        force = next((key.force for key in self._parts), "")
        snapshot = None
        if written or deliveries:
            snapshot = add_snapshot(
                conn, actor=caller.actor.id, what=f"ingest {self._spec.id} {raw.kind}", force=force,
                controller=self._controller,
            )  # fmt: skip
            add_segments(conn, written, snapshot)
            for one in deliveries:
                add_delivery(conn, one, snapshot)
        report.snapshot = snapshot
        for outcome in outcomes if self._book is not None else ():
            if outcome.delivery is not None and outcome.delivery not in deliveries:
                add_rows(conn, replace(outcome.delivery, rows=outcome.bins.accepted))
        for part, outcome in zip(self._parts.values(), outcomes, strict=True):
            report.bins.add(outcome.bins)
            report.notices += [outcome.notice] if outcome.notice else []
            queue_reviews(
                conn, outcome.sample.rows(), source=self._spec.id, controller=self._controller,
                force=part.key.force, sha256=raw.sha256,
            )  # fmt: skip
            for rejects in outcome.rejects:
                report.reasons.update(dict(rejects["reason"].cast(pl.String).value_counts().iter_rows()))
                add_quarantine(
                    conn, rejects, sha256=raw.sha256, options=caller.digest, records=part.key.records,
                    controller=self._controller, force=part.key.force, source=self._spec.id,
                )  # fmt: skip
        if self._book is not None:
            self._book(conn, report)
            return report
        if raw.options.get("mapping_body"):
            keep_mapping(self._ws, raw.options["mapping_sha256"], raw.options["mapping_body"])
        if self._watch is not None:
            self._watch.keep(conn, self._controller)
        record_file(conn, self._spec, raw, caller, report, snapshot, self._controller, force)
        return report


def record_file(
    conn: Connection, spec: SourceSpec, raw: RawFile, caller: Caller, report: FileReport,
    snapshot: int | None, controller: str, force: str,
) -> None:  # fmt: skip
    """Record the file, its counts and the audit row."""
    rules = raw.options.get("rules")
    if rules is not None and caller.options.get("available_at"):
        rules = rules | {"available_at": caller.options["available_at"].isoformat()}
    add_file(
        conn, sha256=raw.sha256, options=caller.digest, source=spec.id, name=raw.name, kind=raw.kind,
        controller=controller, force=force, counts=vars(report.bins), snapshot=snapshot,
        agreement=str(caller.options.get("agreement") or ""), rules=rules,
    )  # fmt: skip
    what = f"{report.bins.read} rows of {spec.id} {raw.kind}"
    audit.append(
        conn, caller.actor, caller.purpose, AuditEntry("collection", what, area=force), controller=controller
    )


def _rule(part: Part, held: HeldEditions | None) -> Rule | None:
    """Say how the part's rows are compared with the ledger; None: they change nothing."""
    if part.edition_at is None:
        return "rows"
    if held is None or part.edition_at > held.newest:
        return "edition"
    if part.edition_at < held.newest or held.complete:
        return None
    # The edition held lacks rows that were put aside: a mended file completes it.
    return "new only" if part.rejected else "edition"
