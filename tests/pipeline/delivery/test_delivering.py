"""From warning to team: backoff, dead letters and another try, the next team, several workers."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.domain.errors import Forbidden
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.domain.warning_life import step_of
from peelian.pipeline.context import Context
from peelian.pipeline.delivering import deliver
from peelian.pipeline.delivery.sending import Pace, wait
from peelian.pipeline.escalating import escalate
from peelian.pipeline.jobs import work
from peelian.pipeline.warning_life import dead_letters_again
from peelian.store.audit import list_audit
from peelian.store.outbox import HOLD, give_back, lease, list_messages, standing
from peelian.store.warning_life import take_step
from peelian.store.warning_settings import write_delivery
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.pipeline.delivery.receiver import Receiver
from tests.warnings_made import made, repeats
from tests.workspaces import database, fresh, ws

__all__ = ["database", "ws"]
KEY = "a secret of at least twenty-four bytes"
NOW = Pace(base_s=0.0, most_s=0.0)
SECRET = {"secret_env": "PEELIAN_TEST_SECRET"}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEELIAN_TEST_SECRET", KEY)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context(fresh(tmp_path / "home"), purpose="prevention")


def teams(ctx: Context, url: str, *, attempts: int = 20, hours: float = 24.0) -> None:
    write_delivery(ctx.ws, Delivery((
        Recipient("north", "neighbourhood team", "webhook", url, next="duty", **SECRET),
        Recipient("duty", "duty desk", "webhook", url, kinds=(), **SECRET),
        Recipient("asb", "asb lead", "webhook", url, kinds=("repeats",), next="duty", **SECRET),
    ), loopback=True, attempts=attempts, unseen_hours=hours))  # fmt: skip


def raised(ctx: Context, *warnings: object) -> None:
    keep_warnings(ctx.ws, LOCAL_ANALYST, "prevention", warnings)  # type: ignore[arg-type]


def told(ctx: Context) -> list[tuple[str, str, str]]:
    return sorted((one.warning, one.recipient, one.state) for one in list_messages(ctx.ws))


def test_waits_double_and_are_half_at_random() -> None:
    chance = random.Random(1)
    for attempts in range(1, 12):
        full = min(30.0 * 2 ** (attempts - 1), 3600.0)
        some = [wait(attempts, Pace(), chance).total_seconds() for _ in range(200)]
        assert full / 2 <= min(some) < full * 0.55
        assert full * 0.95 < max(some) <= full
    assert wait(1, Pace(), chance, after_s=120.0) == timedelta(seconds=120)
    assert wait(1, Pace(), chance, after_s=1e9) == timedelta(hours=1)


def test_a_warning_reaches_its_team_and_the_disclosure_is_on_record(ctx: Context) -> None:
    with Receiver(KEY.encode()) as desk:
        teams(ctx, desk.url)
        raised(ctx, made(), repeats())
        assert vars(deliver(ctx)) == {"sent": 2, "failed": 0, "dead": 0}
        assert vars(deliver(ctx)) == {"sent": 0, "failed": 0, "dead": 0}
    assert told(ctx) == [("r1", "asb", "sent"), ("w1", "north", "sent")]
    assert {row.what for row in list_audit(ctx.ws) if row.verb == "disclosure"} == {
        "warning w1 to north by webhook", "warning r1 to asb by webhook",
    }  # fmt: skip


def test_what_fails_again_and_again_is_put_aside_with_its_reason_and_may_be_tried_again(ctx: Context) -> None:
    answers = ["500"] * 3
    with Receiver(KEY.encode(), lambda *_: answers.pop() if answers else "ok") as desk:
        teams(ctx, desk.url, attempts=3)
        raised(ctx, made())
        assert deliver(ctx, pace=NOW).dead == 1
        dead = list_messages(ctx.ws, state="dead")
        assert [(one.attempts, one.last_error) for one in dead] == [(3, "the webhook answered 500")]
        assert dead_letters_again(ctx) == 1
        assert deliver(ctx, pace=NOW).sent >= 1
    assert standing(ctx.ws)["dead"] == 0


def test_after_a_failure_it_is_not_tried_before_it_is_due(ctx: Context) -> None:
    with Receiver(KEY.encode(), lambda *_: "500") as desk:
        teams(ctx, desk.url)
        raised(ctx, made())
        assert vars(deliver(ctx)) == {"sent": 0, "failed": 1, "dead": 0}
        assert vars(deliver(ctx)) == {"sent": 0, "failed": 0, "dead": 0}
        assert sum(desk.attempts.values()) == 1


def test_a_team_that_is_away_is_asked_once_a_round(ctx: Context) -> None:
    teams(ctx, "http://127.0.0.1:1/in")
    raised(ctx, *(made(f"w{k}", places=(str(k),)) for k in range(5)))
    assert deliver(ctx, workers=1).failed == 5
    assert {one.last_error for one in list_messages(ctx.ws)} == {
        "the webhook did not answer (ConnectionRefusedError)"
    }


def test_a_team_no_longer_in_the_settings_is_not_told(ctx: Context) -> None:
    teams(ctx, "http://127.0.0.1:1/in")
    raised(ctx, made())
    write_delivery(ctx.ws, Delivery())
    assert deliver(ctx).dead == 1
    assert "no longer name" in list_messages(ctx.ws)[0].last_error


def test_the_next_team_is_told_once_of_what_nobody_has_seen(ctx: Context) -> None:
    teams(ctx, "http://127.0.0.1:1/in", hours=24)
    raised(ctx, made(), made("w2", places=("9",)), repeats())
    take_step(ctx.ws, LOCAL_ANALYST, "prevention", "w2", step_of("seen", reason="read"))
    assert escalate(ctx) == 0  # not yet
    teams(ctx, "http://127.0.0.1:1/in", hours=0)
    assert escalate(ctx) == 1
    assert escalate(ctx) == 0
    names = [(warning, team) for warning, team, _ in told(ctx)]
    assert names == [("r1", "asb"), ("w1", "duty"), ("w1", "north"), ("w2", "north")]


def test_an_undelivered_warning_goes_to_the_next_team_at_once(ctx: Context) -> None:
    with Receiver(KEY.encode(), lambda *_: "500") as desk:
        teams(ctx, desk.url, attempts=1)
        raised(ctx, made())
        assert deliver(ctx).dead == 1
        assert escalate(ctx) == 1


def test_a_lease_is_one_workers_and_what_was_not_tried_is_given_back(ws: Workspace) -> None:
    teams(Context(ws), "http://127.0.0.1:1/in")
    raised(Context(ws), *(made(f"w{k}", places=(str(k),)) for k in range(4)))
    first, second = lease(ws, most=3, worker="elsewhere:1"), lease(ws, most=3, worker="elsewhere:2")
    assert (len(first), len(second), lease(ws)) == (3, 1, [])
    assert give_back(ws, first[1:], worker="elsewhere:1") == 2
    assert len(lease(ws, worker="elsewhere:3", hold=-HOLD)) == 2  # a lease that has run out at once
    assert len(lease(ws, worker="elsewhere:4")) == 2


def test_who_may_not_disclose_delivers_nothing(ctx: Context) -> None:
    with pytest.raises(Forbidden):
        deliver(Context(ctx.ws, Actor("someone", "visitor"), "prevention"))


WORKER = """
import sys
from pathlib import Path
from peelian.pipeline.context import open_context
from peelian.pipeline.delivering import deliver
from peelian.pipeline.delivery.sending import Pace
deliver(open_context(Path(sys.argv[1]), sys.argv[2], "prevention"), workers=2, pace=Pace(batch=7))
"""


def test_several_processes_send_each_message_once(ws: Workspace) -> None:
    with Receiver(KEY.encode()) as desk:
        teams(Context(ws), desk.url)
        raised(Context(ws), *(made(f"w{k}", places=(str(k),)) for k in range(150)))
        url = ws.engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-c", WORKER, str(ws.home), url]
        running = [subprocess.Popen(command) for _ in range(2)]
        assert [one.wait(60) for one in running] == [0, 0]
    assert standing(ws) == {"waiting": 0, "sent": 150, "dead": 0}
    assert set(desk.taken.values()) == {1}


def test_a_worker_that_stays_delivers_beside_its_jobs(ctx: Context) -> None:
    with Receiver(KEY.encode()) as desk:
        teams(ctx, desk.url)
        raised(ctx, made())
        work(ctx, forever=True, pause_s=0.02, wanted=lambda: not standing(ctx.ws)["sent"])
    assert len(desk.seen) == 1
