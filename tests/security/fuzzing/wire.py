"""What comes over the wire: live batches, forms, uploads, answers of sign-in providers and of passkeys."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from peelian.api.access import Access, Provider, Rule
from peelian.api.app import create_app
from peelian.api.attempts import Attempts
from peelian.api.sessions import look
from peelian.api.sign_in_oidc import come_back, leave_for_provider
from peelian.api.signing_in import Desk
from peelian.domain.actor import LOCAL_ANALYST
from peelian.pipeline.live.taker import Taker
from peelian.store import sessions
from peelian.store.catalogue import transaction
from tests.api.signing import account, app_of, client_of, csrf_of, with_password
from tests.pipeline.live import doors
from tests.security.fuzzing.bench import Bench, Parser, Seeds

_JSON: Final = {"content-type": "application/json"}


def batch(bench: Bench, _name: str, data: bytes) -> None:
    """Put a live batch, and have what was taken committed."""
    if "door" not in bench.kept:
        ctx, door, secret = doors.made(bench.ctx.ws)
        bench.kept |= {"door": (door, secret), "taker": Taker(ctx), "batches": 0}
    door, secret = bench.kept["door"]
    bench.kept["batches"] += 1
    door.put(doors.FEED, f"k{bench.kept['batches']}", data, secret=secret)
    if bench.kept["batches"] % 50 == 0:
        bench.kept["taker"].drain()


def batch_seeds(_bench: Bench) -> Seeds:
    """Give two batches of incident logs."""
    three = [doors.row("A"), doors.row("B", code="ASB-P"), doors.row("C", at=5)]
    return {"one.jsonl": doors.lines(three[:1]), "three.jsonl": doors.lines(three)}


@dataclass
class Says:
    """A provider that says what it is given: its own description, tokens and keys."""

    key: RSAKey
    documents: dict[str, bytes] = field(default_factory=dict)
    issuer: str = ""
    nonce: str = ""

    def whole(self, nonce: str) -> dict[str, Any]:
        """Give the three true documents for a nonce."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "7001", "aud": "peelian", "nonce": nonce, "iat": now, "exp": now + 300,
            "auth_time": now, "acr": "mfa", "amr": ["pwd", "otp"], "groups": ["staff", "map-analysts"],
        }  # fmt: skip
        return {
            "metadata": {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                         "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks"},
            "token": {"access_token": "a", "token_type": "Bearer", "expires_in": 300},
            "claims": claims, "jwks": {"keys": [self.key.as_dict(private=False)]},
        }  # fmt: skip


def _provider(bench: Bench) -> Says:
    if "provider" in bench.kept:
        held: Says = bench.kept["provider"]
        return held
    said = Says(RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"}))

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give({"/jwks": "jwks"}.get(self.path, "metadata"))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._give("token")

        def _give(self, name: str) -> None:
            body = said.documents.get(name, b"")
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said.issuer = f"http://127.0.0.1:{server.server_port}"
    bench.kept["provider"] = said
    return said


def provider_seeds(bench: Bench) -> Seeds:
    """Give the provider's documents, one of which is spoilt; NONCE stands for the nonce of the try."""
    return {
        f"{name}.json": json.dumps(body).encode() for name, body in _provider(bench).whole("NONCE").items()
    }


def _with(document: bytes, token: str) -> bytes:
    """Put the signed token into a spoilt answer, where it is still one."""
    try:
        body = json.loads(document)
    except (ValueError, RecursionError):
        return document
    return json.dumps(body | {"id_token": token}).encode() if isinstance(body, dict) else document


def provider(bench: Bench, name: str, data: bytes) -> None:
    """Sign in by a provider one of whose documents is spoilt."""
    said = _provider(bench)
    rule = Rule(value="map-analysts", role="analyst", force="kent", areas=("*",), agreements=("*",))
    access = Access(
        "oidc",
        "kent",
        provider=Provider(issuer=said.issuer, rules=(rule,)),
        client_id="peelian",
        client_secret="s",
    )
    with transaction(bench.ctx.ws) as conn:
        token = sessions.begin(conn, {"next": "/"})
    said.documents = {key: json.dumps(body).encode() for key, body in said.whole("x").items()}
    away = leave_for_provider(
        Desk(bench.ctx.ws, look(bench.ctx.ws, access, token), "a", Attempts(10**9)), "http://h"
    )
    asked = parse_qs(urlsplit(away).query)
    which = name.removesuffix(".json")
    spoilt = data.replace(b"NONCE", asked["nonce"][0].encode())
    whole = said.whole(asked["nonce"][0])
    said.documents = {key: json.dumps(body).encode() for key, body in whole.items()}
    try:
        claims = json.loads(spoilt) if which == "claims" else whole["claims"]
        signed = (
            jwt.encode({"alg": "RS256", "kid": "k1"}, claims, said.key)
            if isinstance(claims, dict)
            else "a.b.c"
        )
    except (ValueError, TypeError, RecursionError):
        signed = "a.b.c"
    said.documents["token"] = json.dumps(whole["token"] | {"id_token": signed}).encode()
    if which == "token":
        said.documents["token"] = _with(spoilt, signed)
    elif which != "claims":
        said.documents[which] = spoilt
    desk = Desk(bench.ctx.ws, look(bench.ctx.ws, access, token), "a", Attempts(10**9))
    come_back(desk, "http://h", {"state": asked["state"][0], "code": "c"})


def _signing_in(bench: Bench) -> TestClient:
    if "client" not in bench.kept:
        app = app_of(bench.ctx.ws)
        app.state.attempts = Attempts(10**9)
        with_password(bench.ctx.ws, account(bench.ctx.ws, "a1001"))
        bench.kept["client"] = client_of(app)
    made: TestClient = bench.kept["client"]
    return made


PASSKEY: Final = json.dumps({
    "id": "AQID", "rawId": "AQID", "type": "public-key", "authenticatorAttachment": "platform",
    "response": {
        "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "YQ",
    },
    "clientExtensionResults": {},
}).encode()  # fmt: skip


def passkey(bench: Bench, _name: str, data: bytes) -> None:
    """Answer a passkey's question with anything."""
    client = _signing_in(bench)
    client.get("/sign-in", follow_redirects=True)
    client.post("/sign-in/passkey/options", headers=_JSON, content=b"")
    answer = client.post("/sign-in/passkey", headers=_JSON, content=data)
    assert 400 <= answer.status_code < 500, answer.status_code


def form(bench: Bench, name: str, data: bytes) -> None:
    """Send a spoilt form to the page that the file is named after."""
    client = _signing_in(bench)
    page = client.get("/sign-in", follow_redirects=True).text
    body = data.replace(b"TOKEN", csrf_of(page).encode())
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/" + name.removesuffix(".form").replace("-in-", "-in/"), headers=kind, content=body)
    assert answer.status_code < 500, answer.status_code


_PART: Final = (
    b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx\r\n'
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="2023-10-kent-street.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\nCrime ID,Month\r\n1,2023-10\r\n--b--\r\n"
)


def upload(bench: Bench, _name: str, data: bytes) -> None:
    """Send a spoilt multipart request to the page that takes files."""
    if "uploads" not in bench.kept:
        app = create_app(bench.ctx.ws, actor=LOCAL_ANALYST, purpose="analysis")
        bench.kept["uploads"] = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = bench.kept["uploads"].post("/start/files", headers=kind, content=data)
    assert answer.status_code < 500, answer.status_code


FORMS: Final = {
    "sign-in.form": b"csrf=TOKEN&account=a1001&password=correct-horse",
    "sign-in-code.form": b"csrf=TOKEN&code=123456",
}
PARSERS: Final = (
    Parser("live batch", batch_seeds, batch),
    Parser("sign-in provider", provider_seeds, provider),
    Parser("passkey", lambda _: {"p.json": PASSKEY}, passkey),
    Parser("form", lambda _: FORMS, form),
    Parser("upload", lambda _: {"u.txt": _PART}, upload),
)
