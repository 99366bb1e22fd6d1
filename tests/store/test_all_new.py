"""The short way for rows whose keys are all new gives what the long way gives."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from peelian.store import history
from peelian.store.duck import duck, frame

_AT = datetime(2024, 1, 1, tzinfo=UTC)
_COLUMNS = '"row", version::bigint as version, known_at, op, retracts, bin'


@pytest.mark.parametrize("retracted", [(False, False, False), (True, False, True)])
def test_short_way_equals_long_way(retracted: tuple[bool, ...]) -> None:
    keys = pl.DataFrame(
        {
            "row": [1, 2, 3], "key_hi": [1, 1, 2], "key_lo": [5, 6, 5], "content": [7, 7, 8],
            "available_at": [_AT] * 3, "retracted": retracted, "nominal": [True, False, False],
        }
    ).with_columns(pl.col("row", "key_hi", "key_lo", "content").cast(pl.UInt64))  # fmt: skip
    with duck() as db:
        db.register("file_keys", keys.to_arrow())
        for sql, _ in history.statements(None):
            db.execute(sql)
        assert db.execute("select count(*) from busy").fetchall() == [(0,)]
        long = frame(db, f'select {_COLUMNS} from ({history.ROWS}) order by "row"')
        short = frame(db, f'select {_COLUMNS} from ({history.ALL_NEW}) order by "row"')
    assert short.equals(long)
    assert short.schema == long.schema


def test_busy_is_known_after_the_statements_that_say_so() -> None:
    assert "temp table busy" in history.statements(None)[history.BUSY - 1][0]
    assert all(not needs_part for _, needs_part in history.statements("f")[history.BUSY :])
