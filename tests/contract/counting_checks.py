"""What every mutant must fail: the product's counts against a second count that shares no code with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from tests.contract.histories import Case, Row, cases, deliveries, history, mask, midnight
from tests.contract.mutating import Get
from tests.contract.recount import Answer, published, recount
from tests.features.ledger import covered, ledger


@dataclass(frozen=True)
class Prepared:
    """A case, its frames and its answer, made once."""

    case: Case
    events: pl.DataFrame
    coverage: pl.DataFrame
    answer: Answer


@cache
def prepared() -> tuple[Prepared, ...]:
    return tuple(Prepared(c, c.events, c.coverage, recount(c)) for c in cases())


def same(got: Any, want: Any) -> None:
    np.testing.assert_allclose(np.asarray(got, float), np.asarray(want, float), rtol=1e-6, atol=1e-6)


def panels_are_recounted(get: Get) -> None:
    target, grid = get("domain.target"), get("domain.grid").BRITISH_NATIONAL_GRID_250
    for one in prepared():
        case, want = one.case, one.answer
        got = get("features.panel").build_panel(
            one.events, one.coverage, grid=grid, cells=np.array(case.cells),
            target=target.TARGETS[case.target], types=target.FEATURE_GROUPS, every=case.every,
            start=case.start, origin=case.origin, as_of=case.as_of, lag=case.lag,
        )  # fmt: skip
        assert list(got.types) == want.types
        assert (got.observed == want.seen[:, :, None]).all()
        same(got.counts, want.counts)
        same(got.elsewhere, want.elsewhere)
        assert (got.marks_known, got.some_left_out) == (want.marks_known, want.some_left_out)
        assert got.starts[0] == case.start
        assert len(got.starts) == want.counts.shape[1]


def targets_are_what_governance_says(get: Get) -> None:
    target = get("domain.target")
    assert {n: set(t.groups) for n, t in target.TARGETS.items()} == {
        "violence": {"violence"}, "knife-violence": {"violence", "robbery"}, "robbery": {"robbery"},
        "violence-any-agency": {"violence", "ambulance-assault", "ed-assault"}, "asb": {"asb"},
        "burglary": {"burglary"}, "vehicle": {"vehicle"}, "theft": {"theft"}, "damage": {"damage"},
    }  # fmt: skip
    assert not set(target.FEATURE_GROUPS) & {"drugs", "weapons", "public-order"}
    violence = target.TARGETS["violence"]
    assert violence.title(True).startswith("violence in public")
    assert "including in homes" in violence.title(False)
    assert "unmarked" in violence.title(False, True)
    assert target.TARGETS["robbery"].title(False) == "robbery"


def truths_are_recounted(get: Get) -> None:
    first, end = date(2021, 2, 1), date(2021, 12, 1)
    rows, sent = history(108, first, end), deliveries(109, first, end)
    late = datetime(9999, 1, 1, tzinfo=UTC)
    case = Case(rows, sent, mask(), "violence", "month", first, end, late, 0)
    grid = get("domain.grid").BRITISH_NATIONAL_GRID_250
    area = get("domain.area").Area("x", "x", grid, np.array(case.cells), "points")
    target = get("domain.target").TARGETS["violence"]
    make = get("pipeline.panels").Panels
    held = make(area, target, "month", case.events, case.coverage, ("violence", "asb"))
    start = min(s["start"] for s in sent)
    want_first = date(start.year + start.month // 12, start.month % 12 + 1, 1) if start.day > 1 else start
    assert held.first == want_first
    assert held.end == max(s["end"] for s in sent).replace(day=1)
    case = Case(rows, sent, mask(), "violence", "month", held.first, held.end, late, 0)
    spoken = _without_repeats(case)
    answer = recount(spoken)
    for at, horizon, window in ((0, 2, 3), (3, 2, 1), (5, 1, 3), (len(answer.seen[0]) - 2, 2, 2)):
        origin = get("domain.time").step(held.first, "month", at)
        counts, seen = held.truth(origin, horizon, window)
        for h in range(horizon):
            part = slice(at + h, at + h + window)
            whole = at + h + window <= answer.seen.shape[1]
            assert seen[h].all() == seen[h].any() == (bool(answer.seen[0, part].all()) and whole)
            same(counts[h], answer.counts[0, part].sum(axis=0))
    origin = date(2021, 7, 1)
    for known, lag in ((midnight(date(2021, 12, 1)), 1), (midnight(date(2021, 6, 12)), 0)):
        want = recount(_without_repeats(replace(case, origin=origin, as_of=known, lag=lag)))
        got = held.at(origin, lag=lag, as_of=known)
        same(got.counts[0], want.counts[0])
        assert (got.target_observed == want.seen[0, :, None]).all()
    assert held.at(origin).as_of == midnight(origin)


def _without_repeats(case: Case) -> Case:
    """Leave out police_uk where police_crime of the same force speaks, as known at the case's moment."""
    told = [s for s in case.deliveries if s["available_at"] <= case.as_of]
    spoken = {(s["source"], s["force"], g) for s in told for g in s["groups"]}
    quiet = {(f, g) for s, f, g in spoken if s == "police_uk" and ("police_crime", f, g) in spoken}

    def silenced(row: Row, group: str) -> bool:
        return row["source"] == "police_uk" and (row["force"], group) in quiet

    rows = [r for r in case.rows if not silenced(r, r["group"])]
    sent = [s | {"groups": [g for g in s["groups"] if not silenced(s, g)]} for s in case.deliveries]
    return replace(case, rows=rows, deliveries=sent)


def one_voice_speaks(get: Get) -> None:
    for one in prepared()[:3]:
        events, coverage = get("features.voices").one_voice(one.events, one.coverage, one.case.as_of)
        want = {_name(r) for r in _without_repeats(one.case).rows}
        assert {_name(r) for r in events.to_dicts()} == want
        assert 0 < len(want) < len(one.case.rows)
        sent = [s["groups"] for s in _without_repeats(one.case).deliveries]
        assert coverage["groups"].to_list() == sent


def _name(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["key_hi"], row["key_lo"], row["version"]


def incidents_are_one_row(get: Get) -> None:
    at = midnight(date(2021, 3, 1))
    rows = ledger(
        [
            {"start": at, "group": "ambulance-assault", "precision_m": 5.0, "easting": 1.0, "knife": "high"},
            {"start": at + timedelta(hours=1), "group": "violence", "precision_m": 90.0, "easting": 2.0,
             "domestic": "yes"},
            {"start": at, "group": "violence", "precision_m": 9.0, "easting": 3.0},
            {"start": at, "group": "robbery", "easting": 4.0},
        ]
    ).with_columns(report=pl.Series(["a", "b", "c", "d"]))  # fmt: skip
    told = pl.DataFrame({"report": ["a", "b", "d"], "incident": ["i", "i", "j"]})
    got = get("features.incidents").one_per_incident(rows, told).to_dicts()
    assert [(r["group"], r["easting"], r["knife"], r["domestic"]) for r in got] == [
        ("violence", 1.0, "high", "yes"), ("violence", 3.0, "unknown", "unknown"),
        ("robbery", 4.0, "unknown", "unknown"),
    ]  # fmt: skip
    assert got[0]["start"] == at


def days_are_londons(get: Get) -> None:
    time = get("domain.time")
    assert time.london_midnight(date(2021, 7, 1)) == datetime(2021, 6, 30, 23, tzinfo=UTC)
    assert time.london_midnight(date(2021, 12, 1)) == datetime(2021, 12, 1, tzinfo=UTC)
    assert time.floor_period(date(2021, 12, 31), "month") == date(2021, 12, 1)
    assert time.floor_period(date(2021, 7, 4), "week") == date(2021, 6, 28)
    assert time.floor_period(date(2021, 7, 4), "day") == date(2021, 7, 4)
    assert time.step(date(2021, 11, 1), "month", 3) == date(2022, 2, 1)
    assert time.step(date(2021, 11, 1), "week", -1) == date(2021, 10, 25)
    assert time.periods_between(date(2020, 11, 1), date(2022, 2, 1), "month") == 15
    assert time.periods_between(date(2021, 6, 28), date(2021, 7, 19), "week") == 3
    assert time.period_starts(date(2021, 6, 28), 2, "week") == [date(2021, 6, 28), date(2021, 7, 5)]


def cells_are_placed(get: Get) -> None:
    grid = get("domain.grid")
    bng, feet = grid.BRITISH_NATIONAL_GRID_250, grid.grid_for("EPSG:2913", 300.0, "foot", 0.3048)
    got = bng.cell_of(np.array([0.0, 250.0, 249.9, -0.1, 699_999.9, 700_000.0, np.nan, 10.0]),
                      np.array([0.0, 0.0, 250.0, 5.0, 1.0, 1.0, 1.0, 1_300_000.0]))  # fmt: skip
    assert got.tolist() == [0, 1, 2800, -1, 2799, -1, -1, -1]
    assert feet.cell_of(np.array([-1.0, 0.0]), np.array([0.0, -1.0])).tolist() == [
        32_768 * 65_536 + 32_767, 32_767 * 65_536 + 32_768]  # fmt: skip
    east, north = bng.corner(np.array([2801]))
    assert (east[0], north[0]) == (250.0, 250.0)
    near = get("features.mask").cells_within(bng, np.array([100_100.0]), np.array([50_100.0]), 500.0)
    column, row = near % 2800 - 400, near // 2800 - 200
    assert sorted(zip(column.tolist(), row.tolist(), strict=True)) == [
        (c, r) for c in range(-2, 3) for r in range(-2, 3) if c * c + r * r <= 4]  # fmt: skip


def memories_are_recounted(get: Get) -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(1.0, (9, 3)).astype(np.float32)
    seen = np.array([1, 1, 0, 1, 1, 1, 0, 1, 1], bool)
    got, whole = get("models.memory").decayed(counts, seen, [2.0, np.inf], [9, 4, 0])
    for k, half_life in enumerate((2.0, np.inf)):
        for m, cut in enumerate((9, 4, 0)):
            weight = [seen[p] * 0.5 ** ((cut - 1 - p) / half_life) for p in range(cut)]
            want = sum((w * counts[p] for p, w in enumerate(weight)), np.zeros(3))
            # the newest period weighs one: it ended at the cut
            same(got[k, m], want)
            same(whole[k, m], want.sum())


def pasts_are_read(get: Get) -> None:
    past = get("models.past")
    seen = np.ones((1, 20, 4), bool)
    seen[0, [7, 18, 19]] = False
    panel = SimpleNamespace(
        observed=seen, every="month", origin=date(2022, 9, 1), starts=[date(2021, 1, 1)] * 20
    )
    assert past.seen_periods(panel).tolist() == [k not in (7, 18, 19) for k in range(20)]
    assert past.gap_of(panel) == 2
    one_cell = seen.copy()
    one_cell[0, 3, 2] = False
    assert not past.seen_periods(SimpleNamespace(observed=one_cell))[3]
    got = past.pseudo_origins(panel, first=6, span=2, gap=2, most=99)
    assert got == [t for t in range(8, 17) if all(seen[0, t : t + 2, 0])]
    few = past.pseudo_origins(panel, first=6, span=2, gap=2, most=3)
    assert (len(few), few[-1], few[0]) == (3, 16, 8)
    same(past.lengths("month", [date(2022, 2, 1)]), [28 / 30.4375])
    assert past.future(panel, 2) == [date(2022, 9, 1), date(2022, 10, 1)]


def capture_is_recounted(get: Get) -> None:
    capture = get("evaluate.capture")
    mean = np.array([1.0, 4.0, 4.0, 0.5, 3.0, 4.0])
    counts = np.array([2.0, 0.0, 5.0, 1.0, 0.0, 3.0])
    same(capture.selection(mean, [1 / 6, 0.5, 0.75]), [
        [0, 1 / 3, 1 / 3, 0, 0, 1 / 3], [0, 1, 1, 0, 0, 1], [0.5, 1, 1, 0, 1, 1]])  # fmt: skip
    same(capture.best_hits(counts, [1 / 6, 0.25, 0.5, 1.0]), [5, 6.5, 10, 11])
    same(capture.pai(np.array([0.2]), [0.05]), [4.0])
    hit, best = capture.noise_ceiling(np.full(400, 0.1), np.zeros(400), np.random.default_rng(1), [0.1])
    assert abs(hit[0] - 4.0) < 1e-6
    assert 25 < best[0] < 45


def scores_are_added_up(get: Get) -> None:
    rounds, rng = get("evaluate.rounds"), np.random.default_rng(3)
    counts = rng.poisson(0.7, (4, 8)).astype(np.float32)
    observed = rng.random((4, 8)) > 0.2
    mean = rng.gamma(1.0, 0.7, (4, 8)).astype(np.float32)
    counts[np.arange(4), mean.argmax(axis=1)] += 2
    spread = np.where(rng.random((4, 8)) > 0.5, 0.4, 0.0).astype(np.float32)
    made = rounds.Rounds(
        get("domain.grid").BRITISH_NATIONAL_GRID_250, np.arange(8), (date(2022, 1, 1), date(2022, 2, 1)),
        np.array([0, 0, 1, 1]), counts, observed, {}, {"m": mean}, {"m": spread},
    )  # fmt: skip
    block = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    sums = rounds.add_up(made, block, ["m"])
    events, score = np.zeros((2, 3)), np.zeros((2, 3))
    best, caught = np.zeros((5, 2)), np.zeros((5, 2, 3))
    for n in range(4):
        seen = np.flatnonzero(observed[n])
        for c in seen:
            events[n // 2, block[c]] += counts[n, c]
            score[n // 2, block[c]] += _log_pmf(int(counts[n, c]), float(mean[n, c]), float(spread[n, c]))
        for s, share in enumerate((0.005, 0.01, 0.02, 0.05, 0.10)):
            top = seen[np.argmax(mean[n, seen])]
            caught[s, n // 2, block[top]] += share * len(seen) * counts[n, top]
            best[s, n // 2] += share * len(seen) * counts[n, seen].max()
    same(sums.events, events)
    same(sums.log_score["m"], score)
    same(sums.best, best)
    same(sums.hits["m"], caught)
    assert made.events == counts[observed].sum()
    assert [len(part) for part in made.seen("m")] == [observed.sum()] * 3


def _log_pmf(k: int, mean: float, dispersion: float) -> float:
    """Multiply the terms of the negative binomial out (Hilbe 2011), or of the Poisson."""
    if dispersion == 0.0:
        return float(k * np.log(mean) - mean - sum(np.log(j) for j in range(1, k + 1)))
    r = 1 / dispersion
    out = r * np.log(r / (r + mean)) + k * np.log(mean / (r + mean))
    return float(out + sum(np.log((r + j) / (j + 1)) for j in range(k)))


def chances_are_right(get: Get) -> None:
    nb = get("domain.negative_binomial")
    for mean, dispersion in ((0.3, 0.0), (0.3, 0.7), (4.0, 0.2)):
        same(nb.p_any(mean, dispersion), 1 - np.exp(_log_pmf(0, mean, dispersion)))
        whole = np.cumsum([np.exp(_log_pmf(k, mean, dispersion)) for k in range(60)])
        assert int(nb.quantile(0.95, mean, dispersion)) == int(np.argmax(whole >= 0.95))


def coverage_is_recounted(get: Get) -> None:
    """A hole of a single day, and a period that two deliveries fill between them."""
    starts = [date(2021, 1, 1), date(2021, 2, 1), date(2021, 3, 1)]
    spans = [((1, 1), (1, 20)), ((1, 20), (2, 28)), ((3, 1), (4, 1))]
    parts = [covered(date(2021, *low), date(2021, *high), "asb") for low, high in spans]
    got = get("features.observed").observed_periods(
        pl.concat(parts), ("asb",), starts, date(2021, 4, 1), midnight(date(2021, 4, 1))
    )
    assert got.tolist() == [True, False, True]
    two = [*parts, covered(date(2021, 1, 1), date(2021, 4, 1), "theft")]
    for groups in (("asb", "theft"), ("theft", "asb")):
        got = get("features.observed").observed_periods(
            pl.concat(two), groups, starts, date(2021, 4, 1), midnight(date(2021, 4, 1))
        )
        assert got.tolist() == [True, False, True]
    assert published(prepared()[0].case, {"theft"}, date(2021, 1, 1), date(2021, 1, 2)) is False


Check = Callable[[Get], None]
CHECKS: tuple[Check, ...] = (
    targets_are_what_governance_says, days_are_londons, cells_are_placed, pasts_are_read,
    memories_are_recounted, capture_is_recounted, scores_are_added_up, chances_are_right,
    coverage_is_recounted, incidents_are_one_row, panels_are_recounted, one_voice_speaks,
    truths_are_recounted,
)  # fmt: skip

_MODULES = {
    "domain.target": targets_are_what_governance_says, "domain.time": days_are_londons,
    "domain.grid": cells_are_placed, "features.mask": cells_are_placed, "models.past": pasts_are_read,
    "models.memory": memories_are_recounted, "evaluate.capture": capture_is_recounted,
    "evaluate.rounds": scores_are_added_up, "domain.negative_binomial": chances_are_right,
    "features.observed": coverage_is_recounted, "features.incidents": incidents_are_one_row,
    "features.voices": one_voice_speaks, "pipeline.panels": truths_are_recounted,
}  # fmt: skip


def nearest_first(module: str) -> list[Check]:
    """Give all checks, the one closest to a module first; the next is the count of whole panels."""
    first = [_MODULES.get(module, panels_are_recounted), panels_are_recounted]
    return list(dict.fromkeys([*first, *CHECKS]))
