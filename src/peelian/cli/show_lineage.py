"""What `peelian lineage` prints."""

from __future__ import annotations

from typing import Any

from peelian.cli.show import table

_MOST = 12


def show_lineage(found: dict[str, Any]) -> None:
    """Print the run, its inputs by file, the agreements, and what is gone since."""
    run = found["run"]
    expected = found["expected"]
    said = "no number: no feed speaks of it" if expected is None else f"expected {expected:.2f}"
    print(f"{found['place'] or 'A place without a named street'} (cell {found['cell']}): {said}")
    print(f"{run['title']}; origin {run['origin']}, known at {run['as_of']}, snapshot {run['snapshot']}")
    print(
        f"model {run['model']['id']} {run['model']['version']}, seed {run['seed']}, "
        f"Peelian {run['code_version']}"
    )
    if links := run.get("links"):
        print(
            f"reports of several agencies linked by {links['version']} ({links['parameters']}), "
            f"threshold {links['threshold']}"
        )
    print(
        f"{found['target_here']:,} reports of the target's groups in this cell (homes and several reports of "
        "one incident included), by feed, file and group:"
    )
    rows = [
        {
            "feed": one["source"], "file": one["file"], "group": one["group"],
            "here": one["here"], "within 1 km": one["near"], "in the area": one["area"],
        }
        for one in found["inputs"]
    ]  # fmt: skip
    if rows:
        table(rows[:_MOST])
    if len(rows) > _MOST:
        print(f"... and {len(rows) - _MOST} more: peelian lineage --json")
    print("files:")
    for file in found["files"]:
        rules = ", ".join(f"{name} {str(value)[:16]}" for name, value in file["rules"].items() if value)
        print(
            f"  {file['sha256'][:16]} {file['name']}: {file['read']:,} rows read, "
            f"{file['accepted']:,} accepted, "
            f"{file['quarantined']:,} put aside; {rules or 'no mapping'}"
        )
    for one in found["agreements"]:
        print(f"agreement {one['id']}: {one['title']} ({one['gateway']}), to {one['to']}")
    if found["erased"]:
        print(f"{found['erased']:,} of the rows this run could see have been erased since.")
    if found["closed"]:
        print(
            f"Agreements that have ended since: {', '.join(found['closed'])}. "
            "Their rows are not counted here."
        )
