"""Ingest speed: `peelian ingest` as a whole process, beside bare polars and DuckDB on the same files.

usage: python benchmarks/ingest.py [--rows 10000000] [--keep DIR]

Generates CSVs of the data.police.uk street layout (deterministic; places fictional, ids random) in a
temporary folder, then runs, each as its own process and in the same run:
  peelian   the real command: hash, parse, check, place, key, compare, write durably, commit
  polars    read all columns of each CSV, write Parquet (zstd level 1, synced)
  duckdb    read all columns of each CSV and count
and prints rows a second, the ratio to polars, and peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

TYPES = (
    "Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs",
    "Other crime", "Other theft", "Possession of weapons", "Public order", "Robbery", "Shoplifting",
    "Theft from the person", "Vehicle crime", "Violence and sexual offences",
)  # fmt: skip
SHARES = np.array([22, 1, 4, 8, 3, 2, 7, 1, 8, 1, 6, 1, 6, 30]) / 100
FORCES = 8
ROWS_A_FILE = 29_000
LIMIT_ROWS_S, AIM_ROWS_S, LIMIT_RATIO, LIMIT_MIB = 400_000, 700_000, 2.5, 1024

POLARS = """
import os, sys, pathlib, polars as pl
out = pathlib.Path(sys.argv[2]); out.mkdir()
for k, path in enumerate(sorted(pathlib.Path(sys.argv[1]).rglob("*.csv"))):
    file = out / f"{k}.parquet"
    pl.read_csv(path).write_parquet(file, compression="zstd", compression_level=1)
    handle = os.open(file, os.O_RDONLY); os.fsync(handle); os.close(handle)
"""
DUCKDB = """
import sys, duckdb
duckdb.sql(f"select count(*), count(columns(*)) from read_csv('{sys.argv[1]}/*/*.csv')").fetchall()
"""


def generate(folder: Path, rows: int, seed: int = 20) -> int:
    """Write about `rows` rows; give how many files."""
    rng = np.random.default_rng(seed)
    files = 0
    while files * ROWS_A_FILE < rows:
        force, month = files % FORCES, files // FORCES
        name = f"{2016 + month // 12}-{month % 12 + 1:02d}"
        (folder / name).mkdir(parents=True, exist_ok=True)
        size = min(ROWS_A_FILE, rows - files * ROWS_A_FILE)
        _month(rng, name, force, size).write_csv(folder / name / f"{name}-fictional-{force}-street.csv")
        files += 1
    return files


def _month(rng: np.random.Generator, month: str, force: int, rows: int) -> pl.DataFrame:
    types = rng.choice(len(TYPES), rows, p=SHARES)
    points = rng.integers(0, 8_000, rows)  # snap points, as published: many rows share one
    where = np.random.default_rng(force)  # the same points every month
    longitude = np.round(-2.5 + 0.35 * force + where.normal(0, 0.1, 8_000), 6)
    latitude = np.round(52.0 + where.normal(0, 0.1, 8_000), 6)
    ids = rng.bytes(32 * rows).hex()
    nowhere = rng.random(rows) < 0.04
    frame = pl.DataFrame(
        {
            "Crime ID": [ids[64 * k : 64 * k + 64] for k in range(rows)],
            "Month": [month] * rows,
            "Reported by": [f"Fictional {force}"] * rows,
            "Falls within": [f"Fictional {force}"] * rows,
            "Longitude": longitude[points],
            "Latitude": latitude[points],
            "Location": [f"On or near Street {p}" for p in points],
            "LSOA code": [f"E01{force:02d}{p // 16:04d}" for p in points],
            "LSOA name": [f"Fictional {force} {p // 16:04d}" for p in points],
            "Crime type": [TYPES[t] for t in types],
            "Last outcome category": ["Under investigation"] * rows,
            "Context": [None] * rows,
        }
    )
    # Anti-social behaviour has no id; some rows have no place.
    gone = pl.Series(nowhere)
    return frame.with_columns(
        pl.when(pl.col("Crime type") != TYPES[0]).then("Crime ID").alias("Crime ID"),
        pl.when(~gone).then("Longitude").alias("Longitude"),
        pl.when(~gone).then("Latitude").alias("Latitude"),
        pl.when(~gone).then("Location").otherwise(pl.lit("No Location")).alias("Location"),
        pl.when(~gone).then("LSOA code").alias("LSOA code"),
        pl.when(~gone).then("LSOA name").alias("LSOA name"),
    )


@dataclass(frozen=True)
class Run:
    """What a process took."""

    seconds: float
    cpu: float
    mib: float
    output: str


def run(command: list[str]) -> Run:
    """Run a process to its end."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        text = out.read()
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {' '.join(command[:3])}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def say(what: str, met: bool) -> None:
    """Print a figure and whether it meets its limit."""
    print(f"{what}: {'met' if met else 'NOT MET'}")


def main() -> None:
    """Generate, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, help="a folder to generate into, and to use again")
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="peelian-bench-"))
    try:
        data = arguments.keep or work / "data"
        files = len(list(data.rglob("*.csv"))) if data.exists() else generate(data, arguments.rows)
        print(
            f"{arguments.rows:,} rows in {files} files; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
        )
        python = sys.executable
        polars = run([python, "-c", POLARS, str(data), str(work / "polars")])
        shutil.rmtree(work / "polars")
        duckdb = run([python, "-c", DUCKDB, str(data)])
        home = ["--home", str(work / "home"), "--json"]
        ours = run([python, "-m", "peelian", *home, "ingest", "police-uk", str(data)])
        total = json.loads(ours.output)["total"]
        for name, one in (("peelian", ours), ("polars", polars), ("duckdb", duckdb)):
            speed = total["read"] / one.seconds
            print(f"{name:8} {one.seconds:7.1f} s {one.cpu:7.1f} core s", end="")
            print(f" {speed:12,.0f} rows/s {one.mib:8,.0f} MiB peak")
        print(f"accepted {total['accepted']:,} of {total['read']:,}")
        rate, ratio = total["read"] / ours.seconds, ours.seconds / polars.seconds
        say(f"rate   {rate:,.0f} rows/s (limit {LIMIT_ROWS_S:,}, aim {AIM_ROWS_S:,})", rate >= LIMIT_ROWS_S)
        say(f"ratio  {ratio:.2f} x bare polars in time (limit {LIMIT_RATIO})", ratio <= LIMIT_RATIO)
        say(f"peak   {ours.mib:,.0f} MiB (limit {LIMIT_MIB:,})", ours.mib < LIMIT_MIB)
        print(
            f"in processor time, which other work on the machine does not change: "
            f"{ours.cpu / polars.cpu:.2f} x bare polars, {total['read'] / ours.cpu:,.0f} rows a core second"
        )
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
