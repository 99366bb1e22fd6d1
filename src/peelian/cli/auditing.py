"""Commands of the audit: list it, sign where it stands, export it, verify it anywhere."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.govern.checkpoints import Checkpoint
    from peelian.pipeline.auditing import Verified

app = typer.Typer(help="Who did what, to what, why and when; and proof that it stands.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_(last: Annotated[int, typer.Option(help="How many of the newest.", min=1, max=10_000)] = 30) -> None:
    """List the newest rows."""
    from peelian.store.audit import list_audit

    ctx = context("administration")
    ctx.consult("consultation", "audit")
    rows = list_audit(ctx.ws, last=last)
    if STATE.json:
        print(json.dumps([{k: str(v) for k, v in row._mapping.items()} for row in rows]))
        return
    for row in rows:
        place = ", ".join(part for part in (row.area, row.window, row.recipient) if part)
        said = f"{row.at:%d %b %Y %H:%M:%S}  {row.role or '-'}  {row.purpose}  {row.verb}: {row.what}"
        print(said + (f" ({place})" if place else ""))


@app.command()
def checkpoint() -> None:
    """Sign where the audit stands, and print it: keep it elsewhere, it proves all that was written before."""
    from peelian.pipeline.auditing import checkpoint as sign

    made = sign(context("administration"), every=0)
    assert made is not None
    _print(made)


@app.command("change-key")
def change_key() -> None:
    """Make a new signing key; the old one signs that the new one counts from here on."""
    from peelian.pipeline.auditing import change_key as change

    _print(change(context("administration")))


@app.command()
def export(out: Annotated[Path, typer.Option(help="The file to write, JSON lines.")]) -> None:
    """Write the whole audit to a file that can be verified anywhere, and print the checkpoint of its end."""
    from peelian.pipeline.auditing import export as write

    _print(write(context("administration"), out))


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export; default: this workspace's audit.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="A public key that you vouch for.")] = None,
    known: Annotated[
        Path | None, typer.Option(help="A file of checkpoints that you kept, one a line.")
    ] = None,
) -> None:
    """Say whether any row was changed, taken out, put in or moved. Needs no server; exit code 1 if so."""
    from peelian.domain.errors import NotFound
    from peelian.pipeline.auditing import verify_export, verify_held

    kept, keys = _kept(known), key or []
    if file is not None and not file.is_file():
        raise NotFound("there is no such export", do="write one with: peelian audit export --out FILE")
    made = verify_export(file, keys, kept) if file else verify_held(context("administration"), keys, kept)
    if STATE.json:
        print(json.dumps(asdict(made)))
    else:
        print("\n".join(verified_lines(made)))
    raise typer.Exit(1 if made.found else 0)


def _kept(path: Path | None) -> list[Checkpoint]:
    from peelian.domain.errors import Misuse
    from peelian.govern.checkpoints import checkpoint_of
    from peelian.guard.unreadable import NO_JSON

    if path is None:
        return []
    try:
        return [
            checkpoint_of(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()
        ]
    except (OSError, *NO_JSON):
        raise Misuse("these checkpoints cannot be read",
                     expected="what peelian audit checkpoint printed, one a line") from None  # fmt: skip


def verified_lines(made: Verified) -> list[str]:
    """Say what a verification found."""
    if made.found:
        shown = [f"  row {fault.seq}: {fault.what}" for fault in made.faults]
        more = [f"  and {made.found - len(shown):,} more"] if made.found > len(shown) else []
        return [f"The audit does NOT stand: {made.found:,} faults in {made.rows:,} rows.", *shown, *more]
    lines = [f"The audit stands: {made.rows:,} rows, {made.checkpoints:,} checkpoints, no fault."]
    if not made.checkpoints:
        return [*lines, "Nothing was signed yet: peelian audit checkpoint"]
    if made.since:
        lines.append(f"{made.since:,} rows came after the last checkpoint: had some been cut off, "
                     "this could not tell.")  # fmt: skip
    if made.vouched:
        return [*lines, f"Signed by the key you vouched for, now {made.key}."]
    return [
        *lines,
        f"Signed by the key {made.key}: compare it with one kept elsewhere, and give it with --key.",
    ]


def _print(made: Checkpoint) -> None:
    print(json.dumps(asdict(made)))
