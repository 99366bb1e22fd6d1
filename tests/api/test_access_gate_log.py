"""What is refused at the gate stands in the log, once a minute a kind, without a word of the request."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from peelian.api import security, sessions
from peelian.api.gate_log import EVERY_S, GateLog
from tests.api.signing import app_of, client_of
from tests.workspaces import fresh


def test_a_flood_is_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([0.0, 1.0, 2.0, 3.0, EVERY_S + 1.0])
    log = GateLog(lambda: next(moments))
    with caplog.at_level(logging.WARNING, "peelian.gate"):
        for what in ("a", "a", "b", "a", "a"):
            log.refused(what, 403)
    assert [one.getMessage() for one in caplog.records] == [
        "refused at the gate: a (403)", "refused at the gate: b (403)",
        "refused at the gate: a (403, and 2 more since the last line)",
    ]  # fmt: skip


def test_host_origin_size_and_form_are_logged_and_nothing_sent_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (security, sessions):
        monkeypatch.setattr(module, "GATE_LOG", GateLog())
    client = client_of(app_of(fresh(tmp_path / "home")))
    with caplog.at_level(logging.WARNING, "peelian.gate"):
        assert client.get("/sign-in?secret-word", headers={"host": "evil.example"}).status_code == 422
        assert client.post("/sign-in", headers={"origin": "https://evil.example"}).status_code == 403
        assert client.post("/sign-in", content=b"x" * 70_000).status_code == 422
        assert client.post("/sign-in", data={"csrf": "secret-word"}).status_code == 403
        assert client.get("/sign-in", follow_redirects=True).status_code == 200
    said = [one.getMessage() for one in caplog.records]
    assert len(said) == 4
    assert all("refused at the gate" in one for one in said)
    assert not [one for one in said if "evil" in one or "secret" in one]
