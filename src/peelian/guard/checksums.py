"""Numbers that carry their own proof."""

from __future__ import annotations

import polars as pl


def nhs_valid(digits: pl.Expr) -> pl.Expr:
    """Say of ten digits (String) whether the last proves the others: modulus 11, weights 10 to 2.

    >>> one = pl.DataFrame({"x": ["9434765919", "9434765918"]})
    >>> one.select(nhs_valid(pl.col("x"))).to_series().to_list()
    [True, False]
    """
    each = [digits.str.slice(k, 1).cast(pl.Int64, strict=False) for k in range(10)]
    total = pl.sum_horizontal(each[k] * (10 - k) for k in range(9))
    check = (11 - total % 11) % 11
    alike = digits == digits.str.slice(0, 1).repeat_by(10).list.join("")
    return (check == each[9]) & ~alike


def luhn_valid(digits: pl.Expr, length: int) -> pl.Expr:
    """Say of a number of `length` digits (String) whether its last digit is Luhn's.

    >>> one = pl.DataFrame({"x": ["490154203237518", "490154203237517"]})
    >>> one.select(luhn_valid(pl.col("x"), 15)).to_series().to_list()
    [True, False]
    """
    each = [digits.str.slice(k, 1).cast(pl.Int64, strict=False) for k in range(length)]
    doubled = [
        each[k] * 2 - pl.when(each[k] > 4).then(9).otherwise(0) if (length - 1 - k) % 2 else each[k]
        for k in range(length)
    ]
    return pl.sum_horizontal(doubled) % 10 == 0
