"""The report's figures as inline SVG: no script, no style attribute, nothing from outside."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from peelian.evaluate.result import BacktestResult, ModelScore

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GREY, LINE = "#0b0c0c", "#505a5f", "#b1b4b6"
PALETTE = ("#0072b2", "#d55e00", "#007a5a", "#8f4f8f", "#8a6100", "#505a5f")
MARKS = ("o", "s", "^", "D", "v", "P")


def figure(draw: Callable[[Axes], None], name: str, words: str, height: float = 3.4) -> str:
    """Draw one figure and give it as an SVG element whose title is `words`.

    matplotlib is imported here, so that nothing else pays for it.
    """
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib.figure import Figure

    settings = {
        "svg.fonttype": "path", "svg.hashsalt": name, "font.family": "DejaVu Sans", "font.size": 10,
        "axes.edgecolor": GREY, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "#e5e6e7",
        "axes.axisbelow": True, "legend.frameon": False,
    }  # fmt: skip
    with mpl.rc_context(settings):  # type: ignore[arg-type]
        picture = Figure(figsize=(7.6, height), layout="constrained")
        draw(picture.add_subplot())
        held = io.StringIO()
        picture.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    return _embed(held.getvalue(), name, words)


def _embed(svg: str, name: str, words: str) -> str:
    """Cut the file down to the element: ids made its own, styles made attributes, the title put in."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.S)
    body = re.sub(r'style="([^"]*)"', _as_attributes, body)
    body = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", body)
    body = body.replace("xlink:href", "href")
    size = re.search(r'viewBox="[^"]*"', body)
    assert size is not None
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size[0]} role="img" aria-labelledby="{name}-words" '
        f'stroke-linejoin="round"><title id="{name}-words">{words}</title>'
    )
    return opening + body[body.index(">") + 1 :]


def _as_attributes(found: re.Match[str]) -> str:
    pairs = [part.split(":", 1) for part in found[1].split(";") if ":" in part]
    return " ".join(f'{key.strip()}="{value.strip()}"' for key, value in pairs)


def _style(k: int) -> tuple[str, str]:
    return PALETTE[k % len(PALETTE)], MARKS[k % len(MARKS)]


def hit_curve(axes: Axes, result: BacktestResult) -> None:
    """Draw the share of events caught by share of area, for each forecaster, chance and the ceiling."""
    shares = 100 * np.array(result.shares)
    for k, model in enumerate(result.models):
        colour, mark = _style(k)
        bold = model.id in {result.verdict.served, result.rival}
        rate = [100 * c.hit_rate for c in model.capture]
        axes.plot(
            shares, rate, color=colour, marker=mark, markersize=5, linewidth=2.2 if bold else 1.0,
            label=model.title,
        )  # fmt: skip
    ceiling = [100 * rate for rate in result.ceiling.hit_rate]
    axes.plot(shares, ceiling, color=INK, linestyle="--", linewidth=1.2, label="noise ceiling")
    axes.plot(shares, shares, color=GREY, linestyle=":", linewidth=1.4, label="places chosen at random")
    axes.set(
        xlabel="share of the area, %", ylabel="share of events caught, %", xlim=(0, None), ylim=(0, None)
    )
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.01, 1.0))


def gains(axes: Axes, result: BacktestResult) -> None:
    """Draw each forecaster's log-score gain over the rival with its interval."""
    others = [m for m in sorted(result.models, key=lambda m: m.log_score) if m.id != result.rival]
    for k, model in enumerate(others):
        known = np.isfinite([model.gain.low, model.gain.high]).all()
        low = model.gain.low if known else model.gain.value
        high = model.gain.high if known else model.gain.value
        axes.plot([low, high], [k, k], color=PALETTE[0], linewidth=2.5)
        axes.plot(model.gain.value, k, "o", color=PALETTE[0], markersize=7)
    axes.axvline(0.0, color=INK, linewidth=1.2)
    axes.set_yticks(range(len(others)), [m.title for m in others])
    axes.set_ylim(-0.6, max(len(others) - 0.4, 0.6))
    axes.locator_params(axis="x", nbins=5)
    axes.set(xlabel="nats gained per event (right of the line is better)")


def reliability(axes: Axes, model: ModelScore) -> None:
    """Draw what was expected against what was observed, in ten groups of equal expected harm."""
    groups = [g for g in model.calibration.groups if g.expected > 0 and g.observed > 0]
    expected, observed = [g.expected for g in groups], [g.observed for g in groups]
    below = [min(g.observed - g.low, 0.95 * g.observed) for g in groups]  # a log axis has no zero
    above = [g.high - g.observed for g in groups]
    ends = [min([*expected, *observed, 1.0]) / 2, 2 * max([*expected, *observed, 1e-3])]
    axes.plot(ends, ends, color=GREY, linestyle=":", linewidth=1.4, label="as expected")
    axes.errorbar(
        expected, observed, yerr=[below, above], fmt="o", color=PALETTE[0], markersize=5, capsize=2,
        label="observed, with its 95 % range",
    )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
    axes.set(xlabel="events expected, a square and window (log scale)", ylabel="events observed")
    axes.legend(fontsize=9)


def pit(axes: Axes, model: ModelScore) -> None:
    """Draw the PIT histogram: flat at one where counts fell as forecast."""
    heights = model.calibration.pit
    edges = np.linspace(0, 1, len(heights) + 1)
    axes.bar(edges[:-1], heights, width=np.diff(edges) * 0.94, align="edge", color=PALETTE[0])
    axes.axhline(1.0, color=INK, linestyle="--", linewidth=1.2)
    axes.set(xlabel="where the count fell in its forecast (0 lowest, 1 highest)", ylabel="relative frequency")


def by_origin(axes: Axes, result: BacktestResult, model: ModelScore) -> None:
    """Draw the log-score gain over the rival at each origin."""
    rival = result.model(result.rival)
    gain = [
        (a.log_score - b.log_score) / max(a.events, 1e-12)
        for a, b in zip(model.by_origin, rival.by_origin, strict=True)
    ]
    colours = [PALETTE[0] if g >= 0 else PALETTE[1] for g in gain]
    where = np.arange(len(gain))
    axes.bar(where, gain, color=colours)
    axes.axhline(0.0, color=INK, linewidth=1.0)
    every = -(-max(len(gain), 1) // 8)
    axes.set_xticks(where[::every], [f"{o.origin:%d %b %y}" for o in model.by_origin[::every]], fontsize=9)
    axes.set(ylabel="nats gained per event", xlabel="origin of the forecast")
