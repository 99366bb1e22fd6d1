"""Many worlds, in `make soak` only: every seed keeps the promises of its scenario."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import build_world
from tests.simulate.measure import measure

ROOT = Path(__file__).resolve().parents[2]
SEEDS = range(1, 13)


@pytest.mark.soak
def test_twelve_plain_and_hard_worlds() -> None:
    started = time.monotonic()
    worlds = {
        name: {seed: measure(build_world(load_scenario(name), seed)) for seed in SEEDS}
        for name in ("plain", "hard")
    }
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    evidence = {
        "what": "simulated worlds held against their scenario; a harness check, no accuracy claim",
        "commit": commit,
        "seeds": list(SEEDS),
        "seconds": round(time.monotonic() - started),
        "worlds": worlds,
    }
    path = ROOT / "docs" / "evidence" / "simulator.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(evidence, indent=1) + "\n")
    plain = list(worlds["plain"].values())
    for name in ("knox_burglary", "knox_robbery"):
        ratios = [found[name] for found in plain]
        assert 1.2 <= sum(ratios) / len(ratios) <= 1.4
        assert min(ratios) >= 1.1
        assert max(ratios) <= 1.6
    for found in plain:
        assert 0.02 <= found["half_of_public_violence_in_streets"] <= 0.05
        assert 1000 <= found["knife_a_year"] <= 1500
        assert all(0.9 < value < 1.1 for key, value in found.items() if key.startswith("total_"))
    for hard, easy in zip(worlds["hard"].values(), plain, strict=True):
        assert hard["knox_burglary"] < easy["knox_burglary"]
