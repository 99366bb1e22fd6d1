"""A small download in the layout of data.police.uk, of a made-up Bedfordshire: 14 months of two kinds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

MONTHS = tuple(f"{2021 + (k + 5) // 12}-{(k + 5) % 12 + 1:02d}" for k in range(14))
HEAD = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
STREETS = ("High Street", "Mill Lane", "Station Road", "Park Avenue", "Church Walk", "Tavistock Street")


def write_zip(path: Path, *, seed: int = 3, a_month: int = 120) -> int:
    """Write it; give the number of its street rows."""
    rng = np.random.default_rng(seed)
    lon = -0.46 + 0.02 * rng.random(len(STREETS))
    lat = 52.13 + 0.012 * rng.random(len(STREETS))
    total = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for month in MONTHS:
            lines = [HEAD + "Last outcome category,Context"]
            for k, street in enumerate(rng.choice(len(STREETS), a_month, p=(0.4, 0.2, 0.15, 0.1, 0.1, 0.05))):
                kind = ("Violence and sexual offences", "Anti-social behaviour")[k % 2]
                id_ = "" if k % 2 else f"{month.replace('-', '')}{k:058x}"
                lines.append(
                    f"{id_},{month},Bedfordshire Police,Bedfordshire Police,"
                    f"{lon[street]:.6f},{lat[street]:.6f},"
                    f"On or near {STREETS[street]},E01017{street:03d},Bedford 00{street}A,{kind},,"
                )
            archive.writestr(f"{month}/{month}-bedfordshire-street.csv", "\n".join(lines) + "\n")
            total += len(lines) - 1
    return total
