"""Memory of the live load benchmark: of each process every 30 s, and how fast it grew in the second half."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

import numpy as np

from live_load_parts import World, takers

EVERY_S: Final = 30.0
_LEAST: Final = 3
"""A slope asks for so many readings in the second half."""


class Memory:
    """Resident memory of server, taker and (through a broker) listener; the start is the first reading."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._steady: list[tuple[float, dict[str, float]]] = []
        self._later: list[tuple[str, dict[str, float]]] = []

    async def watch(self) -> None:
        """Read every 30 s until cancelled."""
        while True:
            self._steady.append((time.monotonic(), self._read()))
            await asyncio.sleep(EVERY_S)

    def take(self, name: str) -> None:
        """Read once more, under a name."""
        self._later.append((name, self._read()))

    def say(self) -> None:
        """Print the readings, in MiB, and the slope of the second half in MiB a minute."""
        began = self._steady[0][0]
        for who in self._steady[0][1]:
            told = ", ".join(f"{read.get(who, np.nan):.0f}" for _, read in self._steady)
            later = "; ".join(f"{name} {read.get(who, np.nan):.0f}" for name, read in self._later)
            print(f"memory of the {who} every {EVERY_S:.0f} s, MiB: {told}; {later}")
            half = self._steady[len(self._steady) // 2 :]
            if len(half) < _LEAST:
                print("  too short a load for a slope")
                continue
            minutes = [(at - began) / 60 for at, _ in half]
            slope = np.polyfit(minutes, [read.get(who, np.nan) for _, read in half], 1)[0]
            print(f"  second half: {slope:+.2f} MiB a minute over {minutes[-1] - minutes[0]:.1f} minutes")

    def _read(self) -> dict[str, float]:
        processes = {"server": [self._world.server], "taker": takers(self._world)}
        if self._world.listener:
            processes["listener"] = [self._world.listener]
        return {who: sum(map(_resident, ids)) for who, ids in processes.items()}


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
