"""Hostile requests to every route: nothing breaks, nothing is given out, nothing is said back unescaped."""

from __future__ import annotations

import asyncio
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from peelian.api.rate_limit import RateLimit
from peelian.api.security import Gatekeeper
from peelian.store.workspace import Workspace
from tests.api.conftest import RUN
from tests.api.signing import account, app_of, client_of, csrf_of, signed_in
from tests.api.test_routes import api_routes

PAYLOADS = (
    "' or '1'='1", "1; drop table audit; --", "\" union select * from account --", "%27%20or%201=1",
    "{{7*19141}}", "${7*19141}", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", 
    "javascript:alert(1)", "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "....//....//etc/passwd", "file:///etc/passwd",
    "x\r\nset-cookie: evil=1", "%0d%0aset-cookie:evil=1", "\u202egnp.exe", "x\x00y", "a" * 5_000,
    "http://169.254.169.254/latest/meta-data", "$(id)", "`id`", "|id", "1e999", "nan", "-1", "9" * 40,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "*", "%",
)  # fmt: skip


def some(payloads: tuple[str, ...], path: str, many: int = 4) -> list[str]:
    """A few of the payloads, others for each route; a number too large for a database each time."""
    start = zlib.crc32(path.encode())
    return ["9" * 40, *(payloads[(start + 5 * k) % len(payloads)] for k in range(many))]


def told(answer: Any) -> str:
    """What is wrong with an answer; empty if nothing."""
    text = answer.text
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if "root:" in text or "133987" in text:
        return "it was read or run"
    html = "html" in answer.headers.get("content-type", "")
    if html and ("<script>alert" in text or "<img src=x" in text):
        return "it was said back unescaped"
    if "evil" in answer.headers.get("set-cookie", ""):
        return "it set a header"
    return "it shows our inside" if "Traceback" in text or "sqlalchemy" in text.lower() else ""


def names_of(route: Any) -> list[str]:
    """The names of a route's query parameters, of its dependencies too."""
    found, waiting = [], [route.dependant]
    while waiting:
        one = waiting.pop()
        found += [field.alias for field in one.query_params]
        waiting += one.dependencies
    return [*found, "run", "level"]


def test_no_parameter_of_any_route_is_a_way_in(client: TestClient, workspace: Workspace) -> None:
    wrong = []
    for route in api_routes(client):
        if "GET" not in route.methods or "stream" in route.path:
            continue
        plain = route.path.replace(":path", "").format_map(_Named())
        names = names_of(route)
        for k, payload in enumerate(some(PAYLOADS, route.path)):
            answer = client.get(plain, params={names[k % len(names)]: payload})
            wrong += (
                [(route.path, names[k % len(names)], payload[:30], said)] if (said := told(answer)) else []
            )
    assert not wrong, "\n".join(map(str, wrong))


class _Named(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return {"run": RUN, "layer": "expected", "level": "block"}.get(name, "1")


def test_no_part_of_any_path_is_a_way_in(client: TestClient) -> None:
    wrong = []
    for route in api_routes(client):
        parts = [part for part in route.path.split("/") if part.startswith("{")]
        if "GET" not in route.methods or not parts:
            continue
        for payload in some(PAYLOADS, route.path):
            path = route.path.replace(":path", "")
            for part in parts:
                path = path.replace(part.replace(":path", ""), quote(payload, safe="%"))
            answer = client.get(path)
            said = told(answer)
            if said:
                wrong.append((route.path, payload[:30], said))
    assert not wrong, "\n".join(map(str, wrong))


def test_bodies_of_every_route_that_writes(client: TestClient) -> None:
    bodies: list[tuple[str, bytes]] = [
        ("application/json", b""), ("application/json", b"{"), ("application/json", b"[" * 20_000),
        ("application/json", b'{"a":' * 5_000), ("application/json", b'{"kind":1e999,"arguments":null}'),
        ("application/json", b"\xff\xfe"), ("application/json", b'{"__proto__":{"x":1}}'),
        ("application/x-www-form-urlencoded", b"a=%00&b=%ff&" + b"c=1&" * 5_000),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"),
    ]  # fmt: skip
    wrong = []
    for route in api_routes(client):
        if not route.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            continue
        path = route.path.replace(":path", "").format_map(_Named())
        for kind, body in bodies:
            answer = client.post(path, content=body, headers={"content-type": kind}, follow_redirects=False)
            said = told(answer)
            if said:
                wrong.append((route.path, kind, body[:20], said))
    assert not wrong, "\n".join(map(str, wrong))


ELSEWHERE: tuple[dict[str, str], ...] = (
    {}, {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"},
)  # fmt: skip
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")


def test_no_form_is_sent_for_someone_from_elsewhere(ws: Workspace) -> None:
    client = signed_in(app_of(ws), account(ws, role="analyst"))
    paths = {"/account/sign-out", "/sign-out", "/problems", "/interventions", "/start/files", "/api/v1/jobs"}
    for path in sorted(paths):
        for headers in (
            {},
            {"origin": "http://evil.example"},
            {"sec-fetch-site": "cross-site"},
            {"origin": "null"},
        ):
            for kind in (
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
            ):
                said = {"content-type": kind, **headers}
                answer = client.post(path, content=b'{"kind":"backtest"}', headers=said)
                assert answer.status_code == 403, (path, kind, headers)


def test_a_session_value_known_beforehand_opens_nothing(ws: Workspace) -> None:
    """Session fixation: what the browser came with is replaced at sign-in, and stays worthless."""
    app = app_of(ws)
    thief = client_of(app)
    csrf_of(thief.get("/sign-in", follow_redirects=True).text)
    planted = thief.cookies["peelian"]
    victim = client_of(app)
    victim.cookies.set("peelian", planted)
    victim.get("/sign-in")
    mine = signed_in(app, account(ws)).cookies["peelian"]
    assert mine != planted
    assert thief.get("/api/v1/runs").status_code == 401
    for made_up in ("", "x", "x" * 5_000, planted[:-1], "../" * 9, "' or 1=1 --"):
        other = client_of(app)
        assert other.get("/api/v1/runs", headers={"cookie": f"peelian={made_up}"}).status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example#127.0.0.1",
        "127.0.0.1@evil.example",
        " ",
        "a, 127.0.0.1",
    ],
)
def test_a_host_that_is_not_ours_gets_nothing(ws: Workspace, host: str) -> None:
    client = signed_in(app_of(ws, hosts=frozenset({"map.kent.example"})), account(ws))
    answer = client.get("/api/v1/health", headers={"host": host})
    assert answer.status_code == 422
    assert host.strip() not in answer.text or not host.strip()
    assert client.get("/api/v1/health", headers={"host": "map.kent.example"}).status_code == 200


@pytest.mark.parametrize(
    "name", ["x-forwarded-host", "x-original-url", "x-rewrite-url", "forwarded", "x-http-method-override"]
)
def test_headers_of_proxies_change_nothing(client: TestClient, name: str) -> None:
    plain = client.get("/list")
    said = client.get("/list", headers={name: "evil.example/audit"})
    assert (said.status_code, len(said.text)) == (plain.status_code, len(plain.text))
    assert "evil" not in said.text


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "DELETE"])
def test_other_methods_are_not_taken(client: TestClient, method: str) -> None:
    assert client.request(method, "/list").status_code in {403, 404, 405}


def test_an_address_that_floods_is_refused_and_others_are_not(ws: Workspace) -> None:
    app = app_of(ws, requests_s=1.0)
    client = client_of(app)
    answers = [client.get("/api/v1/health") for _ in range(15)]
    assert [one.status_code for one in answers].count(429) >= 3
    assert answers[-1].json()["what"]
    assert answers[-1].headers["content-security-policy"]
    moment = [0.0]
    limit = RateLimit(2.0, lambda: moment[0])
    assert sum(limit.refusal("a") is None for _ in range(30)) == 20
    assert limit.refusal("b") is None
    moment[0] = 1.0
    assert [limit.refusal("a") is None for _ in range(3)] == [True, True, False]


def ask(app: Any, parts: list[tuple[float, bytes, bool]], headers: list[tuple[bytes, bytes]]) -> list[Any]:
    """Send a body's parts, each after so many seconds, past the client's own care."""
    sent: list[Any] = []
    waiting = list(parts)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        after, body, more = waiting.pop(0)
        await asyncio.sleep(after)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(message: Any) -> None:
        sent.append(message)

    own = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    path = "/api/v1/jobs"
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [*own, *headers], "scheme": "http", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "http_version": "1.1", "root_path": "",
    }  # fmt: skip

    async def run() -> None:
        await asyncio.wait_for(app(scope, receive, send), 20)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()
    return sent


def impatient(client: TestClient) -> Any:
    gate = Gatekeeper(client.app)
    gate.patience_s = 0.2
    return gate


def test_a_body_that_drips_in_is_not_waited_for(client: TestClient) -> None:
    sent = ask(impatient(client), [(0.0, b'{"kind":', True), (30.0, b"1}", False)], [])
    assert sent[0]["status"] == 400
    drips = [(0.05, b" ", True)] * 100
    assert ask(impatient(client), drips, [])[0]["status"] == 400


def test_a_body_longer_than_it_said_is_cut_off(client: TestClient) -> None:
    sent = ask(
        impatient(client), [(0.0, b" " * 70_000, True), (0.0, b"{}", False)], [(b"content-length", b"2")]
    )
    assert 400 <= sent[0]["status"] < 500
    for length in (b"99999999999", b"-1", b"+5", b"0x10", b"5 5"):
        sent = ask(impatient(client), [(0.0, b"{}", False)], [(b"content-length", length)])
        assert 400 <= sent[0]["status"] < 500, length
