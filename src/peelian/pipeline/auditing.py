"""The audit's chain signed, exported and verified; the verification needs nothing but the export."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from peelian.domain.audit_chain import FIELDS, START, Broken, Link, broken
from peelian.domain.errors import Misuse
from peelian.govern.checkpoints import (
    Checkpoint,
    Signer,
    checkpoint_of,
    false_checkpoints,
    new_secret,
    signer,
    write_secret,
)
from peelian.guard.unreadable import NO_JSON
from peelian.pipeline.context import Context
from peelian.store import chain
from peelian.store.catalogue import Connection, reading, transaction
from peelian.store.chain import as_linked

FORM: Final = "peelian audit 1"
_MOST: Final = 50
"""Faults told in words; all are counted."""


@dataclass(frozen=True)
class Verified:
    """What a verification found."""

    rows: int
    checkpoints: int
    faults: tuple[Broken, ...]
    found: int
    """How many faults there are, told or not."""
    key: str
    vouched: bool
    """Whether the key was among those given, not taken from the audit itself."""
    since: int
    """Rows after the last checkpoint: a cut among these could not be found."""


def _key_file(ctx: Context) -> Path:
    return ctx.ws.home / "settings" / "audit.key"


def checkpoint(ctx: Context, *, every: int = 1) -> Checkpoint | None:
    """Sign the chain's head and keep the signature; None when fewer than `every` rows were added since.

    Raises:
        Misuse: the key cannot be read.
    """
    with reading(ctx.ws) as conn:
        head, held = chain.newest_link(conn), chain.checkpoints(conn)
    if held and head.seq - held[-1].seq < every:
        return None
    return _keep(ctx, signer(_key_file(ctx)), head)


def change_key(ctx: Context) -> Checkpoint:
    """Make a new key; the old one signs that the new one counts from here on.

    Raises:
        Misuse: the key is kept outside the workspace, where it must be changed.
    """
    old = signer(_key_file(ctx))
    path = _key_file(ctx)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    write_secret(new, new_secret())
    with transaction(ctx.ws) as conn:
        ctx.record(conn, "alteration", "audit key changed")
    with reading(ctx.ws) as conn:
        head = chain.newest_link(conn)
    made = _keep(ctx, old, head, signer(new).key)
    new.replace(path)
    return made


def _keep(ctx: Context, by: Signer, head: Link, next_key: str = "") -> Checkpoint:
    at = datetime.now(UTC)
    micros = as_linked({"at": at})["at"]
    with transaction(ctx.ws) as conn:
        held = chain.checkpoints(conn)
        made = by.sign(head, micros, held[-1].signature if held else "", next_key)
        chain.add_checkpoint(conn, asdict(made) | {"at": at})
    return made


def _checkpoints(conn: Connection) -> list[Checkpoint]:
    return [checkpoint_of(as_linked(dict(row._mapping))) for row in chain.checkpoints(conn)]


def export(ctx: Context, path: Path) -> Checkpoint:
    """Write the whole audit as JSON lines that can be verified anywhere; give the checkpoint of its end.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.consult("disclosure", "audit")
    checkpoint(ctx)
    with reading(ctx.ws) as conn, path.open("w", encoding="utf-8") as file:
        made = _checkpoints(conn)
        file.write(json.dumps({"form": FORM, "end": asdict(made[-1])}) + "\n")
        for link, row in chain.read_links(conn):
            if link.seq > made[-1].seq:
                break
            line = [link.seq, link.hash, *(row[name] for name in FIELDS)]
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        for one in made:
            file.write(json.dumps(asdict(one)) + "\n")
    return made[-1]


def verify_held(ctx: Context, trusted: Collection[str] = (), known: Sequence[Checkpoint] = ()) -> Verified:
    """Verify the audit of the workspace; `known` are checkpoints kept elsewhere."""
    with reading(ctx.ws) as conn:
        made, extra = _checkpoints(conn), chain.unlinked(conn)
        found = _verify(chain.read_links(conn), made, trusted, known)
    if extra:
        return _with(found, Broken(0, f"{extra:,} rows stand outside the chain"))
    return found


def verify_export(path: Path, trusted: Collection[str] = (), known: Sequence[Checkpoint] = ()) -> Verified:
    """Verify an export, with nothing else at hand.

    Raises:
        Misuse: it is no export of an audit.
    """
    with path.open(encoding="utf-8", errors="surrogateescape") as file:  # a spoilt byte is found by its hash
        try:
            head = json.loads(next(file))
            end = checkpoint_of(head["end"]) if head.get("form") == FORM else None
        except (StopIteration, KeyError, AttributeError, *NO_JSON):
            end = None
        if end is None:
            raise Misuse("this is no export of an audit", expected="what peelian audit export wrote")
        made: list[Checkpoint] = []
        spoilt: list[Broken] = []
        found = _verify(_lines(file, made, spoilt), made, trusted, [*known, end], whole=True)
    for one in spoilt:
        found = _with(found, one)
    return found


def _lines(
    file: Iterable[str], made: list[Checkpoint], spoilt: list[Broken]
) -> Iterator[tuple[Link, dict[str, Any]]]:
    for line in file:
        try:
            said = json.loads(line)
            if isinstance(said, list) and len(said) == len(FIELDS) + 2:
                link = Link(int(said[0]), str(said[1]))
                row = dict(zip(FIELDS, said[2:], strict=True))
            else:
                made.append(checkpoint_of(said))
                continue
        except (TypeError, Misuse, *NO_JSON):
            spoilt.append(Broken(0, "a line is neither a row nor a checkpoint"))
            continue
        if made:
            spoilt.append(Broken(link.seq, "it stands after the checkpoints"))
        yield link, row


class _Walk:
    """Remembers what is passed on: how many, the last, and every link (32 bytes each in memory)."""

    def __init__(self, rows: Iterable[tuple[Link, dict[str, Any]]]) -> None:
        self._rows, self.count, self.last = rows, 0, START
        self.links: dict[int, str] = {}

    def __iter__(self) -> Iterator[tuple[Link, dict[str, Any]]]:
        for link, row in self._rows:
            self.count += 1
            self.last = link
            self.links[link.seq] = link.hash
            yield link, {name: row[name] for name in FIELDS}


def _verify(
    rows: Iterable[tuple[Link, dict[str, Any]]], made: Sequence[Checkpoint], trusted: Collection[str],
    ends: Sequence[Checkpoint] = (), *, whole: bool = False,
) -> Verified:  # fmt: skip
    walk = _Walk(rows)
    faults = list(broken(walk))
    end = walk.last.seq
    faults += false_checkpoints(made, walk.links, trusted, end)
    keys = {*(trusted or [one.key for one in made[:1]]), *(one.next_key for one in made if one.next_key)}
    faults += false_checkpoints(ends, walk.links, keys, end, every=False)
    signed = [*made, *ends]  # an export's own were read while its rows were
    last = max((one.seq for one in signed), default=0)
    if whole and end > last:
        faults.append(Broken(last + 1, "rows were put in after the end that was signed"))
    if whole and (not made or ends[-1] != made[-1]):
        faults.append(Broken(last, "checkpoints are gone from the end, or were put in"))
    key = signed[-1].key if signed else ""
    vouched = bool(trusted) and not any(fault.what.endswith("vouched for") for fault in faults)
    return Verified(walk.count, len(made), tuple(faults[:_MOST]), len(faults), key, vouched, end - last)


def _with(found: Verified, fault: Broken) -> Verified:
    return Verified(
        found.rows, found.checkpoints, (fault, *found.faults), found.found + 1, found.key, found.vouched,
        found.since,
    )  # fmt: skip
