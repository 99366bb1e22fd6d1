"""Read the delivery settings a person wrote, and refuse what would send a warning where it must not go."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.warning import Kind
from peelian.domain.warning_delivery import ASB_LEAD, RISING, Channel, Delivery, Recipient, Smtp, Tls
from peelian.guard.names import are_names
from peelian.pipeline.delivery.addresses import is_loopback_name, url_fault

FORM: Final = """page = "https://peelian.force.example"
unseen_hours = 24

[smtp]
host = "mail.force.example"
port = 587
tls = "starttls"
sender = "peelian@force.example"
user_env = "PEELIAN_SMTP_USER"
password_env = "PEELIAN_SMTP_PASSWORD"

[[recipient]]
name = "north"
role = "neighbourhood team"
email = "north.neighbourhood@force.example"
next = "duty"

[[recipient]]
name = "duty"
role = "duty inspector's desk"
webhook = "https://desk.force.example/warnings"
secret_env = "PEELIAN_DESK_SECRET"
kinds = []

[[recipient]]
name = "asb"
role = "asb lead"
email = "asb.lead@council.example"
kinds = ["repeats"]
"""
_MAIL: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_SMTP: Final = {"host", "port", "tls", "sender", "user_env", "user_file", "password_env", "password_file"}
_RECIPIENT: Final = {
    "name", "role", "email", "webhook", "kinds", "targets", "areas", "next", "secret_env", "secret_file",
}  # fmt: skip
_TOP: Final = {"page", "unseen_hours", "attempts", "smtp", "webhooks", "recipient"}
_DEFAULT: Final = Delivery()


def delivery_from(body: Mapping[str, Any]) -> Delivery:
    """Make the settings of a file's content.

    Raises:
        Misuse: with what is wrong, and where.
    """
    _only(body, _TOP, "the file")
    webhooks = _table(body, "webhooks")
    _only(webhooks, {"networks", "loopback"}, "[webhooks]")
    loopback = webhooks.get("loopback", False) is True
    recipients = tuple(_recipient(one, loopback) for one in _tables(body, "recipient"))
    smtp = _smtp(body["smtp"]) if "smtp" in body else None
    _check_together(recipients, smtp)
    return Delivery(
        recipients, smtp, _page(body.get("page", _DEFAULT.page)),
        _number(body, "unseen_hours", _DEFAULT.unseen_hours, 0.1, 24 * 60),
        int(_number(body, "attempts", _DEFAULT.attempts, 1, 100)),
        tuple(_network(one) for one in webhooks.get("networks", [])), loopback,
    )  # fmt: skip


def _recipient(one: Mapping[str, Any], loopback: bool) -> Recipient:
    name = str(one.get("name", ""))
    if not _NAME.fullmatch(name):
        raise _wrong("a recipient's name is none", "small letters, digits and -, such as north-team")
    at = f"recipient {name}"
    _only(one, _RECIPIENT, at)
    role = " ".join(str(one.get("role", "")).split()).lower()[:120]
    if not role:
        raise _wrong(f"{at} has no role", "the team's role, such as neighbourhood team, or asb lead")
    if ("email" in one) == ("webhook" in one):
        raise _wrong(f"{at} has not exactly one channel", "email or webhook")
    channel: Channel = "email" if "email" in one else "webhook"
    address = str(one[channel])
    if channel == "email":
        _check_mailbox(address, at)
    elif fault := url_fault(address, loopback=loopback):
        raise _wrong(f"the webhook of {at} cannot be used: {fault}", "https://HOST/PATH")
    secrets = {key: str(one.get(key, "")) for key in ("secret_env", "secret_file")}
    if channel == "webhook" and not any(secrets.values()):
        raise _wrong(f"{at} has no secret to sign with", "secret_env or secret_file, which names where it is")
    targets, areas = (tuple(map(str, _list(one, key, at))) for key in ("targets", "areas"))
    return Recipient(
        name, role, channel, address, _kinds(one, role, at), targets, areas, str(one.get("next", "")),
        **secrets,
    )  # fmt: skip


def _kinds(one: Mapping[str, Any], role: str, at: str) -> tuple[Kind, ...]:
    known: tuple[Kind, ...] = get_args(Kind)
    asked = one.get("kinds", ["repeats"] if role == ASB_LEAD else list(RISING))
    kinds = tuple(kind for kind in known if isinstance(asked, list) and kind in asked)
    if not isinstance(asked, list) or len(kinds) < len(asked):
        raise _wrong(f"{at} is told of a kind that is none", ", ".join(known))
    if "repeats" in kinds and role != ASB_LEAD:
        raise _wrong(
            f"{at} would be told of repeat reports at one point",
            f"that only the role {ASB_LEAD!r} is: they are for welfare and case review, not for a patrol",
        )
    return kinds


def _check_mailbox(address: str, at: str) -> None:
    if not _MAIL.fullmatch(address):
        raise _wrong(f"the email of {at} is no address", "a team's mailbox, such as north@force.example")
    spoken = re.sub(r"[._+-]+", " ", address.partition("@")[0])
    if are_names(pl.Series([spoken])):
        raise _wrong(
            f"the email of {at} looks like a person's", "a team's or role's mailbox: a warning tasks nobody"
        )


def _check_together(recipients: Sequence[Recipient], smtp: Smtp | None) -> None:
    by_name = {one.name: one for one in recipients}
    if len(by_name) < len(recipients):
        raise _wrong("two recipients have the same name", "names that differ")
    if smtp is None and any(one.channel == "email" for one in recipients):
        raise _wrong("there is no mail server", "[smtp] with host, port, tls and sender")
    for one in recipients:
        if one.next and (one.next not in by_name or one.next == one.name):
            raise _wrong(f"the next of recipient {one.name} is no other recipient", ", ".join(by_name))
        if "repeats" in one.kinds and one.next and by_name[one.next].role != ASB_LEAD:
            raise _wrong(
                f"the next of recipient {one.name} would be told of repeat reports",
                f"a next of the role {ASB_LEAD!r}, or none",
            )


def _smtp(one: Any) -> Smtp:
    if not isinstance(one, dict) or {"user", "password"} & set(one):
        raise _wrong("a secret stands in the file", "user_env and password_env, or user_file, password_file")
    _only(one, _SMTP, "[smtp]")
    host, sender, tls = (str(one.get(key, "")) for key in ("host", "sender", "tls"))
    port = one.get("port", Smtp.port)
    kinds: tuple[Tls, ...] = get_args(Tls)
    kind = next((kind for kind in kinds if kind == (tls or "starttls")), None)
    if not host or kind is None or not isinstance(port, int) or not 0 < port < 65536:
        raise _wrong("the mail server is not told", "host, port, and tls as " + ", ".join(kinds))
    if kind == "none" and not is_loopback_name(host):
        raise _wrong("mail would leave this machine in the open", "tls = starttls or tls")
    if not _MAIL.fullmatch(sender):
        raise _wrong("the sender is no address", 'sender = "peelian@force.example"')
    rest = {key: str(one[key]) for key in one if key.endswith(("_env", "_file"))}
    return Smtp(host, port, kind, sender, **rest)


def _page(value: Any) -> str:
    if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", str(value)):
        raise _wrong("page is no address", 'page = "https://peelian.force.example"')
    return str(value)


def _network(value: Any) -> str:
    try:
        return str(ipaddress.ip_network(str(value)))
    except ValueError:
        raise _wrong("a network of [webhooks] is none", 'such as networks = ["10.1.0.0/16"]') from None


def _number(body: Mapping[str, Any], key: str, default: float, least: float, most: float) -> float:
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise _wrong(f"{key} is out of range", f"a number from {least:g} to {most:g}")
    return float(value)


def _list(one: Mapping[str, Any], key: str, at: str) -> list[Any]:
    found = one.get(key, [])
    if not isinstance(found, list):
        raise _wrong(f"{key} of {at} is no list", f'{key} = ["..."]')
    return found


def _table(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(f"{key} is no table", f"[{key}]")
    return found


def _tables(body: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _wrong(f"{key} is no list of tables", f"[[{key}]]")
    return found


def _only(one: Mapping[str, Any], known: set[str], at: str) -> None:
    if set(one) - known:
        raise _wrong(f"{at} has a setting that is none", ", ".join(sorted(known)))


def _wrong(what: str, expected: str) -> Misuse:
    return Misuse(what, expected=expected, do="correct the file and run: peelian warning settings FILE")
