"""Where a webhook may go: nothing reaches this machine or a private network unless the settings say so."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from peelian.domain.warning_delivery import Delivery
from peelian.pipeline.delivery.addresses import resolve, url_fault
from peelian.pipeline.delivery.sending import Failed

PRIVATE = (
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]",
    "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]",
    "2130706433", "0x7f.1", "127.1", "localhost",
)  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_private_and_local_addresses_are_refused(host: str) -> None:
    with pytest.raises(Failed) as caught:
        resolve(f"https://{host}/in", Delivery())
    assert caught.value.permanent or "no address" in caught.value.why


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example/in", "ftp://desk.example", "https://", "desk.example", "file:///etc/passwd",
        "https://user:pass@desk.example", "https://desk.example/#x", "https://desk.example:99999/",
        "https://desk.example/a b", "https://[::1", "http://127.0.0.1/in", "gopher://127.0.0.1",
    ],
)  # fmt: skip
def test_other_forms_are_refused(url: str) -> None:
    assert url_fault(url, loopback=False)
    with pytest.raises(Failed):
        resolve(url, Delivery())


def test_loopback_and_private_networks_only_by_name() -> None:
    assert resolve("http://127.0.0.1:81/in?x=1", Delivery(loopback=True)).path == "/in?x=1"
    assert not resolve("http://127.0.0.1/", Delivery(loopback=True)).tls
    with pytest.raises(Failed):
        resolve("https://10.1.2.3/", Delivery(loopback=True))
    inside = Delivery(networks=("10.1.0.0/16",))
    assert resolve("https://10.1.2.3/", inside).ips == ("10.1.2.3",)
    with pytest.raises(Failed):
        resolve("https://10.2.2.3/", inside)
    with pytest.raises(Failed):  # plain http only to this machine
        resolve("http://10.1.2.3/", inside)


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def looked_up(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", (ip, 443)) for ip in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with pytest.raises(Failed, match="private or local"):
        resolve("https://desk.example/", Delivery())


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("93.184.215.14", 443))])
    found = resolve("https://desk.example/", Delivery())
    assert (found.host, found.ips, found.port, found.path) == ("desk.example", ("93.184.215.14",), 443, "/")
