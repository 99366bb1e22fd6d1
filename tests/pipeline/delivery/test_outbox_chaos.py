"""10,000 alerts with a fifth of the attempts failing: none lost, none seen twice; and a worker killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.pipeline.context import Context
from peelian.pipeline.delivering import Delivered, deliver
from peelian.pipeline.delivery.sending import Pace
from peelian.store.outbox import list_messages, standing
from peelian.store.warning_settings import write_delivery
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.pipeline.delivery.receiver import Receiver
from tests.warnings_made import made
from tests.workspaces import fresh

KEY = "a secret of at least twenty-four bytes"
QUICK = Pace(base_s=0.02, most_s=0.5, batch=200, hold_s=60)
KINDS = ("drop", "500", "lost")
WORKER = """
import sys
from pathlib import Path
from peelian.pipeline.context import open_context
from peelian.pipeline.delivering import deliver
from peelian.pipeline.delivery.sending import Pace
ctx = open_context(Path(sys.argv[1]), None, "prevention")
print("ready", flush=True)
deliver(ctx, workers=2, pace=Pace(base_s=0.02, most_s=0.5, batch=50, hold_s=60))
"""


def a_fifth(id_: str, attempt: int) -> str:
    """Fail a fifth of attempts, by a digest of id and attempt: a third each way."""
    drawn = zlib.crc32(f"{id_}:{attempt}".encode()) % 15
    return KINDS[drawn] if drawn < 3 else "ok"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PEELIAN_TEST_SECRET", KEY)
    return fresh(tmp_path / "home")


def queue(ws: Workspace, url: str, many: int) -> None:
    desk = Recipient("desk", "control room", "webhook", url, secret_env="PEELIAN_TEST_SECRET")
    write_delivery(ws, Delivery((desk,), loopback=True))
    raised = [
        made(f"w{k}", area=f"A{k // 10_000}", places=(f"p{k}",), counts=(), similar=(), checks=())
        for k in range(many)
    ]
    for k in range(0, many, 10_000):
        some = raised[k : k + 10_000]
        assert len(keep_warnings(ws, LOCAL_ANALYST, "prevention", some).new) == len(some)


def deliver_all(ctx: Context) -> Delivered:
    total = Delivered()
    until = time.monotonic() + 3_000
    while standing(ctx.ws)["waiting"] and time.monotonic() < until:
        total.add(deliver(ctx, workers=3, pace=QUICK))
        time.sleep(0.01)
    return total


def chaos(home: Workspace, many: int) -> None:
    with Receiver(KEY.encode(), a_fifth) as desk:
        queue(home, desk.url, many)
        done = deliver_all(Context(home, purpose="prevention"))
    attempts = sum(desk.attempts.values())
    assert 0.18 < done.failed / attempts < 0.22
    assert standing(home) == {"waiting": 0, "sent": many, "dead": 0}
    assert len(desk.seen) == len(desk.taken) == many
    assert max(desk.taken.values()) > 1  # some came twice, and the receiver could tell
    assert {len(bodies) for bodies in desk.bodies.values()} == {1}
    assert desk.forged == 0


def test_ten_thousand_alerts_none_lost_none_seen_twice(home: Workspace) -> None:
    chaos(home, 10_000)


@pytest.mark.soak
def test_a_hundred_thousand_alerts_none_lost_none_seen_twice(home: Workspace) -> None:
    chaos(home, 100_000)


def test_a_worker_killed_in_the_middle_loses_nothing(home: Workspace) -> None:
    with Receiver(KEY.encode(), a_fifth) as desk:
        queue(home, desk.url, 1_500)
        for _ in range(2):
            worker = subprocess.Popen(
                [sys.executable, "-c", WORKER, str(home.home)], stdout=subprocess.PIPE, env=dict(os.environ)
            )
            before = len(desk.seen)
            until = time.monotonic() + 60
            while len(desk.seen) < before + 300 and time.monotonic() < until and worker.poll() is None:
                time.sleep(0.002)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert worker.stdout is not None
            worker.stdout.close()
            assert standing(home)["waiting"] > 0
        deliver_all(Context(home, purpose="prevention"))
    assert standing(home) == {"waiting": 0, "sent": 1_500, "dead": 0}
    assert len(desk.seen) == 1_500
    assert {one.worker for one in list_messages(home, last=2_000)} == {None}
