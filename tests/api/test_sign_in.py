"""Signing in by password and code: the real pages, the real catalogue."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from peelian.api.second_factor import step_of
from peelian.domain.errors import Misuse
from peelian.govern.passwords import check_password, hash_password, right_password
from peelian.store import accounts
from peelian.store.access_tables import session
from peelian.store.accounts import Account
from peelian.store.audit import list_audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.sessions import Limits, hashed
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

from .signing import PASSWORD, SECRET, account, app_of, client_of, csrf_of, post, signed_in, with_password


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


@pytest.fixture
def client(ws: Workspace) -> TestClient:
    return client_of(app_of(ws))


def code() -> str:
    return pyotp.TOTP(SECRET).now()


def test_password_and_code_open_a_session_with_a_new_cookie(ws: Workspace, client: TestClient) -> None:
    with_password(ws, account(ws))
    assert client.get("/problems").headers["location"] == "/sign-in?next=%2Fproblems"
    assert client.get("/sign-in?next=/problems", follow_redirects=True).status_code == 200
    before = client.cookies["peelian"]
    answer = post(client, "/sign-in", {"account": "A1001 ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert client.get("/problems").status_code == 303  # a password alone opens nothing
    entered = post(client, "/sign-in/code", {"code": code()})
    assert (entered.status_code, entered.headers["location"]) == (303, "/problems")
    assert client.cookies["peelian"] != before
    said = entered.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert client.get("/problems").status_code == 200
    assert list_audit(ws, last=1)[0].actor == "a1001"
    planted = client_of(client.app)  # type: ignore[arg-type]
    planted.cookies.set("peelian", before)
    assert planted.get("/problems").status_code == 303


def test_only_the_hash_of_a_cookie_is_kept(ws: Workspace, client: TestClient) -> None:
    client.get("/sign-in")
    with reading(ws) as conn:
        (kept,) = conn.execute(select(session.c.id)).scalars()
    assert kept == hashed(client.cookies["peelian"])
    assert client.cookies["peelian"] not in (ws.home / "catalogue.db").read_bytes().decode("latin-1")


def test_first_password_is_changed_and_a_second_factor_set_up(ws: Workspace, client: TestClient) -> None:
    with transaction(ws) as conn:
        one = Account("n77", "officer", "kent", "", ("*",), ("*",), ("*",))
        accounts.add_account(conn, one, password=hash_password("first-one-given"))
    first = {"account": "n77", "password": "first-one-given"}
    assert post(client, "/sign-in", first).headers["location"] == "/sign-in/password"
    assert client.get("/sign-in/enrol").status_code == 403
    for wrong in ({"first": "short", "again": "short"}, {"first": PASSWORD, "again": "x"},
                  {"first": "first-one-given", "again": "first-one-given"}):  # fmt: skip
        assert post(client, "/sign-in/password", wrong).status_code == 422
    chosen = post(client, "/sign-in/password", {"first": PASSWORD, "again": PASSWORD})
    assert chosen.headers["location"] == "/sign-in/enrol"
    page = client.get("/sign-in/enrol").text
    assert 'src="data:image/svg+xml' in page
    secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    assert post(client, "/sign-in/enrol", {"code": "000000"}).status_code == 403
    done = post(client, "/sign-in/enrol", {"code": pyotp.TOTP(secret).now()})
    assert done.status_code == 303
    assert client.get("/account").status_code == 200


def test_a_code_is_good_once(ws: Workspace) -> None:
    with_password(ws, account(ws))
    said, answers = code(), []
    for _ in range(2):
        client = client_of(app_of(ws))
        post(client, "/sign-in", {"account": "a1001", "password": PASSWORD})
        answers.append(post(client, "/sign-in/code", {"code": said}).status_code)
    assert answers == [303, 403]


def test_wrong_tries_lock_an_account_in_the_same_words(ws: Workspace, client: TestClient) -> None:
    with_password(ws, account(ws))
    texts = set()
    for id_ in ("a1001", "nobody"):
        answer = post(client, "/sign-in", {"account": id_, "password": "wrong-wrong-wrong"})
        assert answer.status_code == 403
        texts.add(answer.text.replace(csrf_of(answer.text), ""))
    assert len(texts) == 1
    for _ in range(4):
        post(client, "/sign-in", {"account": "a1001", "password": "wrong-wrong-wrong"})
    assert post(client, "/sign-in", {"account": "a1001", "password": PASSWORD}).status_code == 403
    with transaction(ws) as conn:
        first = accounts.get_account(conn, "a1001").locked_until
        accounts.failed(conn, "a1001")
        accounts.failed(conn, "a1001")
        later = accounts.get_account(conn, "a1001").locked_until
        assert first is not None
        assert later is not None
        assert later - first > timedelta(seconds=60)
        accounts.succeeded(conn, "a1001")
    assert post(client, "/sign-in", {"account": "a1001", "password": PASSWORD}).status_code == 303


def test_one_address_may_not_try_for_ever(client: TestClient) -> None:
    shown = csrf_of(client.get("/sign-in", follow_redirects=True).text)
    body = {"csrf": shown, "account": "", "password": ""}
    client.app.state.attempts.most = 3  # type: ignore[attr-defined]
    answers = [client.post("/sign-in", data=body).status_code for _ in range(4)]
    assert answers == [403, 403, 403, 429]


@pytest.mark.parametrize("token", [None, "", "x" * 43])
def test_a_form_without_its_token_is_refused(ws: Workspace, token: str | None) -> None:
    client = signed_in(app_of(ws), account(ws))
    body = {"purpose": "analysis"} | ({} if token is None else {"csrf": token})
    assert client.post("/account/purpose", data=body).status_code == 403
    assert client.post("/account/purpose", content=b"purpose=analysis").status_code == 403
    page = client.get("/account").text
    assert page.count('name="csrf"') == page.count("<form") >= 3
    good = client.post("/account/purpose", data={"purpose": "analysis", "csrf": csrf_of(page)})
    assert good.status_code == 303
    assert "evil" not in good.headers["location"]


def test_a_file_form_carries_its_token_in_its_first_part(ws: Workspace) -> None:
    client = signed_in(app_of(ws), account(ws))
    token = csrf_of(client.get("/start").text)
    chosen = {"files": ("a.csv", b"date,place\n" * 20_000)}
    assert client.post("/start/files", files=chosen).status_code == 403
    assert client.post("/start/files", data={"csrf": token}, files=chosen).status_code == 303


def test_a_session_ends_idle_after_its_time_by_sign_out_and_by_revocation(ws: Workspace) -> None:
    app, one = app_of(ws), account(ws)

    def shift(**by: timedelta) -> None:
        moved = {name: now() - ago for name, ago in by.items()}
        with transaction(ws) as conn:
            conn.execute(update(session).values(**moved))

    client = signed_in(app, one)
    assert client.get("/problems").status_code == 200
    shift(seen=Limits().idle + timedelta(seconds=1))
    assert client.get("/problems").status_code == 303
    client = signed_in(app, one)
    shift(ends=timedelta(seconds=1))
    assert client.get("/problems").status_code == 303
    client, other = signed_in(app, one), signed_in(app, one)
    gone = post(client, "/sign-out", {})
    assert "storage" in gone.headers["clear-site-data"]
    assert client.get("/problems").status_code == 303
    assert other.get("/problems").status_code == 200
    with transaction(ws) as conn:
        accounts.revoke(conn, one.id)
    assert other.get("/problems").status_code == 303
    assert other.get("/api/v1/jobs").status_code == 401


def test_a_new_role_holds_from_the_next_request(ws: Workspace) -> None:
    one = account(ws)
    client = signed_in(app_of(ws), one)
    assert client.get("/api/v1/jobs").status_code == 200
    with transaction(ws) as conn:
        accounts.set_reach(conn, Account(one.id, "officer", "kent", "", ("*",), ("*",), ("*",)))
    refused = client.get("/api/v1/jobs")
    assert refused.status_code == 403
    assert "role officer" in refused.json()["expected"]
    page = client.get("/data")
    assert page.status_code == 403
    assert "This is not open to you" in page.text


def test_secure_cookie_over_tls(ws: Workspace) -> None:
    client = TestClient(
        app_of(ws, secure=True, hosts=frozenset({"map.example"})), base_url="https://map.example",
        follow_redirects=False,
    )  # fmt: skip
    answer = client.get("/sign-in")
    assert answer.headers["set-cookie"].startswith("__Host-peelian=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]
    assert client.get("/sign-in", headers={"host": "evil.example"}).status_code == 422


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "/sign-out"])
def test_signing_in_leads_nowhere_else(ws: Workspace, client: TestClient, to: str) -> None:
    with_password(ws, account(ws))
    client.get("/sign-in", params={"next": to}, follow_redirects=True)
    post(client, "/sign-in", {"account": "a1001", "password": PASSWORD}, page="/sign-out")
    shown = client.get("/sign-in/code")
    done = client.post("/sign-in/code", data={"csrf": csrf_of(shown.text), "code": code()})
    assert done.headers["location"] == "/"


@pytest.mark.parametrize(
    ("role", "lands"),
    [("analyst", "/"), ("partner", "/problems"), ("administrator", "/account"), ("audit", "/")],
)
def test_signing_in_lands_on_the_first_page_the_role_may_open(
    ws: Workspace, client: TestClient, role: str, lands: str
) -> None:
    more = {"agency": "council"} if role == "partner" else {}
    with_password(ws, account(ws, role=role, **more))
    client.get("/sign-in", follow_redirects=True)
    post(client, "/sign-in", {"account": "a1001", "password": PASSWORD})
    entered = post(client, "/sign-in/code", {"code": code()})
    assert entered.headers["location"] == lands
    assert client.get(lands).status_code in {200, 303}  # 303: nothing is held, to the first-run page


def test_passwords() -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert right_password(kept, PASSWORD)
    assert not right_password(kept, PASSWORD + "x")
    assert not right_password(None, PASSWORD)
    for poor in ("short", "aaaaaaaaaaaaaaaa", "n77n77n77-abcdef", "x" * 200):
        with pytest.raises(Misuse):
            check_password(poor, "n77")


def test_codes_by_the_rfc_6238_vector() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the ASCII seed 12345678901234567890 of appendix B
    assert step_of(secret, "287082", at=59) == 1  # the vector's last six digits
    assert step_of(secret, "287082", at=89) == 1
    assert step_of(secret, "287082", at=120) is None
    assert step_of(secret, "28708", at=59) is None
