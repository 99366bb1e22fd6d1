"""Jobs: long work as rows. `peelian work`, or the worker that `serve` starts, runs what the API queued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from peelian.domain.errors import Misuse, NotNow, PeelianError
from peelian.domain.progress import Tick
from peelian.evaluate.fused_words import said
from peelian.pipeline.auditing import checkpoint
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.concentrating import concentration_view, write_concentration
from peelian.pipeline.context import Context
from peelian.pipeline.delivering import deliver_beside
from peelian.pipeline.erasing import erase
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast, panels_of
from peelian.pipeline.fusing import FusingRequest, fusing
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.job_actor import as_queuer, still_theirs
from peelian.pipeline.job_outage import when_it_answers
from peelian.pipeline.onboarding import bring_in_job, demo_job, look_job
from peelian.store import jobs
from peelian.store.agreements import today
from peelian.store.reachable import reachable
from peelian.store.row_cut import reading_as
from peelian.store.runs import get_run, latest_run

Work = Callable[[Context, dict[str, Any], Tick], str]


def _forecast(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    request = ForecastRequest(**arguments | {"origin": date.fromisoformat(arguments["origin"])})
    return forecast(ctx, request, tick).run_id


def _backtest(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    days = {name: date.fromisoformat(arguments[name]) for name in ("first", "last")}
    request = BacktestRequest(**arguments | days | {"models": tuple(arguments.get("models", ()))})
    return backtest(ctx, request, tick).result.verdict.sentence


def _concentration(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    request = ForecastRequest(**arguments | {"origin": date.fromisoformat(arguments["origin"])})
    run = latest_run(ctx.ws, request.area, request.target)
    if run is None:
        raise Misuse("there is no run to lay the concentration beside", do="forecast first")
    tick("comparing with chance", 0.3)
    panels = panels_of(ctx, request)
    view = concentration_view(ctx, panels, panels.at(request.origin))
    write_concentration(view, ctx.ws.runs / run.run_id)
    return "written"


def _fusing(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    origins = tuple(date.fromisoformat(day) for day in arguments["origins"])
    return said(fusing(ctx, FusingRequest(**arguments | {"origins": origins}), tick)["log_gain"])


def _link(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.linking import link  # late: linking loads what no other job needs

    card = link(ctx, arguments.get("force"), tick).card
    return f"{card['reports']:,} reports are of {card['incidents']:,} incidents"


def _ingest(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    paths = tuple(Path(p) for p in arguments["paths"])
    report = ingest(ctx, IngestRequest(**arguments | {"paths": paths}), tick)
    return f"{report.total.accepted} rows accepted"


def _warn(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.warning.raising import WarnRequest, warn  # late: detectors load what others do not

    as_of, target = date.fromisoformat(arguments["as_of"]), str(arguments.get("target", "asb"))
    made = warn(ctx, WarnRequest(as_of, target, arguments.get("area")), tick)
    return f"{len(made.warnings)} early warnings, {made.watched:,} places watched"


def _plan(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.planning.making import PlanRequest, make_plan  # late: the optimiser is large

    made = make_plan(ctx, PlanRequest(**arguments), tick)
    return f"{len(made.plan.visits)} visits planned"


def _evaluate(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.evaluating.asked import Asked  # late: estimators load what others do not
    from peelian.pipeline.evaluating.evaluating import evaluate_intervention

    asked = Asked(arguments.get("target", "violence"), arguments.get("method", "auto"))
    made = evaluate_intervention(ctx, arguments["intervention"], asked, arguments.get("design"), tick)
    return str(made["headline"])


def _learn(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.demo_learning import learn  # late: estimators load what others do not

    return learn(ctx, str(arguments["area"]), tick)


def _return(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.returning.making import ReturnRequest, make_return  # late: as others

    days = {n: date.fromisoformat(arguments[n]) for n in ("start", "end") if arguments.get(n)}
    return str(make_return(ctx, ReturnRequest(**arguments | days), tick)["id"])


def _repeats(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.briefing_repeats import write_repeats  # late: as others

    body = write_repeats(ctx, get_run(ctx.ws, str(arguments["run"])), tick)
    return str(body.get("unable") or "written")


def _fairness(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    from peelian.pipeline.fairness.running import AuditRequest, audit_served  # late: as others

    made = audit_served(ctx, AuditRequest(**arguments), tick)
    return "; ".join(one.sentence for one in made)


KINDS: dict[str, Work] = {
    "forecast": _forecast,
    "backtest": _backtest,
    "concentration": _concentration,
    "ingest": _ingest,
    "fusing": _fusing,
    "link": _link,
    "warn": _warn,
    "plan": _plan,
    "evaluate": _evaluate,
    "learn": _learn,
    "return": _return,
    "near-repeat": _repeats,
    "fairness": _fairness,
    "look": look_job,
    "bring-in": bring_in_job,
    "demo": demo_job,
}
"""Kinds of job, literal on purpose."""


_SIGN_S = 60.0
"""How often the audit's head is signed, where rows were added."""


def _always() -> bool:
    return True


def work(
    ctx: Context, *, forever: bool = False, pause_s: float = 0.5, wanted: Callable[[], bool] = _always
) -> int:
    """Run queued jobs until none is left (or for ever); return how many ran.

    A job that fails keeps its sentence; the worker goes on with the next. When it is no longer `wanted` (the
    server that started it is gone) it leaves; the job at hand is taken up again by the next worker. A worker
    that stays erases what is due, at its start and on each new day, delivers warnings beside its jobs, and
    signs where the audit stands; it outlives a database that is away.
    """
    if not forever:
        done = 0
        while wanted() and (job := jobs.claim(ctx.ws)) is not None:
            _run(ctx, job, wanted)
            done += 1
        return done
    return _stay(ctx, pause_s, wanted)


def _stay(ctx: Context, pause_s: float, wanted: Callable[[], bool]) -> int:
    done, erased_on, signed = 0, date.min, -_SIGN_S

    def chores_and_next() -> jobs.Job | None:
        nonlocal erased_on, signed
        if erased_on != today():
            erase(ctx)
            erased_on = today()
        if monotonic() - signed > _SIGN_S:
            checkpoint(ctx)
            signed = monotonic()
        return jobs.claim(ctx.ws)

    deliver_beside(ctx, wanted)
    while wanted():
        job = when_it_answers(chores_and_next, wanted)
        if job is None:
            sleep(pause_s)
            continue
        _run(ctx, job, wanted)
        done += 1
    return done


def _run(ctx: Context, job: jobs.Job, wanted: Callable[[], bool]) -> None:
    def tick(what: str, share: float) -> None:
        if not wanted():
            raise SystemExit(0)
        with reading_as(None):  # the row of the job is the worker's, whoever queued it
            jobs.progress(ctx.ws, job.id, share, what)

    def end(message: str, *, failed: bool = False) -> None:
        when_it_answers(lambda: jobs.finish(ctx.ws, job.id, message=message, failed=failed), wanted)

    try:
        if job.kind not in KINDS:
            raise Misuse(f"unknown kind of job {job.kind!r}", expected=", ".join(KINDS))
        with reachable(), as_queuer(ctx, job) as theirs:
            still = still_theirs(ctx, job)

            def watched(what: str, share: float) -> None:
                tick(what, share)
                still()

            message = KINDS[job.kind](theirs, dict(job.arguments), watched)
        end(message)
    except NotNow:  # no fault of the job: the next turn, or another worker, takes it up again
        when_it_answers(lambda: jobs.give_back(ctx.ws, job.id), wanted)
    except PeelianError as error:
        end(error.sentence, failed=True)
    except Exception as error:  # a worker must outlive any one job; the row keeps the kind of failure
        end(f"failed: {type(error).__name__}", failed=True)
