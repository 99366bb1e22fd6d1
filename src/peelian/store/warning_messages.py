"""The messages a warning makes: to whom by the settings, in the words that every channel shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peelian.domain.warning import EarlyWarning
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.domain.warning_words import false_alarms, has_point, subject, text, where
from peelian.store.outbox import Message


def messages_of(warning: EarlyWarning, delivery: Delivery) -> list[Message]:
    """Give what teams must be told of a new warning."""
    told = delivery.told(warning.kind, warning.target, warning.area)
    return _messages(warning, delivery, told, "raised", "")


def unseen_messages(warning: EarlyWarning, delivery: Delivery, told: Iterable[str]) -> list[Message]:
    """Give what the next teams must be told when those named in `told` have not looked.

    A warning of repeats goes to the lead for anti-social behaviour only, whatever the settings say.
    """
    asked = [delivery.named(name) for name in told]
    following = {one.next: delivery.named(one.next) for one in asked if one is not None and one.next}
    teams = [one for one in following.values() if one is not None and _may(one, warning)]
    return _messages(warning, delivery, teams, "unseen", "Nobody has looked at this warning yet")


def _may(team: Recipient, warning: EarlyWarning) -> bool:
    return warning.kind != "repeats" or team.role == "asb lead"


def _messages(
    warning: EarlyWarning, delivery: Delivery, teams: Iterable[Recipient], what: str, why: str
) -> list[Message]:
    link = f"{delivery.page.rstrip('/')}/warnings/{warning.id}"
    body = {
        "type": f"warning.{what}", "subject": subject(warning, why.lower()),
        "text": text(warning, link, why), "data": _data(warning, link),
    }  # fmt: skip
    return [
        Message(f"{warning.id}:{what}", team.channel, team.name, warning.id, body)
        for team in teams if _may(team, warning)
    ]  # fmt: skip


def _data(warning: EarlyWarning, link: str) -> dict[str, Any]:
    """Give what a machine is told: the e-mail's numbers, never a report, and no point below LSOA."""
    point = (
        {
            "easting": round(warning.easting),
            "northing": round(warning.northing),
            "radius_m": round(warning.radius_m),
        }
        if has_point(warning)
        else {}
    )
    return point | {
        "id": warning.id, "kind": warning.kind, "target": warning.target, "area": warning.area,
        "where": where(warning), "since": warning.start.isoformat(), "as_of": warning.as_of.isoformat(),
        "observed": round(warning.observed, 1), "expected": round(warning.expected, 1),
        "false_alarms": false_alarms(warning.false_alarms_a_week), "plannable": has_point(warning),
        "link": link,
    }  # fmt: skip
