"""Commands of the whole workspace: back it up, restore it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.state import STATE, context, home_folder

Folder = Annotated[Path, typer.Argument(help="The backup's folder.")]


def backup(path: Folder) -> None:
    """Copy ledger, records, runs, settings and audit to a new folder, while the server runs."""
    from peelian.domain.errors import NotFound
    from peelian.pipeline.backing_up import back_up
    from peelian.store.sealed.place import check_open

    check_open(home_folder())
    if not home_folder().is_dir():
        raise NotFound("there is no workspace here", expected="--home of one")
    made = back_up(context("administration"), path)
    held = made.manifest
    if STATE.json:
        print(
            json.dumps(
                {
                    "path": str(made.path),
                    "sha256": made.sha256,
                    "events": held.events,
                    "files": len(held.files),
                    "bytes": held.bytes,
                    "audit_rows": held.audit_rows,
                }
            )
        )
        return
    print(f"{held.events:,} rows of events, {len(held.tables)} tables, {len(held.files):,} files, "
          f"{held.bytes / 1e6:,.1f} MB in {made.path}")  # fmt: skip
    print(f"Keep this elsewhere; it vouches for the whole backup: {made.sha256}")
    print("The folder holds records, settings and the audit's signing key: keep it as safe as the workspace.")


def restore(
    path: Folder,
    expect: Annotated[str, typer.Option(help="The line that peelian backup said to keep.")] = "",
) -> None:
    """Bring a backup back to an empty --home (and --database), comparing every byte; refuse any other."""
    from peelian.cli.auditing import verified_lines
    from peelian.pipeline.restoring import restore as bring_back

    made = bring_back(
        path, home_folder(), STATE.database or os.environ.get("PEELIAN_DATABASE"), expect=expect
    )
    held = made.manifest
    if STATE.json:
        print(json.dumps({"home": str(made.home), "made": held.made, "events": held.events,
                          "files": len(held.files), "audit_faults": made.audit.found}))  # fmt: skip
    else:
        print(f"Restored to {made.home} as it was at {held.made}: {held.events:,} rows of events, "
              f"{len(held.tables)} tables, {len(held.files):,} files; every byte as written.")  # fmt: skip
        print("\n".join(verified_lines(made.audit)))
    raise typer.Exit(1 if made.audit.found else 0)
