"""Commands of encryption at rest: make a sealed folder, open, close and check it, change its key."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, home_folder

if TYPE_CHECKING:
    from peelian.pipeline.sealing import Folder

app = typer.Typer(
    help="Keep a workspace encrypted on the disk (gocryptfs), and change its key.", no_args_is_help=True
)
Other = Annotated[
    Path | None, typer.Option("--folder", help="Another folder than a workspace: PostgreSQL's, backups.")
]
KeyFile = Annotated[
    Path | None, typer.Option(help="A file of mode 600 with the key on one line; or PEELIAN_SEAL_KEY.")
]
NewKeyFile = Annotated[Path | None, typer.Option(help="The new key's file; or PEELIAN_SEAL_NEW_KEY.")]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command()
def make(key_file: KeyFile = None, folder: Other = None) -> None:
    """Move a workspace's files (or none) into an encrypted folder beside it, and leave it open."""
    from peelian.pipeline import sealing
    from peelian.store.sealed.key import read_key

    one = _folder(folder)
    with progress("sealing") as tick:
        many = sealing.make(one, read_key(one.place, key_file), tick)
    _say(one, f"{one.place.home} is sealed in {one.place.cipher.name} beside it, and open; {many:,} files "
         "compared.", {"files": many})  # fmt: skip
    if many and not STATE.json:
        print("The plain files are removed. What was deleted may stay readable on the disk's free blocks.")


@app.command("open")
def open_(key_file: KeyFile = None, folder: Other = None) -> None:
    """Open a sealed workspace at --home until it is closed or the machine is switched off."""
    from peelian.pipeline import sealing
    from peelian.store.sealed.key import read_key

    one = _folder(folder)
    sealing.open_(one, read_key(one.place, key_file))
    _say(one, f"{one.place.home} is open. Close it with: peelian seal close")


@app.command()
def close(folder: Other = None) -> None:
    """Close an open workspace; nothing is left at --home."""
    from peelian.pipeline import sealing

    one = _folder(folder)
    noted = sealing.close(one)
    unsaid = "" if noted or not one.workspace else " The audit could not be reached: it does not say so."
    _say(one, f"{one.place.home} is closed.{unsaid}", {"in_audit": noted})


@app.command()
def state(folder: Other = None) -> None:
    """Say whether a workspace is plain, or sealed and open or closed, and what a cut-off move has left."""
    from peelian.pipeline import sealing

    said = sealing.told(_folder(folder))
    if STATE.json:
        print(json.dumps(said))
        return
    print(f"{said['home']}: {STATES[said['state']]}")
    for left in said["left"]:
        print(
            f"A move was cut off or is at work: {left} lies there. The next make, open or rekey settles it."
        )


@app.command()
def rekey(
    key_file: KeyFile = None,
    new_key_file: NewKeyFile = None,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Encrypt every file anew under a new master key.")
    ] = False,
    folder: Other = None,
) -> None:
    """Change the key: the master key is wrapped anew, or with --afresh made anew and every file with it."""
    from peelian.pipeline import sealing
    from peelian.store.sealed.key import NEW_KEY, read_key

    one = _folder(folder)
    key, new = read_key(one.place, key_file), read_key(one.place, new_key_file, NEW_KEY)
    if not afresh:
        sealing.rekey(one, key, new)
        _say(one, "The key is changed. A copy of the folder made before still opens with the old one; "
             "--afresh leaves such a copy behind.")  # fmt: skip
        return
    with progress("sealing afresh") as tick:
        many = sealing.rekey_afresh(one, key, new, tick)
    _say(one, f"Sealed afresh under a new master key; {many:,} files compared.", {"files": many})


@app.command()
def check(key_file: KeyFile = None, folder: Other = None) -> None:
    """Decrypt every file and say which are damaged; surest while it is closed."""
    from peelian.pipeline import sealing
    from peelian.store.sealed.key import read_key

    one = _folder(folder)
    sealing.check(one, read_key(one.place, key_file))
    _say(one, "Every file can be decrypted and is as it was written.")


STATES: Final = {
    "none": "nothing is there, plain or sealed",
    "plain": "not sealed; its files lie plain on the disk",
    "open": "sealed, and open: whoever may read the folder reads it",
    "closed": "sealed, and closed",
    "dead": "sealed; its mount has died and nothing can be read. Open it again: peelian seal open",
    "unfinished": "its sealing is at work, or was cut off; nothing was lost",
}


def _folder(folder: Path | None) -> Folder:
    from peelian.pipeline.sealing import Folder
    from peelian.store.sealed.place import place_of

    database = STATE.database or os.environ.get("PEELIAN_DATABASE")
    return Folder(place_of(folder or home_folder()), database, folder is None)


def _say(one: Folder, sentence: str, more: dict[str, object] | None = None) -> None:
    if STATE.json:
        from peelian.pipeline.sealing import told

        print(json.dumps(told(one) | (more or {})))
    else:
        print(sentence)
