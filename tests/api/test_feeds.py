"""Live feeds over HTTP: every answer's status, its sentence, and headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Forbidden, Misuse, NotFound, NotNow, PeelianError, Refused, Unrecognised
from peelian.domain.live import Answer
from tests.workspaces import fresh

PATH = "/api/v1/feeds/control-room/batches"
HEAD = {"Authorization": "Bearer s3cret", "Idempotency-Key": "k1"}


@dataclass
class Told:
    """An inlet that answers as told, and notes what it was given."""

    error: PeelianError | None = None
    given: list[tuple[str, str, bytes, str | None]] = field(default_factory=list)

    def put(self, feed: str, key: str, body: bytes, *, secret: str | None = None) -> Answer:
        self.given.append((feed, key, body, secret))
        if self.error is not None:
            raise self.error
        return Answer(feed, key, 7, 2, 1, 1, (("no place", 1),))


@pytest.fixture(scope="module")
def inlet() -> Told:
    return Told()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, inlet: Told) -> Iterator[TestClient]:
    ws = fresh(tmp_path_factory.mktemp("feeds") / "home")
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="analysis", inlet=inlet)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client
    ws.engine.dispose()


def test_a_batch_and_its_answer(client: TestClient, inlet: Told) -> None:
    inlet.error = None
    told = client.post(PATH, content=b'{"a":1}\n', headers=HEAD)
    assert told.status_code == 200
    assert told.json() == {
        "feed": "control-room", "key": "k1", "position": 7, "read": 2, "accepted": 1, "quarantined": 1,
        "reasons": {"no place": 1}, "repeated": False,
    }  # fmt: skip
    assert inlet.given[-1] == ("control-room", "k1", b'{"a":1}\n', "s3cret")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("no feed"), 404), (Unrecognised("wrong"), 401), (Forbidden("revoked"), 403),
        (Misuse("malformed"), 422), (Refused("barred"), 409), (NotNow("later"), 503),
    ],
)  # fmt: skip
def test_each_refusal_has_its_status_and_a_sentence(
    error: PeelianError, status: int, client: TestClient, inlet: Told
) -> None:
    inlet.error = error
    told = client.post(PATH, content=b"{}\n", headers=HEAD)
    assert told.status_code == status
    assert told.json()["message"] == error.sentence
    assert ("retry-after" in told.headers) == (status == 503)
    assert ("www-authenticate" in told.headers) == (status == 401)


@pytest.mark.parametrize("given", ["", "Basic abc", "Bearer", "Bearer "])
def test_without_a_credential_nobody_is_trusted(given: str, client: TestClient, inlet: Told) -> None:
    inlet.error = None
    client.post(PATH, content=b"{}\n", headers=HEAD | {"Authorization": given})
    assert inlet.given[-1][3] == ""  # never None, which would mean a carrier of this machine


def test_a_batch_may_be_a_mebibyte_and_nothing_else_may(client: TestClient, inlet: Told) -> None:
    inlet.error = None
    assert client.post(PATH, content=b"x" * (1 << 20), headers=HEAD).status_code == 200
    before = len(inlet.given)
    assert client.post(PATH, content=b"x" * ((1 << 20) + 1), headers=HEAD).status_code == 413
    pieces = (b"x" * 65_536 for _ in range(17))
    assert client.post(PATH, content=pieces, headers=HEAD).status_code == 413  # that said no length
    assert len(inlet.given) == before
    assert client.post("/api/v1/places", content=b"x" * 70_000).status_code == 422


def test_another_site_cannot_send_and_compressed_is_said(client: TestClient) -> None:
    evil = client.post(PATH, content=b"{}\n", headers=HEAD | {"Origin": "https://evil.example"})
    assert evil.status_code == 403
    packed = client.post(PATH, content=b"{}\n", headers=HEAD | {"Content-Encoding": "gzip"})
    assert packed.status_code == 422


def test_a_server_without_an_inlet_says_so(client: TestClient) -> None:
    house = client.app.state.house  # type: ignore[attr-defined]
    app = create_app(house.ws, actor=LOCAL_ANALYST, purpose="analysis")
    told = TestClient(app, base_url="http://127.0.0.1").post(PATH, content=b"{}\n", headers=HEAD)
    assert told.status_code == 404
