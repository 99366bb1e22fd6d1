"""A share or a change as people read it: one way of writing per cent, and no nought with a sign."""

from __future__ import annotations


def per_cent(share: float, decimals: int = 0) -> str:
    """Give a share in per cent.

    >>> per_cent(0.345), per_cent(0.0042, 1), per_cent(-0.001)
    ('34 %', '0.4 %', '0 %')
    """
    return f"{_bare(f'{100 * share:.{decimals}f}')} %"


def change(value: float) -> str:
    """Give a change to the whole number, with its sign; none of it has none.

    >>> change(-1234.5), change(3), change(-0.4), change(0.2)
    ('-1,234', '+3', '0', '0')
    """
    return _bare(f"{value:+,.0f}")


def change_per_cent(ratio: float) -> str:
    """Give what a ratio changes, in per cent: 0.8 is a fifth fewer.

    >>> change_per_cent(0.8), change_per_cent(1.5), change_per_cent(0.9976)
    ('-20 %', '+50 %', '0 %')
    """
    return f"{change(100 * (ratio - 1))} %"


def _bare(figure: str) -> str:
    return figure if any(digit in "123456789" for digit in figure) else figure.lstrip("+-")
