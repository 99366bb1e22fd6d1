"""Signing in by a real OIDC provider on loopback: the whole code flow, and what a hostile answer gets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from peelian.api.access import Provider, Rule, read_access
from peelian.api.sign_in_oidc import rule_of
from peelian.domain.errors import Misuse
from peelian.store import accounts
from peelian.store.catalogue import reading, transaction
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

from .signing import app_of, client_of

STATED = {"acr": "urn:mfa", "amr": ["pwd", "otp"], "auth_time": int(time.time())}
USERS = [
    oidc_provider_mock.User(sub="7001", claims={"groups": ["staff", "map-analysts"]}),
    oidc_provider_mock.User(sub="7002", claims={"groups": ["staff"]}),
    oidc_provider_mock.User(sub="7003", claims={"groups": "map-ambulance"}),
    oidc_provider_mock.User(sub="7004", claims={"groups": ["map-analysts"]} | STATED),
    oidc_provider_mock.User(
        sub="7005", claims={"groups": ["map-analysts"]} | STATED | {"auth_time": int(time.time()) - 3_700}
    ),
    oidc_provider_mock.User(
        sub="7006", claims={"groups": ["map-analysts"], "acr": ["urn:mfa"], "amr": "otp", "auth_time": "now"}
    ),
]
RULES = (
    Rule(value="map-analysts", role="analyst", force="kent", areas=("*",), agreements=("*",)),
    Rule(value="map-ambulance", role="partner", force="kent", agency="Ambulance", areas=("*",)),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(user_claims=USERS, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


@pytest.fixture
def app(ws: Workspace, issuer: str) -> FastAPI:
    provider = Provider(issuer=issuer, rules=RULES)
    return app_of(ws, mode="oidc", provider=provider, client_id="peelian", client_secret="not-a-secret")


def leave(client: TestClient) -> str:
    """Go to the provider; give its address."""
    page = client.get("/sign-in", follow_redirects=True)
    assert "Sign in with your organisation" in page.text
    left = client.get("/sign-in/provider")
    assert left.status_code == 303, left.text
    return str(left.headers["location"])


def allow(address: str, sub: str, **form: str) -> dict[str, str]:
    """Let someone in at the provider; give its answer."""
    back = httpx.post(address, data={"sub": sub, **form}).headers["location"]
    assert urlsplit(back).path == "/sign-in/callback"
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def test_code_flow_with_pkce_state_and_nonce(app: FastAPI, ws: Workspace, issuer: str) -> None:
    client = client_of(app)
    address = leave(client)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(issuer)
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 20
    before = client.cookies["peelian"]
    answer = allow(address, "7001")
    entered = client.get("/sign-in/callback", params=answer)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "samesite=lax" in entered.headers["set-cookie"].lower()
    assert client.cookies["peelian"] != before
    page = client.get("/account").text
    assert "analyst of a force" in page
    assert "7001" not in page  # the provider's subject is hashed
    with reading(ws) as conn:
        (one,) = accounts.list_accounts(conn)
    assert (one.role, one.force, one.origin, one.areas) == ("analyst", "kent", issuer, ("*",))
    assert client.get("/sign-in/callback", params=answer).status_code == 403  # good once


def test_a_second_rule_and_nobodys_rule(app: FastAPI, ws: Workspace) -> None:
    partner = client_of(app)
    assert partner.get("/sign-in/callback", params=allow(leave(partner), "7003")).status_code == 303
    assert "Ambulance" in partner.get("/account").text
    stranger = client_of(app)
    refused = stranger.get("/sign-in/callback", params=allow(leave(stranger), "7002"))
    assert refused.status_code == 403
    assert "no part in this map" in refused.text
    assert stranger.get("/problems").status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"state": "x" * 30}, {"state": ""}, {"code": "forged"}, {"code": ""}, {"iss": "https://evil.example"},
        {"code": None, "error": "access_denied"},
    ],
)  # fmt: skip
def test_a_changed_answer_lets_nobody_in(app: FastAPI, change: dict[str, Any]) -> None:
    client = client_of(app)
    answer = {k: v for k, v in (allow(leave(client), "7001") | change).items() if v is not None}
    assert client.get("/sign-in/callback", params=answer).status_code == 403
    assert client.get("/problems").status_code == 303


def test_an_answer_to_one_browser_is_no_good_in_another(app: FastAPI) -> None:
    victim, thief = client_of(app), client_of(app)
    leave(thief)
    answer = allow(leave(victim), "7001")
    assert thief.get("/sign-in/callback", params=answer).status_code == 403
    assert client_of(app).get("/sign-in/callback", params=answer).status_code == 403


def test_the_code_is_bound_to_its_verifier_and_nonce(app: FastAPI, ws: Workspace) -> None:
    """A code of another sign-in, put under this one's state: the nonce in its id token is not ours."""
    one, two = client_of(app), client_of(app)
    foreign = allow(leave(two), "7001")["code"]
    state = allow(leave(one), "7003")["state"]
    refused = one.get("/sign-in/callback", params={"state": state, "code": foreign})
    assert refused.status_code == 403


def test_a_revoked_subject_stays_out(app: FastAPI, ws: Workspace) -> None:
    client = client_of(app)
    client.get("/sign-in/callback", params=allow(leave(client), "7001"))
    with transaction(ws) as conn:
        accounts.revoke(conn, accounts.list_accounts(conn)[0].id)
    again = client_of(app)
    assert again.get("/sign-in/callback", params=allow(leave(again), "7001")).status_code == 403


def test_a_provider_that_is_not_there_is_a_sentence(ws: Workspace) -> None:
    provider = Provider(issuer="http://127.0.0.1:9", rules=RULES)
    client = client_of(app_of(ws, mode="oidc", provider=provider, client_id="x", client_secret="x"))
    client.get("/sign-in", follow_redirects=True)
    left = client.get("/sign-in/provider")
    assert left.status_code == 503
    assert "does not answer" in left.text


def strong(ws: Workspace, issuer: str, **asked: Any) -> TestClient:
    provider = Provider(issuer=issuer, rules=RULES, **asked)
    return client_of(app_of(ws, mode="oidc", provider=provider, client_id="peelian", client_secret="s"))


@pytest.mark.parametrize(
    ("asked", "sub", "enters"),
    [
        ({"acr": ("urn:mfa", "urn:phr")}, "7004", True), ({"acr": ("urn:phr",)}, "7004", False),
        ({"acr": ("urn:mfa",)}, "7001", False), ({"amr": ("otp",)}, "7004", True),
        ({"amr": ("otp", "hwk")}, "7004", False), ({"amr": ("otp",)}, "7001", False),
        ({"max_age_minutes": 30}, "7004", True), ({"max_age_minutes": 30}, "7005", False),
        ({"max_age_minutes": 30}, "7006", False), ({"acr": ("urn:mfa",), "amr": ("pwd",)}, "7006", False),
        ({}, "7006", False), ({}, "7001", True),
    ],
)  # fmt: skip
def test_a_weak_or_old_sign_in_at_the_provider_is_refused(
    ws: Workspace, issuer: str, asked: dict[str, Any], sub: str, enters: bool
) -> None:
    """7004 states all, just now; 7005 an hour ago; 7006 what no provider may; 7001 nothing of strength."""
    client = strong(ws, issuer, **asked)
    entered = client.get("/sign-in/callback", params=allow(leave(client), sub))
    assert entered.status_code == (303 if enters else 403), entered.text
    said = ("at the provider", "the provider does not say", "what the provider said does not hold")
    assert enters or any(one in entered.text.lower() for one in said)
    assert client.get("/account").status_code == (200 if enters else 303)


def test_strength_and_age_are_asked_of_the_provider(ws: Workspace, issuer: str) -> None:
    asked = parse_qs(urlsplit(leave(strong(ws, issuer, acr=("urn:mfa", "urn:phr"), max_age_minutes=5))).query)
    assert (asked["acr_values"], asked["max_age"]) == (["urn:mfa urn:phr"], ["300"])
    plain = parse_qs(urlsplit(leave(strong(ws, issuer))).query)
    assert not {"acr_values", "max_age"} & set(plain)


def test_a_provider_that_is_not_on_the_list_of_hosts_is_not_asked(
    ws: Workspace, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEELIAN_MAY_REACH", "mail.force.example")
    provider = Provider(issuer="https://login.force.example", rules=RULES)
    client = client_of(app_of(ws, mode="oidc", provider=provider, client_id="x", client_secret="x"))
    client.get("/sign-in", follow_redirects=True)
    left = client.get("/sign-in/provider")
    assert left.status_code == 409
    assert "may not connect" in left.text
    monkeypatch.setenv("PEELIAN_MAY_REACH", "")
    assert leave(strong(ws, issuer)), "loopback is no way out"


SETTINGS = """
force = "kent"
hosts = ["map.kent.example"]
proxies = ["10.0.0.5"]
[oidc]
issuer = "https://login.kent.example"
client_id = "peelian"
client_secret_file = "oidc.secret"
[[oidc.rules]]
value = "map-analysts"
role = "analyst"
force = "kent"
areas = ["*"]
"""


def test_settings_are_read_and_the_secret_stands_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PEELIAN_OIDC_CLIENT_SECRET", raising=False)
    (tmp_path / "access.toml").write_text(SETTINGS)
    with pytest.raises(Misuse, match="not there"):
        read_access(tmp_path, "oidc", secure=True)
    secret = tmp_path / "oidc.secret"
    secret.write_text("s3cret\n")
    secret.chmod(0o644)
    with pytest.raises(Misuse, match="others may read"):
        read_access(tmp_path, "oidc", secure=True)
    secret.chmod(0o600)
    made = read_access(tmp_path, "oidc", secure=True)
    assert (made.client_secret, made.hosts, made.cookie) == ("s3cret", {"map.kent.example"}, "__Host-peelian")
    assert rule_of(made, {"groups": ["a", "map-analysts"]}) is not None
    assert rule_of(made, {"groups": ["map-analysts-not"]}) is None
    assert rule_of(made, {}) is None
    for wrong in (SETTINGS.replace("https://login", "http://login"), SETTINGS + 'client_secret = "x"',
                  SETTINGS.replace('"analyst"', '"chief"'), "force = ["):  # fmt: skip
        (tmp_path / "access.toml").write_text(wrong)
        with pytest.raises(Misuse):
            read_access(tmp_path, "oidc", secure=True)
