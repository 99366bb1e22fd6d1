"""Does the knife forecast gain from all violence, robbery and ASB? On simulated worlds of known truth.

usage: python benchmarks/knife_borrowing.py [--scenario plain] [--seeds 1,2,3] [--model learner] [--windows 4]

Each world's crime extract is ingested; the last windows of 13 weeks are forecast from what was known at their
first day by one model twice: from the whole panel, and from knife history alone. Beside them the best plain
count of knife history. Gains are log score, nats an event, with block-bootstrap intervals. Simulated results
check the machinery and are no claim of accuracy; there knife events are a thinning of violence and robbery by
assumption, so that borrowing should help: what is checked is that it does, and how much.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from peelian.domain.contracts import Fitted, Forecaster, ModelSpec, no_tick
from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.domain.target import target_named
from peelian.evaluate.calibration import slope
from peelian.evaluate.capture import SHARES
from peelian.evaluate.compare import best_by_log_score, hit_gain, log_gain, resampling
from peelian.evaluate.held_back import play
from peelian.evaluate.interval import Interval, spatial_blocks
from peelian.evaluate.rounds import add_up
from peelian.models import MODELS, SERVED
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import END_OF_TIME, load_panels
from peelian.pipeline.simulating import simulate
from peelian.pipeline.validating import ValidationRequest, held_back, usable


def own_history(panel: Panel) -> Panel:
    """Give the panel with the target's own counts and no others."""
    return replace(
        panel, types=panel.types[:1], counts=panel.counts[:1], observed=panel.observed[:1],
        elsewhere=panel.elsewhere[:1],
    )  # fmt: skip


@dataclass(frozen=True)
class AloneFitted:
    """A fit that sees the knife history alone."""

    fitted: Fitted

    def predict(self, panel: Panel) -> Forecast:
        return self.fitted.predict(own_history(panel))


@dataclass(frozen=True)
class Alone:
    """A forecaster that sees knife history only."""

    forecaster: Forecaster

    @property
    def SPEC(self) -> ModelSpec:  # noqa: N802
        return self.forecaster.SPEC

    def fit(self, panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
        made = self.forecaster.fit(own_history(panel), horizon=horizon, window=window, seed=seed)
        return AloneFitted(made)


def said(one: Interval, form: str = "+.3f") -> str:
    """Write a value with its interval."""
    return f"{one.value:{form}} ({one.low:{form}} to {one.high:{form}})"


def world(scenario: str, seed: int, model: str, windows: int) -> None:
    """Score one simulated world and print its row."""
    request = ValidationRequest(windows=windows)
    with tempfile.TemporaryDirectory() as folder:
        files = simulate(scenario, seed, Path(folder) / "files", layouts=("table",))
        ctx = open_context(Path(folder) / "home", None)
        assert files.extract is not None
        ingest(ctx, IngestRequest("table", (files.extract,), mapping=str(files.mapping)))
        area = resolve_area(ctx, str(files.area), END_OF_TIME)
        panels = load_panels(ctx, area, target_named("knife-violence"), "week", END_OF_TIME)
        warmup, origins = held_back(panels, request)
        plain = {name: f for name, f in MODELS.items() if f.SPEC.kind == "plain"}
        plain = usable(plain, panels, warmup[0])
        each = plain | {"borrowed": MODELS[model], "alone": Alone(MODELS[model])}

        def truth(day):  # type: ignore[no-untyped-def]
            return panels.truth(day, 1, request.window)

        early, _, _ = play(panels.at, truth, plain, warmup, request.window, 1, no_tick, 0, 1)
        rounds, panel, _ = play(panels.at, truth, each, origins, request.window, 1, no_tick, 0, 1)
    blocks = spatial_blocks(panel.grid, panel.cells, 2.0)
    rival = best_by_log_score(add_up(early, blocks, list(plain)), list(plain))
    sums = add_up(rounds, blocks, list(each))
    how = resampling(sums, window=1, horizon=1, block_km=2.0, seed=1)
    print(
        f"seed {seed}: {len(panel.cells):,} cells, {rounds.events:.0f} events in {len(origins)} windows of "
        f"{request.window} weeks; {model} against itself on knife history alone: "
        f"{said(log_gain(sums, 'borrowed', 'alone', how))}; against the best plain count ({rival}): "
        f"{said(log_gain(sums, 'borrowed', rival, how))}; alone against it: "
        f"{said(log_gain(sums, 'alone', rival, how))}"
    )
    for share in (0.01, 0.02, 0.05):
        s = SHARES.index(share)
        rate = {m: sums.hits[m][s].sum() / rounds.events for m in ("borrowed", "alone", rival)}
        gain = said(hit_gain(sums, "borrowed", "alone", s, how), "+.1%")
        print(
            f"  first {share:.0%}: borrowed {rate['borrowed']:.1%}, alone {rate['alone']:.1%}, {rival} "
            f"{rate[rival]:.1%}; borrowed less alone {gain}"
        )
    for name in ("borrowed", "alone"):
        counts, mean, _ = rounds.seen(name)
        print(f"  {name}: slope {slope(counts, mean):.2f}, bias {mean.sum() / counts.sum() - 1:+.1%}")


def main() -> None:
    """Score each world and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="plain")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--model", default=SERVED)
    parser.add_argument("--windows", type=int, default=4)
    asked = parser.parse_args()
    for seed in asked.seeds.split(","):
        world(asked.scenario, int(seed), asked.model, asked.windows)


if __name__ == "__main__":
    main()
