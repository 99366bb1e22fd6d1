"""Nothing from outside, nothing to outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api.serve import check_host, run
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse
from peelian.store.workspace import Workspace

from .conftest import RUN


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "",
        "0.0.0.0",
        "localhost.evil.example:80",
        "[::2]:8000",
        "127.0.0.1@evil.example",
    ],
)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/runs/latest", headers={"host": host}).status_code == 422


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/list",
        "/api/v1/runs/latest",
        "/nowhere",
        "/static/pages.css",
        f"/runs/{RUN}/report",
        "/api/v1/runs/nosuch",
    ],
)
def test_headers_on_every_answer(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "cache-control" in headers
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "extra",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_other_sites_cannot_write(client: TestClient, extra: dict[str, str]) -> None:
    answer = client.post("/api/v1/jobs", json={"kind": "backtest"}, headers=extra)
    assert answer.status_code == 403


def test_own_pages_can_write(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/jobs", json={"kind": "backtest"}, headers={"origin": "http://127.0.0.1:8000"}
    )
    assert answer.status_code == 201


def test_pages_hold_no_script_no_inline_style_and_nothing_from_elsewhere(client: TestClient) -> None:
    for path in (
        "/list",
        f"/runs/{RUN}/places/4762648",
        "/use-your-own-data",
        "/nowhere",
        f"/runs/{RUN}/report",
    ):
        text = client.get(path).text
        for word in ("<script", "style=", "<style", "http://", "https://", "onclick"):
            assert word not in text, (path, word)


def test_names_are_escaped(workspace: Workspace, client: TestClient) -> None:
    from peelian.api.templates import render
    from peelian.domain.errors import NotFound

    assert b"<b>" not in bytes(render("error.html", error=NotFound("<b>x</b>")).body)


def test_a_report_keeps_its_own_styles_but_no_script(workspace: Workspace, client: TestClient) -> None:
    report = workspace.runs / RUN / "report.html"
    report.write_text("<style>p{}</style><p>scores</p>")
    try:
        headers = client.get(f"/runs/{RUN}/report").headers
    finally:
        report.unlink()
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "", "evil.example", "::", "127.0.0.2"])
def test_serving_beyond_this_machine_is_misuse(host: str) -> None:
    with pytest.raises(Misuse, match="access control"):
        check_host(host)


def test_a_taken_port_is_a_sentence(workspace: Workspace, tmp_path: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Misuse, match="--port"):
            run(workspace, "127.0.0.1", other.getsockname()[1], actor=LOCAL_ANALYST, purpose="analysis")
