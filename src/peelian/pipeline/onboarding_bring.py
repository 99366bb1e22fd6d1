"""First run, second half: bring in what a person confirmed, and make the first forecast of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import yaml

from peelian.domain.actor import PURPOSES
from peelian.domain.agreement import Agreement
from peelian.domain.errors import Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import YEAR_PERIODS, Every, step
from peelian.domain.typed_day import typed_day
from peelian.ingest.run import IngestReport, PartlyRefused
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.sources.table.load import load_mapping
from peelian.store import jobs
from peelian.store.agreements import add_agreement, today
from peelian.store.catalogue import transaction
from peelian.store.coverage import coverage
from peelian.store.uploads import Upload, get_upload

OFFERED: Final = ("violence", "robbery", "asb", "burglary", "vehicle", "theft", "damage")
"""What the page offers to forecast first."""
_WINDOW: Final[dict[Every, int]] = {"month": 1, "week": 4}
_STEPS: Final[dict[Every, int]] = {"month": 3, "week": 4}
_ORIGINS: Final = 6
_IN, _OUT = 0.6, 0.95


@dataclass(frozen=True)
class Answers:
    """What a person confirmed: the force's code, the ground, columns corrected, what to forecast."""

    target: str
    force: str = ""
    ground: str = ""
    """`open`, `own`, or the id of an agreement registered here."""
    licence: str = ""
    controller: str = ""
    expiry: str = ""
    columns: dict[str, str] | None = None


def bring_in(ctx: Context, upload_id: str, tick: Tick = no_tick) -> str:
    """Ingest an upload as confirmed, forecast, queue the fuller stages; its files are deleted afterwards.

    The upload's note `done` holds the run's id and what became of the rows.

    Raises:
        Misuse, Refused: what was confirmed cannot be used; the files stay, so that it can be corrected.
    """
    upload = get_upload(ctx.ws, upload_id)
    said, answers = upload.note("proposal"), Answers(**upload.note("answers"))
    if answers.target not in OFFERED:
        raise Misuse("this cannot be forecast", expected=", ".join(OFFERED))
    if said.get("kind") not in ("police_uk", "table") or not upload.files:
        raise Misuse("there are no files here to bring in", do="choose them again")
    _check_demonstration(ctx, answers.force)
    police = said["kind"] == "police_uk"
    request = (
        IngestRequest("police_uk", tuple(upload.files)) if police else _request(ctx, upload, said, answers)
    )
    report = _taken(ctx, request, lambda what, share: tick(f"reading rows: {what}", share * _IN))
    area = answers.force or said["forces"][0]
    every: Every = "month" if police else "week"
    upload.write("taken", report.to_json() | {"area": area})
    run = _forecast(
        ctx, answers.target, every, area, lambda what, share: tick(what, _IN + share * (_OUT - _IN))
    )
    upload.write("done", {"run": run, "area": area, "total": report.to_json()["total"]})
    upload.forget_files()
    return f"run {run}"


def _check_demonstration(ctx: Context, force: str) -> None:
    held = [str(one) for one in coverage(ctx.ws)["force"].unique().to_list()]
    if any(one.startswith("simulated") for one in held) != force.startswith("simulated") and held:
        raise Refused(
            "simulated and real places are never held in one workspace",
            do="use a workspace of your own, with --home",
        )


def _taken(ctx: Context, request: IngestRequest, tick: Tick) -> IngestReport:
    try:
        report = ingest(ctx, request, tick)
    except PartlyRefused as error:
        if error.report.total.accepted == 0:
            raise
        report = error.report
    total = report.total
    if total.accepted + total.duplicate + total.revised == 0:
        raise Refused("no row could be taken", expected="rows with a time, a place and a kind",
                      do="see on the page Data why each was put aside, and correct the mapping")  # fmt: skip
    return report


def _request(ctx: Context, upload: Upload, said: dict[str, Any], answers: Answers) -> IngestRequest:
    mapping = yaml.safe_load(upload.mapping.read_text("utf-8"))
    mapping["force"] = answers.force
    mapping["columns"] = _columns(mapping["columns"], answers.columns or {}, said["theirs"])
    if answers.ground == "open":
        if not answers.licence:
            raise Misuse("published data need the licence they were published under",
                         expected="such as: Open Government Licence v3.0")  # fmt: skip
        mapping |= {"feed": "table", "licence": answers.licence}
    confirmed = upload.folder / "confirmed.yaml"
    confirmed.write_text(yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True), "utf-8")
    load_mapping(confirmed)  # what is wrong is said before anything is read or registered
    agreement = None
    if answers.ground == "own":
        agreement = _own_records(ctx, mapping["feed"], answers)
    elif answers.ground and answers.ground != "open":
        agreement = answers.ground
    return IngestRequest(
        mapping["feed"], tuple(upload.files), str(confirmed), answers.force, agreement=agreement
    )


def _columns(proposed: dict[str, str], corrected: dict[str, str], theirs: list[str]) -> dict[str, str]:
    """Give the columns as corrected: each of ours to one of the file's; an empty answer leaves it unread."""
    out = dict(proposed)
    for ours, name in corrected.items():
        if name and name not in theirs:
            raise Misuse("a column chosen is not in the file", expected="one of the file's columns")
        if name:
            out[ours] = name
        else:
            out.pop(ours, None)
    return out


def _own_records(ctx: Context, feed: str, answers: Answers) -> str:
    """Register that the controller uses its own records; give the agreement's id."""
    last = typed_day(answers.expiry, "last day on which these records may be used")
    if last < today() or len(answers.controller) < 2:
        raise Misuse("own records need the controller's name and a last day to come")
    ctx.allow("alteration", "agreements")
    id_ = f"own-{feed}-{answers.force}-{last}".replace("_", "-")[:80]
    one = Agreement(
        id_, f"Own records of {answers.controller}", answers.controller[:120], "own-records",
        PURPOSES, (answers.controller[:120],), (feed,), today(), last,
    )  # fmt: skip
    with transaction(ctx.ws) as conn:
        try:
            add_agreement(conn, one, force=answers.force)
        except Misuse:  # registered on an earlier try
            return id_
        ctx.record(
            conn, "alteration", f"agreement {id_} registered on the first-run page", area=answers.force
        )
    return id_


def _forecast(ctx: Context, target: str, every: Every, area: str, tick: Tick) -> str:
    place = resolve_area(ctx, area, END_OF_TIME)
    panels = load_panels(ctx, place, target_named(target), every, END_OF_TIME)
    made = forecast(
        ctx,
        ForecastRequest(target, every, panels.end, _STEPS[every], _WINDOW[every], place.code),
        tick,
    )
    _queue(ctx, panels, every)
    return made.run_id


def _queue(ctx: Context, panels: Panels, every: Every) -> None:
    """Queue what takes longer: early warnings, how good the forecast is, how concentrated the harm."""
    window, end = _WINDOW[every], panels.end
    asked = {"target": panels.target.name, "every": every, "area": panels.area.code, "window": window}
    last = step(end, every, -window)
    first = max(step(last, every, 1 - _ORIGINS), step(panels.first, every, YEAR_PERIODS[every] + window))
    again = asked | {"origin": str(end), "horizon": _STEPS[every]}
    if first <= last:
        jobs.create(ctx.ws, "backtest", asked | {"first": str(first), "last": str(last)},
                    actor=ctx.actor, purpose=ctx.purpose)  # fmt: skip
        jobs.create(ctx.ws, "forecast", again, actor=ctx.actor, purpose=ctx.purpose)
    jobs.create(ctx.ws, "concentration", again, actor=ctx.actor, purpose=ctx.purpose)
