"""Risk terrain: where events fall told by the sites around, and by nothing else; the same at all times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy import special

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel
from peelian.models.mask_image import spacing_of
from peelian.models.past import seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.terrain.factors import Factor, Terrain
from peelian.models.terrain.sparse_poisson import fit_sparse, noise_bounds

SPEC: Final = ModelSpec(
    "risk-terrain", "Risk terrain (sites around)", "plain", "1",
    "risk terrain modelling: Caplan and Kennedy; compared by Wheeler and Steenbeek 2020", needs_years=1.0,
)  # fmt: skip
_WHIFF: Final = 1e-3
"""Penalty of a fit that chooses nothing, in counts: it only keeps separation finite."""
_BLOCK: Final = 4.0
"""Side, in steps of the mask, of the blocks whose sums say how noisy a factor is."""
NO_SITES: Final = "no sites held: an even spread"


@dataclass(frozen=True, eq=False)
class Chosen:
    """The factors that stayed, by index in the terrain, and what each adds to the log rate."""

    at: Cells
    effect: Floats

    def share(self, terrain: Terrain) -> Floats:
        """Give each place's share (C,)."""
        log = terrain.values[:, self.at] @ self.effect
        share = np.exp(log - log.max()) if len(log) else log
        out: Floats = share / share.sum()
        return out

    def told(self, terrain: Terrain) -> list[dict[str, Any]]:
        """Say each factor and its relative risk for one standard deviation more, for the run card."""
        return [_told(terrain.factors[k], effect) for k, effect in zip(self.at, self.effect, strict=True)]


def _told(factor: Factor, effect: float) -> dict[str, Any]:
    return {
        "kind": factor.kind, "how": factor.how, "cells": round(factor.extent, 2),
        "relative_risk": round(float(np.exp(effect)), 3),
    }  # fmt: skip


def choose(terrain: Terrain, count: Floats, blocks: Cells) -> Chosen:
    """Take each kind's best factor, keep those that beat their noise together, and refit the kept ones."""
    nothing = Chosen(np.zeros(0, np.int64), np.zeros(0))
    if not terrain.factors or count.sum() <= 0:
        return nothing
    # Each value has the same spread, so the scores compare.
    strength = np.abs(terrain.values.T @ (count - count.mean()))
    best: dict[str, int] = {}
    for k in np.argsort(-strength, kind="stable"):
        best.setdefault(terrain.factors[k].kind, int(k))
    at = np.array(sorted(best.values()), np.int64)
    values, whiff = terrain.values[:, at], np.full(len(at), _WHIFF * count.sum())
    first = fit_sparse(values, count, whiff)
    left = count - count.sum() * special.softmax(values @ first)
    kept = fit_sparse(values, count, noise_bounds(values, left, blocks, len(terrain.factors))) != 0
    at = at[kept]
    if not len(at):
        return nothing
    return Chosen(at, fit_sparse(values[:, kept], count, whiff[kept]))


def blocks_of(panel: Panel) -> Cells:
    """Number the blocks of neighbouring places, (C,)."""
    side = max(round(_BLOCK * spacing_of(panel.grid, panel.cells)), 1)
    column, row = panel.grid.column_row(panel.cells)
    pairs = (row // side) * (panel.grid.columns // side + 1) + column // side
    out: Cells = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    return out


def terrain_of(panel: Panel) -> Terrain:
    """Give the panel's terrain; without factors where no sites are held."""
    if panel.sites is None:
        return Terrain((), np.zeros((len(panel.cells), 0)))
    return Terrain.of(panel.grid, panel.cells, panel.sites)


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: at each cut the terrain is fitted to all counts seen before it."""
    terrain, blocks, running = terrain_of(panel), blocks_of(panel), _running(panel)

    def maps_at(cut: int, _setting: Setting) -> Maps:
        share = choose(terrain, running(cut), blocks).share(terrain)
        return Maps({"setting": share}, running(cut).sum() * share)

    return maps_at


@dataclass(frozen=True, eq=False)
class _Running:
    """Counts seen before a cut, (C,)."""

    counts: Floats

    def __call__(self, cut: int) -> Floats:
        out: Floats = self.counts[:cut].sum(axis=0, dtype=np.float64)
        return out


def _running(panel: Panel) -> _Running:
    seen = seen_periods(panel)
    return _Running(np.where(seen[:, None], panel.target_counts, 0))


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Fit the terrain, its share of an even spread and its doubt on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    fitted = fit_plain(SPEC, panel, reader, [{}], horizon=horizon, window=window, seed=seed)
    if panel.sites is None:
        return replace(fitted, card={**fitted.card, "factors": NO_SITES})
    terrain = terrain_of(panel)
    chosen = choose(terrain, _running(panel)(len(panel.starts)), blocks_of(panel))
    return replace(fitted, card={**fitted.card, "factors": chosen.told(terrain) or "no kind of site chosen"})
