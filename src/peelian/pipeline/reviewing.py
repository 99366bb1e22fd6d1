"""The knife review: what waits, a row's text from the user's own file, decisions, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from peelian.domain.contracts import RawFile
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.ingest.decided import MARK, decided_why
from peelian.knife.figures import Figures, figures
from peelian.pipeline.context import Context
from peelian.sources import SOURCES
from peelian.sources.table.load import load_mapping, shipped
from peelian.sources.table.mapping import Mapping
from peelian.sources.table.reading import chunks_of
from peelian.store.catalogue import ledger_transaction, reading
from peelian.store.corrections import append_correction, standing_row
from peelian.store.reviews import DECISIONS, Decision, counted, find_review, set_decision, waiting
from peelian.store.segments import Segment, discard


@dataclass(frozen=True)
class Shown:
    """A queued row with its text, for the eyes of whoever asked; it is kept nowhere."""

    review: int
    row: int
    band: str
    why: str
    narrative: str | None
    weapon: str | None


@dataclass(frozen=True)
class Decided:
    """What a decision did."""

    review: int
    decision: str
    band: str  # as the classifier had it
    mark: str  # as it stands now
    changed: bool  # whether the ledger got a new version


def knife_queue(ctx: Context, *, source: str | None = None, last: int = 50) -> Sequence[Any]:
    """List rows that wait for a decision: number, source, file, row, band, why, weight; no text."""
    ctx.consult("consultation", "knife review queue")
    return waiting(ctx.ws, source=source.replace("-", "_") if source else None, last=last)


def knife_row(ctx: Context, review: int, file: Path, mapping: str | None = None) -> Shown:
    """Read a queued row again from the user's own file, in memory.

    Raises:
        NotFound: no such number, or no such file.
        Misuse: the feed has no mapping of its own and none is given.
        Refused: it is another file, or one that cannot be read.
    """
    ctx.consult("consultation", f"narrative of knife review {review}")
    with reading(ctx.ws) as conn:
        item = find_review(conn, review)
    if not file.exists():
        raise NotFound(f"there is no file {file.name}", do="check the path")
    if mapping is None and item.source not in shipped():
        raise Misuse("this feed needs --mapping FILE", expected="the mapping it was ingested with")
    read, _ = load_mapping(mapping or item.source)
    found = _texts(ctx, item, file, read, mapping)
    if found is None:
        raise Refused("the file has no such row", do="give the file and mapping that were ingested")
    return Shown(review, item.row, item.band, item.why, found.get("narrative"), found.get("weapon"))


def _texts(
    ctx: Context, item: Any, file: Path, mapping: Mapping, given: str | None
) -> dict[str, str | None] | None:
    options: dict[str, Any] = {"notice": lambda _: None} | ({"mapping": given} if given else {})
    for raw in SOURCES[item.source].land([file], ctx.ws.landing, options):
        if raw.sha256 == item.sha256:
            return _row(raw, item.row, mapping)
    raise Refused(
        "this is not the file the row came from: its bytes differ", expected=f"SHA-256 {item.sha256[:16]}…"
    )


def _row(raw: RawFile, number: int, mapping: Mapping) -> dict[str, str | None] | None:
    names = [name for name in ("narrative", "weapon") if getattr(mapping.columns, name)]
    for chunk in chunks_of(raw, mapping):
        found = chunk.frame.filter(pl.col("row") == number)
        if found.height:
            texts = found.select(pl.col(name).cast(pl.String) for name in names)
            return dict(texts.row(0, named=True)) if names else {}
    return None


def decide_knife(ctx: Context, review: int, decision: str) -> Decided:
    """Keep a decision: yes makes the event's knife mark high, no none; unsure leaves the classifier's.

    The decision, the new version and the audit row appear together or not at all.

    Raises:
        Misuse: another word than yes, no or unsure.
        NotFound: no such number, or the event is not held any more.
        Refused: the event was retracted, or has changed since it was queued.
    """
    word: Decision | None = next((one for one in DECISIONS if one == decision), None)
    if word is None:
        raise Misuse(f"{decision} is no decision", expected=", ".join(DECISIONS))
    ctx.allow("alteration", "knife mark")
    with _discarding(ctx) as written, ledger_transaction(ctx.ws) as conn:
        item = find_review(conn, review)
        row = standing_row(conn, ctx.ws, key=item.key, source=item.source, force=item.force)
        why = decided_why(decision, item.why) if decision in MARK else item.why
        mark = MARK.get(decision, item.band)
        before = str(row["knife_why"].item())
        if before != item.why and not before.endswith(f"; before: {item.why}"):
            raise Refused(
                "the event has changed since it was queued", do="decide the newer row that the list shows"
            )
        set_decision(conn, review, word, ctx.actor.id)
        changed = str(row["knife"].cast(pl.String).item()) != mark
        if changed:
            changes = {"knife": mark, "knife_why": why}
            written.append(
                append_correction(conn, ctx.ws, row, changes, actor=ctx.actor.id, what="knife review")
            )
        ctx.record(conn, "alteration", f"knife mark by review {review}: {decision}", area=item.force)
    return Decided(review, decision, item.band, mark, changed)


@contextmanager
def _discarding(ctx: Context) -> Iterator[list[Segment]]:
    """Delete what was written when what names it did not commit."""
    written: list[Segment] = []
    try:
        yield written
    except BaseException:
        discard(ctx.ws, written)
        raise


def knife_figures(ctx: Context) -> list[Figures]:
    """Give precision and recall of high and medium together, by feed, on what was reviewed so far."""
    ctx.consult("consultation", "knife review figures")
    return figures(counted(ctx.ws))
