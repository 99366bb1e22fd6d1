"""Fetch a part of a far map: from one fixed address, over one scheme, never a redirect, never with a leak."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from peelian.api.public_address import public_ip
from peelian.domain.errors import Fault, Misuse, NotFound
from peelian.guard.outward import check_outward

MOST_BYTES: Final = 8 << 20
_PATH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~@,()%+ -]*(/[A-Za-z0-9._~@,()%+ -]+)*")
_QUERY: Final = re.compile(r"[A-Za-z0-9_=&.,:-]*")
_TYPES: Final = (
    "application/json", "application/octet-stream", "application/x-protobuf", "application/protobuf",
    "application/vnd.mapbox-vector-tile", "image/png", "image/jpeg", "image/webp",
)  # fmt: skip


def fetch(
    base: str, path: str, query: str, key: str, own: str, *, private: bool = False
) -> tuple[bytes, str]:
    """Give a part of the far map at `base`, and its media type.

    In JSON every address under `base` becomes one under `own` (this origin's proxied route), and the key is
    taken out, so that the browser neither asks elsewhere nor sees it.

    Raises:
        Misuse: the path or query is not plain: it could leave `base`.
        Refused: the base's name leads into a private network, and `private` is not set.
        NotFound: the far server has no such part.
        Fault: it does not answer, redirects, or sends what is no part of a map.
    """
    parts = path.split("/")
    if not _PATH.fullmatch(path) or any(set(part) <= {"."} for part in parts) or "%2" in path.lower():
        raise Misuse("this is no part of a map", expected="a plain path")
    if not _QUERY.fullmatch(query):
        raise Misuse("this is no part of a map", expected="a plain query")
    asked = [pair for pair in query.split("&") if pair and not pair.lower().startswith("key=")]
    address = f"{base}/{path}?{'&'.join([*asked, f'key={key}'] if key else asked)}".rstrip("?")
    body, kind = _read(address, private)
    if kind == "application/json":
        text = body.decode("utf-8", "replace").replace(base, own)
        if key:
            text = re.sub(rf"([?&])key={re.escape(key)}&?", r"\1", text).replace(key, "")
        return text.encode(), kind
    return body, kind


def _checked(address: str, private: bool) -> tuple[str, dict[str, str], dict[str, str]]:
    """Give the address to connect to by number, the Host header and the name TLS is checked against.

    Where a proxy of the environment fetches for us, it looks the name up, and it is the guard.
    """
    parts = urlsplit(address)
    host = str(parts.hostname)
    if parts.scheme in getproxies() and not proxy_bypass(host):
        return address, {}, {}
    port = parts.port or (443 if parts.scheme == "https" else 80)
    check_outward(host)
    ip = public_ip(host, port, private=private)
    there = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
    return urlunsplit(parts._replace(netloc=there)), {"host": parts.netloc}, {"sni_hostname": host}


def _read(address: str, private: bool) -> tuple[bytes, str]:
    there, named, tls = _checked(address, private)
    told = {"accept": "*/*", "user-agent": "peelian", **named}
    try:
        with (
            httpx.Client(follow_redirects=False, timeout=10, trust_env=True) as client,
            client.stream("GET", there, headers=told, extensions=tls) as answer,
        ):
            if answer.status_code in {204, 404}:
                raise NotFound("the far map has nothing there")
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            if answer.status_code != 200 or kind not in _TYPES:
                raise Fault("the far map did not give a part of a map", do="see: peelian basemap show")
            body = b""
            for block in answer.iter_bytes():
                body += block
                if len(body) > MOST_BYTES:
                    raise Fault("the far map sent too much", do="choose another basemap")
            return body, kind
    except httpx.HTTPError as error:
        raise Fault("the far map does not answer", do="the map works without it") from error
