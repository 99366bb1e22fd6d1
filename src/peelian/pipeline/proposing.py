"""Propose a mapping for an unknown file and write it down for a person. Nothing is ingested."""

from __future__ import annotations

import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peelian.domain.errors import Misuse, Refused
from peelian.pipeline.context import Context
from peelian.propose.proposal import Proposal
from peelian.propose.propose import propose
from peelian.propose.write import mapping_text, to_fill
from peelian.sources import SOURCES


@dataclass(frozen=True)
class Proposed:
    """The proposal, where its mapping was written, what a person must do first, the command after that."""

    proposal: Proposal
    written: Path
    to_do: tuple[str, ...]
    then: str

    def to_json(self) -> dict[str, Any]:
        """Give it for machines."""
        return self.proposal.to_json() | {
            "mapping": str(self.written), "to_do": list(self.to_do), "next": self.then,
        }  # fmt: skip


def propose_mapping(
    ctx: Context, file: Path, out: Path | None = None, *, force: str | None = None, replace: bool = False
) -> Proposed:
    """Read a sample of a file, propose, and write the mapping (by default beside the file).

    Raises:
        Misuse: no such file, or a mapping is there already.
        Refused: no table, or of a kind that is never taken.
    """
    ctx.consult("consultation", "file to map")
    out = out or file.with_name(f"{file.stem}.mapping.yaml")
    if out.exists() and not replace:
        raise Misuse(f"there is a file {out} already", do="give --out another name, or --replace")
    proposal = propose(file)
    text = mapping_text(proposal, force)
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise Misuse(
            f"{out} cannot be written: {error.strerror}", do="give --out a place you may write"
        ) from None
    faults = () if proposal.feed == "police_uk" else _faults(proposal.feed, out, force)
    to_do = tuple(
        dict.fromkeys((*proposal.to_do, *to_fill(proposal), *(() if to_fill(proposal) else faults)))
    )
    return Proposed(proposal, out, to_do, _command(proposal, file, out, force))


def _faults(feed: str, out: Path, force: str | None) -> tuple[str, ...]:
    """What the feed itself says against the mapping, as ingest would."""
    with tempfile.TemporaryDirectory() as landing:
        try:
            options: dict[str, Any] = {"mapping": str(out), "notice": lambda _: None} | (
                {"force": force} if force else {}
            )
            for _ in SOURCES[feed].land([], Path(landing), options):
                pass
        except Misuse as fault:
            other = " Or write `feed: table` and ingest it as table." if feed == "police_crime" else ""
            return (fault.sentence + other,)
        except Refused:
            return ()  # there was no file to land: the mapping itself is right
    return ()


def _command(proposal: Proposal, file: Path, out: Path, force: str | None) -> str:
    where = shlex.quote(str(file))
    if proposal.feed == "police_uk":
        return f"peelian ingest police-uk {where}"
    kind = proposal.feed.replace("_", "-")
    named = "" if force else " --force FORCE"
    return f"peelian ingest {kind} {where} --mapping {shlex.quote(str(out))}{named} --agreement ID"
