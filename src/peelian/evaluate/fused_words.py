"""The check of fusing in words: lines for a terminal, a section for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup, escape

from peelian.domain.per_cent import per_cent

LABEL: Final = "Harness check on simulated truth, not an accuracy claim"
BEGIN, END = "<!-- fusing -->", "<!-- /fusing -->"


def _points(gain: Mapping[str, float]) -> str:
    value, low, high = (100 * gain[name] for name in ("value", "low", "high"))
    return f"{value:+.2f} points ({low:+.2f} to {high:+.2f})"


def fused_lines(view: Mapping[str, Any]) -> list[str]:
    """Say what fusing gained, one line a figure; the label comes first."""
    gain = view["log_gain"]
    out = [
        f"{LABEL}: {view['model']} on {' and '.join(view['alone'])} alone, and on all {view['feeds']} feeds;",
        f"  {view['events']:,.0f} true events of harm, known to any agency or to none, at"
        f" {len(view['origins'])} dates, {view['window']} {view['every']}s each",
    ]
    out += [
        f"  caught in {per_cent(hit['share'])} of the area: {per_cent(hit['alone'], 1)} alone,"
        f" {per_cent(hit['fused'], 1)} fused, {_points(hit['gain'])}"
        for hit in view["hits"]
    ]
    out.append(
        f"  log score a true event: {gain['value']:+.4f} nats ({gain['low']:+.4f} to {gain['high']:+.4f})"
    )
    out.append(f"  {said(gain)}")
    return out


def said(gain: Mapping[str, float]) -> str:
    """Say in a sentence whether the interval shows a gain."""
    if gain["low"] > 0:
        return "In this simulated world the fused forecast places true harm better; the interval is above 0."
    if gain["high"] < 0:
        return "In this simulated world the fused forecast places true harm worse; the interval is below 0."
    return "In this simulated world no gain from fusing is shown; the interval holds 0."


def fused_section(view: Mapping[str, Any]) -> str:
    """Give the report's section, between markers, as HTML."""
    rows = "".join(
        f"<tr><th scope='row'>{per_cent(hit['share'])} of area</th>"
        f"<td class='n'>{per_cent(hit['alone'], 1)}</td>"
        f"<td class='n'>{per_cent(hit['fused'], 1)}</td><td class='n'>{_points(hit['gain'])}</td></tr>"
        for hit in view["hits"]
    )
    gain = view["log_gain"]
    rows += (
        f"<tr><th scope='row'>Log score a true event</th><td class='n'>{view['log_alone']:.4f}</td>"
        f"<td class='n'>{view['log_fused']:.4f}</td><td class='n'>{gain['value']:+.4f} nats"
        f" ({gain['low']:+.4f} to {gain['high']:+.4f})</td></tr>"
    )
    alone, why = escape(" and ".join(view["alone"])), escape(view["how"])
    body = (
        f"<h2>One picture from many agencies</h2><p><strong>{LABEL}.</strong> The same forecaster was"
        f" fitted on {alone} alone and on all {view['feeds']} agencies' feeds, each incident once, and both"
        f" were held against {view['events']:,.0f} events that happened in the simulator, reported or not, at"
        f" {len(view['origins'])} dates. {said(gain)}</p>"
        "<div class='wide' tabindex='0' role='region' aria-label='What fusing gained'><table><caption>"
        f"Share of true harm in the places ranked highest. Intervals: 95 %, {why}.</caption><thead><tr>"
        "<th scope='col'>Measure</th><th scope='col' class='n'>Police alone</th>"
        "<th scope='col' class='n'>All agencies</th><th scope='col' class='n'>Difference</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    return f"{BEGIN}{Markup(body)}{END}"


def with_section(page: str, section: str) -> str:
    """Put the section at the end of a report's main part; a second one replaces the first.

    >>> with_section("<main>a</main>", BEGIN + "b" + END)
    '<main>a<!-- fusing -->b<!-- /fusing --></main>'
    """
    if BEGIN in page:
        head, rest = page.split(BEGIN, 1)
        page = head + rest.split(END, 1)[1]
    return page.replace("</main>", section + "</main>", 1)
