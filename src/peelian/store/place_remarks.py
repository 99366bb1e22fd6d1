"""What people say looks wrong about a place: requests for correction, kept as files beside the records.

One file a request and one an answer, each written once and never changed: nothing is overwritten or lost.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import NotFound, Refused
from peelian.store import audit
from peelian.store.catalogue import now, transaction
from peelian.store.owning import of_run
from peelian.store.row_cut import reaches
from peelian.store.workspace import Workspace

_ID: Final = re.compile(r"[0-9]{14}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Remark:
    """A request: about which place of which run, what looks wrong, when; "" answers: it still waits."""

    id: str
    area: str
    run: str
    level: str
    place: str
    name: str
    text: str
    at: str
    answer: str = ""
    answered: str = ""
    force: str = ""


def add_remark(ws: Workspace, actor: Actor, purpose: Purpose, new: Remark) -> Remark:
    """Keep a request under a new id, with its audit row; `id`, `at` and `force` are set here."""
    moment = now()
    with transaction(ws) as conn:
        force = of_run(conn, new.run, new.area).force
        made = replace(
            new, id=f"{moment:%Y%m%d%H%M%S}-{secrets.token_hex(4)}", at=moment.isoformat(), force=force
        )
        said = AuditEntry("collection", f"correction {made.id} asked for", made.area, made.run)
        audit.append(conn, actor, purpose, said)
        _write(_folder(ws) / f"{made.id}.json", asdict(made))
    return made


def answer_remark(ws: Workspace, actor: Actor, purpose: Purpose, id_: str, text: str) -> Remark:
    """Answer a request; it stays readable.

    Raises:
        NotFound: there is none of that id.
        Refused: it was answered before.
    """
    held = get_remark(ws, id_)
    if held.answer:
        raise Refused("this request was answered before", do="make a new request if the answer is wrong")
    said = {"answer": text, "answered": now().isoformat()}
    with transaction(ws) as conn:
        entry = AuditEntry("alteration", f"correction {id_} answered", held.area, held.run)
        audit.append(conn, actor, purpose, entry)
        _write(_folder(ws) / f"{id_}.answer.json", said)
    return get_remark(ws, id_)


def get_remark(ws: Workspace, id_: str) -> Remark:
    """Give one request.

    Raises:
        NotFound: there is none of that id that the present reader reaches.
    """
    path = _folder(ws) / f"{id_}.json"
    held = _read(path) if _ID.fullmatch(id_) and path.is_file() else None
    if held is None or not reaches(held.force, held.area):
        raise NotFound("there is no such request here", expected="one that /corrections shows")
    return held


def list_remarks(
    ws: Workspace, *, area: str | None = None, place: tuple[str, str] | None = None, last: int = 200
) -> list[Remark]:
    """List requests that the present reader reaches, those that wait first; `place` is (level, place)."""
    paths = sorted(_folder(ws).glob("*.json"), reverse=True)
    rows = [_read(path) for path in paths if _ID.fullmatch(path.stem)]
    mine = [
        one for one in rows
        if reaches(one.force, one.area)
        and (area is None or one.area == area) and (place is None or (one.level, one.place) == place)
    ]  # fmt: skip
    return sorted(mine, key=lambda one: bool(one.answer))[:last]


def _folder(ws: Workspace) -> Path:
    return ws.home / "remarks"


def _read(path: Path) -> Remark:
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    answer = path.with_suffix(".answer.json")
    if answer.is_file():
        body |= json.loads(answer.read_text(encoding="utf-8"))
    return Remark(**body)


def _write(path: Path, body: dict[str, Any]) -> None:
    """Write a file that was not there: whole or not at all.

    Raises:
        Refused: it was there.
    """
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    part.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    try:
        os.link(part, path)
    except FileExistsError:
        raise Refused("this request was answered before") from None
    finally:
        part.unlink()
