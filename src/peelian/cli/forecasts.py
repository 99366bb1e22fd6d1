"""Commands about forecasts: forecast, backtest."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.dates import instant
from peelian.cli.progress import progress
from peelian.cli.state import STATE, context
from peelian.domain.errors import Misuse
from peelian.domain.time import EVERY, Every, parse_date


def every_of(text: str, *, shift: bool = False) -> Every:
    """Check the period's name; `shift` where the force's shifts may be asked for.

    Raises:
        Misuse: with the choices.
    """
    if text == "shift" and shift:
        return "shift"
    if text == "shift":
        raise Misuse(
            "shifts share out the day's forecast, so it is the day that is scored",
            expected=", ".join(EVERY), do="use --every day; benchmarks/rhythm.py scores the hours",
        )  # fmt: skip
    if text not in EVERY:
        choices = (*EVERY, "shift") if shift else EVERY
        raise Misuse(f"--every {text} is not known", expected=", ".join(choices))
    return text


def forecast(
    target: Annotated[str, typer.Option(help="What to forecast: violence, robbery, asb, ...")],
    every: Annotated[str, typer.Option(help="month, week, day or shift (the force's own).")],
    origin: Annotated[
        str, typer.Option(help="First day of the first forecast period: YYYY-MM-DD, or YYYY-MM.")
    ],
    horizon: Annotated[int, typer.Option(help="How many forecasts, one starting every period.")] = 1,
    window: Annotated[int, typer.Option(help="Periods summed in each forecast.")] = 1,
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
    model: Annotated[str | None, typer.Option(help="A forecaster; default: the one that passed.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Use only what was known then (default: origin).")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the forecast file here.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    snapshot: Annotated[
        int | None, typer.Option(help="Read nothing taken in after it (see lineage).")
    ] = None,
    fitted_at: Annotated[str | None, typer.Option(help="Learn as of this earlier origin.")] = None,
    harm: Annotated[bool, typer.Option("--harm", help="Also weigh it by the harm weights held.")] = False,
    for_evaluation: Annotated[
        bool, typer.Option("--for-evaluation", help="Allow a rare target's too short window, to be scored.")
    ] = False,
) -> None:
    """Forecast where harm will concentrate, with its doubt."""
    from peelian.pipeline.forecast_request import ForecastRequest, check_request

    day = parse_date(origin, name="origin")
    known = instant(as_of, "as-of")
    wanted = (horizon, window, area, model, known, seed, snapshot)
    learned = parse_date(fitted_at, name="fitted-at") if fitted_at else None
    request = ForecastRequest(
        target, every_of(every, shift=True), day, *wanted, learned, harm, for_evaluation
    )
    check_request(request)  # before what takes a second to load

    from peelian.pipeline.forecast_file import write_forecast
    from peelian.pipeline.forecasting import forecast as run

    with progress("forecast") as tick:
        made = run(context(), request, tick)
    if out is not None:
        write_forecast(made.forecast, out)
    if STATE.json:
        answer = {"run": made.run_id, "folder": str(made.folder), "card": made.forecast.card}
        print(json.dumps(answer, default=str))
        return
    from peelian.cli.show import forecast_lines

    print("\n".join(forecast_lines(made, out)))
    if harm:
        said = made.forecast.card["harm"]
        total = sum(windows[0] for windows in said["expected"].values())
        print(
            f"Harm expected: {total:,.0f}, by the weights of {said['source']}, {said['year']} (harm.parquet)."
        )


def backtest(
    target: Annotated[str, typer.Option(help="What is forecast: violence, robbery, asb, ...")],
    every: Annotated[str, typer.Option(help="month, week or day.")],
    first: Annotated[str, typer.Option("--from", help="First origin: YYYY-MM-DD, or YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="Last origin, scored too.")],
    lag: Annotated[int, typer.Option(help="Withhold the last N periods, as a late feed would.")] = 0,
    models: Annotated[str, typer.Option(help="Forecasters, by comma: learner,kde (default: all).")] = "",
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
    horizon: Annotated[int, typer.Option(help="How many forecasts from each origin.")] = 1,
    window: Annotated[int, typer.Option(help="Periods summed in each forecast.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Also write the scores here (Parquet).")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    harm: Annotated[bool, typer.Option("--harm", help="Also give hit rates by harm (harm.json).")] = False,
) -> None:
    """Score every forecaster beside the plain counts at origins gone by."""
    from peelian.pipeline.backtesting import BacktestRequest
    from peelian.pipeline.backtesting import backtest as run

    request = BacktestRequest(
        target, every_of(every), parse_date(first, name="from"), parse_date(last, name="to"), lag,
        tuple(m.strip() for m in models.split(",") if m.strip()), area, horizon, window, seed, harm,
    )  # fmt: skip
    with progress("backtest") as tick:
        made = run(context("evaluation"), request, tick)
    if out is not None:
        made.result.to_parquet(out)
    if STATE.json:
        print(json.dumps(made.result.to_json(), default=str))
        return
    from rich.console import Console

    from peelian.evaluate.table import render

    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(f"{made.title}, {made.area.name}", highlight=False)
    console.print(render(made.result))
    console.print(made.result.verdict.sentence, highlight=False)
    console.print(f"Report: {made.folder / 'report.html'}", highlight=False, soft_wrap=True)
    if harm:
        console.print(f"By harm: {made.folder / 'harm.json'}", highlight=False, soft_wrap=True)
