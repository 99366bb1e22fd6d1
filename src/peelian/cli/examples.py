"""One or two calls that most people begin with, shown at the end of a command's `--help`."""

from __future__ import annotations

from typing import Final

FIRST_STEPS: Final = (
    ("peelian demo", "a fictional force, from files to map"),
    ("peelian ingest police-uk FILE.zip", "a download of data.police.uk"),
    ("peelian serve", "the map, on this machine"),
    ("peelian COMMAND --help", "what a command takes"),
)

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "ingest": (
        "peelian ingest police-uk FILE.zip",
        "peelian ingest table incidents.csv --mapping incidents.mapping.yaml",
    ),
    "map": ("peelian map hospital.xlsx --force fenshire",),
    "forecast": (
        "peelian forecast --target violence --every month --origin 2023-11",
        "peelian forecast --target robbery --every week --origin 2026-11-02 --horizon 4",
    ),
    "backtest": (
        "peelian backtest --target violence --every month --from 2022-11 --to 2023-04",
    ),
    "warn": ("peelian warn --as-of 2024-02-05 --target asb",),
    "plan": (
        "peelian plan --visits 30 --hold-out 0.1",
        "peelian plan --resources teams.toml",
    ),
    "decide": (
        'peelian decide plan ID --decided "as drafted" --by "district commander" --why "..."',
    ),
    "serve": (
        "peelian serve",
        "peelian serve --host 0.0.0.0 --access accounts --certificate map.pem --key map.key",
    ),
    "replay": ("peelian replay --from 2023-12-01 --to 2024-01-01",),
    "return": ("peelian return csp --from 2023-04-01 --to 2024-04-01 --out returns",),
    "backup": ("peelian backup /backups/2026-11-28 --home HOME",),
    "restore": ("peelian restore /backups/2026-11-28 --home NEW --expect SHA256",),
}  # fmt: skip
