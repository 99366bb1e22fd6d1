"""The audit signed, exported and attacked: every attack is found, with nothing but the export."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.domain.audit_chain import FIELDS, START, Link, link_of
from peelian.domain.errors import Misuse
from peelian.govern.checkpoints import Checkpoint, Signer, signer
from peelian.pipeline.auditing import change_key, checkpoint, export, verify_export, verify_held
from peelian.pipeline.context import Context, open_context
from peelian.store import audit
from peelian.store.catalogue import transaction

Lines = list[str]
ATTACKS = 1_000


def filled(home: Path, name: str) -> Context:
    """An audit of some 60 rows with three checkpoints and a change of key."""
    ctx = open_context(home, None)
    for part in range(3):
        for k in range(20):
            entry = AuditEntry("consultation", f"{name} {part} {k}", area="fenshire", window="2024-01-01")
            audit.record(ctx.ws, LOCAL_ANALYST, "analysis", entry)
        change_key(ctx) if part == 1 else checkpoint(ctx)
    return ctx


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lines, Checkpoint, Lines]:
    folder = tmp_path_factory.mktemp("audit")
    end = export(filled(folder / "ours", "events"), folder / "ours.jsonl")
    export(filled(folder / "theirs", "people"), folder / "theirs.jsonl")
    ours, theirs = ((folder / f"{name}.jsonl").read_text().splitlines() for name in ("ours", "theirs"))
    return ours, end, theirs


def rows_of(lines: Lines) -> list[int]:
    return [k for k, line in enumerate(lines) if line.startswith("[")]


def relinked(lines: Lines) -> Lines:
    """Make every link anew, as one would who knows how: only the signatures cannot be."""
    out, at = [], START
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            at = link_of(at, dict(zip(FIELDS, said[2:], strict=True)))
            line = json.dumps([at.seq, at.hash, *said[2:]])
        out.append(line)
    return out


def edit(lines: Lines, theirs: Lines, draw: random.Random) -> Lines:
    k = draw.choice(rows_of(lines))
    said: list[Any] = json.loads(lines[k])
    at = draw.randrange(len(said))
    said[at] = said[at] + 1 if isinstance(said[at], int) else said[at] + "x"
    return [*lines[:k], json.dumps(said), *lines[k + 1 :]]


def delete(lines: Lines, theirs: Lines, draw: random.Random) -> Lines:
    k = draw.randrange(1, len(lines))
    return [*lines[:k], *lines[k + 1 :]]


def insert(lines: Lines, theirs: Lines, draw: random.Random) -> Lines:
    k = draw.choice(rows_of(lines))
    return [*lines[:k], draw.choice([lines[k], theirs[k]]), *lines[k:]]


def reorder(lines: Lines, theirs: Lines, draw: random.Random) -> Lines:
    a, b = draw.sample(rows_of(lines), 2)
    lines = list(lines)
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def truncate(lines: Lines, theirs: Lines, draw: random.Random) -> Lines:
    """Cut rows from the end, and often put an older, genuine end in the head's place."""
    signed = [k for k, line in enumerate(lines) if k and line.startswith("{")]
    if draw.random() < 0.5:
        return lines[: draw.randrange(1, len(lines))]
    keep = draw.choice(signed[:-1])
    end = json.loads(lines[keep])
    rows = [lines[k] for k in rows_of(lines) if json.loads(lines[k])[0] <= end["seq"]]
    return [json.dumps(json.loads(lines[0]) | {"end": end}), *rows, *lines[signed[0] : keep + 1]]


def splice(lines: Lines, theirs: Lines, draw: random.Random) -> Lines:
    """Put rows of another audit in, and often its whole beginning or end."""
    rows = rows_of(lines)
    a, b = sorted(draw.sample(rows, 2))
    return draw.choice([[*lines[:a], *theirs[a:b], *lines[b:]], [*theirs[:a], *lines[a:]],
                        [*lines[:a], *theirs[a:]]])  # fmt: skip


def test_every_attack_is_found(made: tuple[Lines, Checkpoint, Lines], tmp_path: Path) -> None:
    ours, end, theirs = made
    draw, path = random.Random(62), tmp_path / "attacked.jsonl"
    attacks: list[Callable[[Lines, Lines, random.Random], Lines]] = [
        edit, delete, insert, reorder, truncate, splice,
    ]  # fmt: skip
    missed, tried = [], 0
    while tried < ATTACKS:
        attack = draw.choice(attacks)
        lines = attack(ours, theirs, draw)
        if draw.random() < 0.4:
            lines = relinked(lines)
        if lines == ours:
            continue
        tried += 1
        path.write_text("\n".join(lines) + "\n")
        try:
            if not verify_export(path, [first_key(ours)], [end]).found:
                missed.append(attack.__name__)
        except Misuse:
            continue  # no longer an export: found as well
    assert missed == []


def first_key(lines: Lines) -> str:
    signed = [json.loads(line) for line in lines[1:] if line.startswith("{")]
    return str(signed[0]["key"])


def test_an_export_left_alone_stands(made: tuple[Lines, Checkpoint, Lines], tmp_path: Path) -> None:
    ours, end, _ = made
    path = tmp_path / "left.jsonl"
    path.write_text("\n".join(ours) + "\n")
    found = verify_export(path, [first_key(ours)], [end])
    assert (found.found, found.rows, found.vouched, found.since) == (0, len(rows_of(ours)), True, 0)
    assert not verify_export(path).vouched
    assert verify_export(path, ["00" * 32]).found > 0


def test_a_change_in_the_database_is_found(tmp_path: Path) -> None:
    ctx = filled(tmp_path / "home", "events")
    assert verify_held(ctx).found == 0
    with transaction(ctx.ws) as conn:
        conn.exec_driver_sql("drop trigger audit_no_update")
        conn.exec_driver_sql("update audit set area = 'elsewhere' where id = 7")
    found = verify_held(ctx)
    assert [fault.seq for fault in found.faults] == [7]
    with transaction(ctx.ws) as conn:
        conn.exec_driver_sql("update audit set area = 'fenshire' where id = 7")
        conn.exec_driver_sql(
            "insert into audit (actor, role, purpose, verb, what, area, window, at) "
            "values ('x', 'x', 'analysis', 'consultation', 'x', '', '', 1)"
        )
    assert "outside the chain" in verify_held(ctx).faults[0].what


def test_rows_cut_off_the_end_are_found_by_what_was_signed(tmp_path: Path) -> None:
    ctx = filled(tmp_path / "home", "events")
    with transaction(ctx.ws) as conn:
        for table in ("audit", "audit_link"):
            conn.exec_driver_sql(f"drop trigger {table}_no_delete")
        conn.exec_driver_sql("delete from audit where id > 50")
        conn.exec_driver_sql("delete from audit_link where seq > 50")
    assert any("gone from the end" in fault.what for fault in verify_held(ctx).faults)


def test_a_hand_made_chain() -> None:
    row = dict.fromkeys(FIELDS, "a") | {"id": 1, "at": 2}
    said = '[1, "' + "0" * 64 + '", 1, 2, "a", "a", "a", "a", "a", "a", "a", "a", "a", "a"]'
    import hashlib

    assert link_of(START, row) == Link(1, hashlib.sha256(said.encode()).hexdigest())


def test_a_signature_is_the_published_one() -> None:
    """RFC 8032, section 7.1, test 1: the public key of this secret."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    by = Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
    assert by.key == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    one = by.sign(Link(3, "h"), 5)
    assert one.said() == b'{"at":5,"before":"","hash":"h","key":"' + by.key.encode() + (
        b'","next_key":"","peelian":"audit checkpoint","seq":3}'
    )
    assert asdict(one)["signature"] == one.signature


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "audit.key"
    signer(path)
    path.chmod(0o644)
    with pytest.raises(Misuse, match="read by others"):
        signer(path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(Misuse, match="cannot be read"):
        signer(path)
