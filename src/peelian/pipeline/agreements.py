"""Sharing agreements: read from a file a person wrote, registered, renewed, ended, listed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from peelian.domain.actor import PURPOSES
from peelian.domain.agreement import BUILT_IN, GATEWAYS, Agreement, Gateway
from peelian.domain.errors import Misuse
from peelian.guard.unreadable import NO_YAML
from peelian.pipeline.context import Context
from peelian.sources import SOURCES
from peelian.store.agreements import add_agreement, change_term, get_agreement, list_agreements, today
from peelian.store.catalogue import reading, transaction

DOCS = "see docs/how-to/agreements.md"


class AgreementFile(BaseModel):
    """What an agreement file must say. Nothing is taken for granted but that it is not ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{2,79}$")
    title: str = Field(min_length=5, max_length=300)
    controller: str = Field(min_length=2, max_length=120)
    force: str = ""
    gateway: Gateway
    purposes: tuple[str, ...] = Field(min_length=1)
    recipients: tuple[str, ...] = Field(min_length=1)
    feeds: tuple[str, ...] = Field(min_length=1)
    fields: tuple[str, ...] = ()
    start: date
    expiry: date
    retention_days: int | None = Field(default=None, ge=1)
    checksum_required: bool = False


def read_agreement(path: Path) -> tuple[Agreement, str]:
    """Read an agreement file; give it and the force it is with (empty: any).

    Raises:
        Misuse: no such file, no YAML, or a key that is missing or wrong (each named).
    """
    if not path.is_file():
        raise Misuse(f"there is no agreement file {path}", expected="a YAML file", do=DOCS)
    try:
        said = AgreementFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        raise Misuse(f"the agreement {path.name} is wrong: {_faults(error)}", do=DOCS) from None
    except NO_YAML:
        raise Misuse(f"{path.name} is not YAML", do=DOCS) from None
    _check_words(said)
    values = said.model_dump(exclude={"force"})
    return Agreement(**values), said.force


def _faults(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in fault["loc"]) or "the whole"
        words = {"missing": "is missing", "extra_forbidden": "is not a known key"}
        faults.append(f"{key}: {words.get(fault['type'], fault['msg'])}")
    return "; ".join(faults)


def _check_words(said: AgreementFile) -> None:
    known: dict[str, set[str]] = {"purposes": set(PURPOSES), "feeds": {"*", *SOURCES}}
    for name, choices in known.items():
        odd = sorted(set(getattr(said, name)) - choices)
        if odd:
            raise Misuse(
                f"{name} of the agreement names {', '.join(odd)}",
                expected=", ".join(sorted(choices)),
                do=DOCS,
            )
    if said.expiry < said.start:
        raise Misuse("the agreement ends before it starts", do=DOCS)
    if said.gateway in ("open-licence", "simulated"):
        raise Misuse(
            f"the gateway {said.gateway} needs no agreement: it is built in",
            expected=", ".join(name for name in GATEWAYS if name not in ("open-licence", "simulated")),
            do=DOCS,
        )


def register(ctx: Context, path: Path) -> Agreement:
    """Register an agreement file; the audit row commits with it.

    Raises:
        Misuse: the file is wrong, or the id taken.
    """
    ctx.allow("alteration", "agreements")
    one, force = read_agreement(path)
    with transaction(ctx.ws) as conn:
        add_agreement(conn, one, force=force)
        ctx.record(conn, "alteration", f"agreement {one.id} registered", area=force)
    return one


def renew(ctx: Context, id_: str, until: date) -> None:
    """Let an agreement run until a day, included.

    Raises:
        NotFound: no such registered agreement.
        Misuse: the day lies before the agreement's first.
    """
    ctx.allow("alteration", "agreements")
    with transaction(ctx.ws) as conn:
        held, _ = get_agreement(conn, id_)
        if until < held.start:
            raise Misuse(f"{until} lies before the agreement's first day", expected=f"{held.start} or later")
        change_term(conn, id_, expiry=until)
        ctx.record(conn, "alteration", f"agreement {id_} renewed to {until}")


def end(ctx: Context, id_: str, last: date) -> None:
    """End an agreement early; `last` is the last day on which it holds.

    Raises:
        NotFound: no such registered agreement.
    """
    ctx.allow("alteration", "agreements")
    with transaction(ctx.ws) as conn:
        change_term(conn, id_, ended=last)
        ctx.record(conn, "alteration", f"agreement {id_} ended on {last}")


def agreement_rows(ctx: Context) -> list[dict[str, Any]]:
    """Give one row for each agreement, the built-in ones first."""
    ctx.consult("consultation", "agreements")
    with reading(ctx.ws) as conn:
        held = [(one, "") for one in BUILT_IN.values()] + list_agreements(conn)
    return [_row(one, force) for one, force in held]


def _row(one: Agreement, force: str) -> dict[str, Any]:
    return {
        "id": one.id, "title": one.title, "controller": one.controller or "any", "force": force or "any",
        "gateway": GATEWAYS[one.gateway], "feeds": ", ".join(one.feeds),
        "purposes": ", ".join(one.purposes), "recipients": ", ".join(one.recipients),
        "from": str(one.start), "to": str(one.ended or one.expiry or "no end"),
        "retention days": one.retention_days or "by the source", "in force": one.holds_on(today()),
    }  # fmt: skip
