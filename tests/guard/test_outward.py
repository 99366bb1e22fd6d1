"""The list of hosts: exact names, names below one, and nothing else; without a list, all."""

from __future__ import annotations

import pytest

from peelian.domain.errors import Refused
from peelian.guard.outward import MAY_REACH, check_outward

LIST = {MAY_REACH: "mail.force.example, *.tiles.example"}


@pytest.mark.parametrize(
    "host", ["mail.force.example", "MAIL.force.example.", "a.tiles.example", "localhost", "::1"]
)
def test_what_is_on_the_list_is_reached(host: str) -> None:
    check_outward(host, LIST)


@pytest.mark.parametrize(
    "host",
    [
        "force.example",
        "mail.force.example.evil.example",
        "tiles.example",
        "eviltiles.example",
        "10.0.0.1",
        "",
    ],
)
def test_what_is_not_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="may not connect"):
        check_outward(host, LIST)


def test_an_empty_list_lets_nothing_out_and_none_lets_all() -> None:
    with pytest.raises(Refused):
        check_outward("mail.force.example", {MAY_REACH: ""})
    check_outward("mail.force.example", {})
