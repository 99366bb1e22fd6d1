"""The days between what is covered."""

from __future__ import annotations

from datetime import date, timedelta


def gaps(spans: list[tuple[date, date]]) -> list[str]:
    """List the days between covered spans as 'from to to'.

    >>> gaps([(date(2022, 1, 1), date(2022, 2, 1)), (date(2022, 3, 1), date(2022, 4, 1))])
    ['2022-02-01 to 2022-02-28']
    """
    found, reach = [], spans[0][1]
    for start, end in sorted(spans)[1:]:
        if start > reach:
            found.append(f"{reach} to {start - timedelta(days=1)}")
        reach = max(reach, end)
    return found
