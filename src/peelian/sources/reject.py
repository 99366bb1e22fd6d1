"""Set rows aside with a reason: the first test a row fails decides."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from peelian.sources.csv.chunk import REJECTS

Test = tuple[pl.Expr, str]
"""What is wrong (true for a bad row; null counts as false) and the sentence for it."""


def split(
    frame: pl.DataFrame, tests: Sequence[Test], surely_good: pl.Expr | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the good rows and the `rejects` (row, reason) of a frame that has `row`.

    Rows that pass `surely_good` are not looked at further.
    """
    if surely_good is not None:
        good = frame.select(surely_good.fill_null(False).alias("good"))["good"]
        if good.all():
            return frame, pl.DataFrame(schema=REJECTS)
        passed, rejects = split(frame.filter(~good), tests)
        return pl.concat([frame.filter(good), passed]), rejects
    flags = frame.select(wrong.fill_null(False).alias(str(k)) for k, (wrong, _) in enumerate(tests))
    if not flags.select(pl.any_horizontal(pl.all()).any()).item():
        return frame, pl.DataFrame(schema=REJECTS)
    reason = pl.coalesce(
        pl.when(pl.col(str(k))).then(pl.lit(sentence)) for k, (_, sentence) in enumerate(tests)
    )
    reasons = flags.select(reason=reason)["reason"]
    rejects = pl.DataFrame({"row": frame["row"], "reason": reasons}, schema=REJECTS)
    return frame.filter(reasons.is_null()), rejects.filter(reasons.is_not_null())
