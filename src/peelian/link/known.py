"""Linking as it was at any instant: evidence once, then a decision for each cut from its own reports only."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from peelian.link.clusters import settled
from peelian.link.decide import Decided, decide
from peelian.link.decisions import kept_apart, told
from peelian.link.evidence import evidence
from peelian.link.parameters import Parameters, pinned


@dataclass(frozen=True, eq=False)
class Linked:
    """`incidents` has report, incident, chance for every report of an incident of two or more."""

    decided: Decided
    incidents: pl.DataFrame
    threshold: float


@dataclass(frozen=True, eq=False)
class Linking:
    """The evidence between all versions held of a force's reports."""

    evidence: pl.DataFrame
    parameters: Parameters

    def at(self, reports: pl.DataFrame, decisions: pl.DataFrame | None = None) -> Linked:
        """Link the reports given, which are what was known at some instant, and no others.

        What becomes known later cannot change it: the evidence of a pair is of its two reports, and the
        densities, the shares and the competition are of the reports given. `decisions` are those taken by
        then (left, right, decision).
        """
        known = self.evidence
        if decisions is not None:
            known = told(known, decisions, reports["report"])
        found = decide(reports, known)
        pairs = kept_apart(found.pairs)
        incidents, threshold = settled(pairs, found.reports, found.incidents[0])
        return Linked(found, incidents, threshold)


def linking_of(reports: pl.DataFrame, parameters: Parameters | None = None) -> Linking:
    """Find the evidence between reports, one row a version (`link.reports.COLUMNS`, `report` key.version)."""
    chosen = parameters or pinned()
    return Linking(evidence(reports, chosen), chosen)
