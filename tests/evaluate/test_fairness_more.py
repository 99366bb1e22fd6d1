"""Intervals over origins, proxies, places that hang on reporting, and a feed of possession forced in."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.evaluate.fairness import Watched, audit_groups
from peelian.evaluate.fairness_proxy import proxy_scan
from peelian.evaluate.fairness_reporting import reporting
from peelian.evaluate.fairness_words import part_json, referral
from peelian.govern.scope import check_source, inputs


def watched(shock: float, *, origins: int = 24, areas: int = 60, block: int = 2) -> tuple[Watched, list[str]]:
    """Areas of two kinds; at each origin the first kind's flags share a swing of size `shock`."""
    rng = np.random.default_rng(4)
    kinds = [f"kind {1 + k % 2}" for k in range(areas)]
    swing = np.repeat(rng.choice([-1.0, 1.0], origins // block), block)[:, None] * shock
    first = np.array(kinds) == "kind 1"
    harm = rng.poisson(20.0, (origins, areas)).astype(float)
    flagged = 20.0 * (1 + swing * first) * np.ones((origins, areas))
    return Watched(flagged, harm, np.full(harm.shape, 20.0), harm * 0.4, flagged * 0.3, block=block), kinds


def test_what_swings_from_date_to_date_widens_the_interval() -> None:
    rng = np.random.default_rng(1)
    calm = audit_groups(*watched(0.0), rng)[0].exposure
    wild = audit_groups(*watched(0.8), rng)[0].exposure
    assert wild.high - wild.low > 5 * (calm.high - calm.low)
    few = audit_groups(*watched(0.8, origins=8), rng)[0].exposure  # four blocks are too few to draw
    assert few.high - few.low < wild.high - wild.low


def test_the_same_by_origin_or_in_sum() -> None:
    w, kinds = watched(0.0)
    total = Watched(*(getattr(w, n).sum(axis=0) for n in ("flagged", "harm", "expected", "caught", "false")))
    by_origin, summed = (audit_groups(one, kinds, np.random.default_rng(1))[1] for one in (w, total))
    assert by_origin.exposure.value == pytest.approx(summed.exposure.value)
    assert by_origin.missed.value == pytest.approx(summed.missed.value)


def test_a_perfect_proxy_and_none() -> None:
    rng = np.random.default_rng(3)
    hidden = rng.random(400)
    features = {"tells it": np.expm1(3 * hidden), "tells nothing": rng.random(400), "constant": np.ones(400)}
    found = {one.feature: one for one in proxy_scan(features, "ethnicity", hidden, rng)}
    assert set(found) == {"tells it", "tells nothing", "all together"}
    assert found["tells it"].r2 > 0.999
    assert (found["tells it"].auc, found["tells it"].strong) == (pytest.approx(1.0), True)
    assert found["tells nothing"].r2 < 0.02
    assert abs(found["tells nothing"].auc - 0.5) < 0.1
    assert not found["tells nothing"].strong
    assert proxy_scan(features, "ethnicity", np.where(hidden < 0.95, np.nan, hidden), rng) == ()


def test_only_what_lies_near_the_cut_hangs_on_reporting() -> None:
    mean = np.concatenate([[10.0] * 4, [1.05] * 2, [1.0] * 94])[None, :]  # five of a hundred are flagged
    mean[0, 99] = np.nan
    classes = np.arange(100) % 10
    found = reporting(mean, classes, np.random.default_rng(1))
    assert found.flagged[0].sum() == 5
    assert not found.changes[0, :4].any()  # far above, whatever is reported
    assert found.fragile[0, 4]
    assert not found.changes[0, 99]
    alike = reporting(mean, np.zeros(100, np.int64), np.random.default_rng(1))
    assert alike.jaccard.min() == 1.0  # one kind of area: more or less of everything ranks the same
    assert not alike.fragile.any()
    assert found.to_json()["fragile"] == int((found.fragile & found.flagged).sum())


def test_a_feed_of_possession_is_refused_and_forced_in_it_alarms() -> None:
    """After Lum and Isaac (2016): records follow where officers look, harm is alike."""
    for name in ("stop-and-search", "drug possession records"):
        with pytest.raises(Refused):
            check_source(name)
    assert {one.cls for name, one in inputs().items() if "possession" in name} <= {"display", "refused"}
    rng = np.random.default_rng(5)
    areas = 300
    decile = rng.permutation(np.arange(areas) % 10)
    harm = rng.poisson(6.0, (12, areas)).astype(float)
    looked = np.where(decile == 0, 3.0, 0.7)
    records = rng.poisson(20 * looked).astype(float)
    flag = np.zeros(areas)
    flag[np.argsort(-records, kind="stable")[:15]] = 1.0
    expected = np.tile(records / records.sum() * harm.sum() / 12, (12, 1))
    w = Watched(np.tile(flag, (12, 1)), harm, expected, harm * flag, flag * (harm == 0))
    groups = audit_groups(w, [f"decile {1 + d}" for d in decile], rng)
    assert "exposure" in groups[0].alarms
    assert "calibration" in groups[0].alarms
    said = referral({"deprivation": groups})
    assert said.startswith("Referral to the ethics body")
    assert "deprivation, decile 1 (attention for harm, calibration" in said
    assert "attention for harm" in part_json("deprivation", groups)["rows"][0]["alarms"]
