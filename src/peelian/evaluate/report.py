"""The backtest as one page, top to bottom: what was asked, the verdict, figures, method, caveats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from peelian.evaluate import plots, plots_doubt, table
from peelian.evaluate import report_sections as sections
from peelian.evaluate.result import BacktestResult, ModelScore

_PLURAL = {"month": "monthly", "week": "weekly", "day": "daily"}


def write_html(
    result: BacktestResult,
    path: Path,
    *,
    title: str | None = None,
    area: str = "",
    concentration: Mapping[str, Any] | None = None,
) -> None:
    """Write the report as one self-contained file: no script, nothing asked of any server.

    `title` says what is forecast, in the words of the target. `concentration` maps a level (`cell`, `lsoa`)
    to `Concentration.to_json()` and adds a section where given.
    """
    best = shown(result)
    page = _environment().get_template("report.html.j2")
    path.write_text(
        page.render(
            r=result, title=title or result.target, area=area or "the area", asked=asked_words(result),
            lag=table.lag_words(result), models=sorted(result.models, key=lambda m: -m.log_score),
            rival=result.model(result.rival), best=best, plots=_plots(result, best),
            plain=plain_words(result), dates=_dates(result, best),
            concentration=concentration_section(concentration or {}), skill=sections.skill_rows(result),
            skill_words=sections.skill_words(result, best), consistent=sections.consistent_words(best),
            doubts=sections.doubt_rows(best), doubt_sentence=sections.doubt_sentence(best),
            steady=sections.steady_rows(result, best), not_known=sections.not_known_words(result),
        ),
        encoding="utf-8",
    )  # fmt: skip


def shown(result: BacktestResult) -> ModelScore:
    """Give the forecaster shown in detail: the candidate, even where it failed, else the rival."""
    return result.model(result.verdict.candidate or result.rival)


def asked_words(result: BacktestResult) -> str:
    """Say what kind of forecast was scored."""
    rhythm = _PLURAL[result.every]
    many = "" if result.horizon == 1 else f", {result.horizon} ahead"
    span = f" of {result.window} {result.every}s together" if result.window > 1 else ""
    return f"{rhythm.capitalize()} forecasts{span}{many}, by squares of the grid {result.grid}."


def plain_words(result: BacktestResult) -> str:
    """Say what the served forecast caught in 1 % of the area, beside the rival, chance and the ceiling."""
    at = result.shares.index(0.01)
    served = result.model(result.verdict.served)
    mine, most = served.capture[at].hit_rate, result.ceiling.hit_rate[at]
    words = (
        f"The served forecast ({served.title}) caught {table.percent(mine)} of events in the 1 % of the area "
        f"({result.km2 / 100:.1f} km²) that it put first; places chosen at random would catch 1 %, and even "
        f"the true rates about {table.percent(most)}."
    )
    if served.id != result.rival:
        theirs = result.model(result.rival).capture[at].hit_rate
        words += f" The plain count caught {table.percent(theirs)}."
    return words


def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("peelian.evaluate", "."), autoescape=True, undefined=StrictUndefined
    )
    env.filters["percent"] = table.percent
    env.filters["signed"] = table.signed_percent
    env.filters["number"] = table.number
    env.filters["first_up"] = lambda words: words[:1].upper() + words[1:]
    return env


def _plots(result: BacktestResult, best: ModelScore) -> dict[str, Markup]:
    """Draw the figures; their titles say what the picture shows to who cannot see it."""
    drawn = {
        "gains": (partial(plots.gains, result=result), f"Log score gains. {result.verdict.sentence}", 2.6),
        "hits": (partial(plots.hit_curve, result=result), _hits_words(best), 3.6),
        "reliability": (
            partial(plots.reliability, model=best),
            f"Events observed against events expected for {best.title}; the figures are in the caption", 3.4,
        ),
        "pit": (partial(plots.pit, model=best), f"PIT histogram of {best.title}: {_pit_words(best)}", 2.6),
        "by_origin": (
            partial(plots.by_origin, result=result, model=best),
            "Gain at each date; the table below gives the same figures", 2.8,
        ),
        "curve": (partial(plots_doubt.curve, result=result, model=best), _curve_words(best), 3.6),
        "doubt": (
            partial(plots_doubt.doubt, model=best), sections.doubt_sentence(best), 1.2 + 0.28 * len(
                sections.doubt_rows(best)
            ),
        ),
        "number": (partial(plots_doubt.number, model=best), sections.consistent_words(best), 2.8),
    }  # fmt: skip
    out = {}
    for name, (draw, words, height) in drawn.items():
        out[name] = Markup(plots.figure(draw, name, str(Markup.escape(words)), height))
    return out


def _hits_words(best: ModelScore) -> str:
    parts = [
        f"{table.percent(c.hit_rate)} of events in {table.percent(c.share)} of the area" for c in best.capture
    ]
    return f"{best.title} caught " + ", ".join(parts)


def _curve_words(best: ModelScore) -> str:
    parts = [f"{c.under:.2f} by {c.by}" for c in best.curves]
    return f"Events caught at every share; area under the curve of {best.title}: {', '.join(parts)}"


def _pit_words(best: ModelScore) -> str:
    heights = best.calibration.pit
    return f"heights from {min(heights):.2f} to {max(heights):.2f}, where 1 is level"


def _dates(result: BacktestResult, best: ModelScore) -> list[dict[str, Any]]:
    rival = result.model(result.rival)
    without = {left.origin: f"{left.gain:+.3f}" for left in best.left_out}
    one, five = result.shares.index(0.01), result.shares.index(0.05)
    rows = []
    for mine, theirs in zip(best.by_origin, rival.by_origin, strict=True):
        events = max(mine.events, 1e-12)
        rows.append(
            {
                "origin": mine.origin, "events": mine.events,
                "gain": (mine.log_score - theirs.log_score) / events, "one": mine.hits[one] / events,
                "five": mine.hits[five] / events, "without": without.get(mine.origin, "none left"),
            }
        )  # fmt: skip
    return rows


def concentration_section(levels: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the section's rows and sentence from `Concentration.to_json()` by level; None for no level."""
    names = {"cell": "Squares", "lsoa": "Neighbourhoods (LSOA)"}
    rows = []
    for level, held in levels.items():
        if not isinstance(held, Mapping) or "top" not in held:
            continue
        later = {entry["share"]: entry for entry in held["persistence"]["next_year"]}
        for top in held["top"]:
            next_year = later.get(top["share"])
            said = table.percent(next_year["held"]) if next_year else "needs two years"
            rows.append({"level": names.get(level, level), "later": said, **top})
    if not rows:
        return None
    return {"rows": rows, "words": concentration_words(rows[0])}


def concentration_words(row: Mapping[str, Any]) -> str:
    """Say what one row means."""
    beyond = "more than chance alone gives" if row["p"] < 0.05 else "no more than chance alone may give"
    return (
        f"The busiest {table.percent(row['share'])} of places held {table.percent(row['observed'])} of the "
        f"harm, {beyond} ({table.percent(row['by_chance'])}). The last column chooses the busiest places in "
        "one year and counts what they held in the next, which chance cannot raise."
    )
