"""What a file shows against its feed's past however small both are: from the second file of a feed on.

These tests rest on what cannot well be chance (a whole column, every place, every date), not on rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from peelian.domain.contracts import AGAINST
from peelian.domain.per_cent import per_cent

Profile = dict[str, Any]
_FEW: Final = 3  # rows below which nothing is said of a share
_HALF: Final = 0.5
_ASIDE: Final = 0.3
_FAR: Final = 3  # 10 km squares beyond the box of all earlier places
_YEARS: Final = 20


def shape_drift(new: Profile, past: Sequence[Profile]) -> list[str]:
    """Say for what a file must be held; `past` holds at least one profile, oldest first."""
    tests = (
        _small_aside, _turned_points, _far_away, _turned_days, _against, _century, _late, _emptied, _retyped,
        _codes,
    )  # fmt: skip
    return [said for test in tests if (said := test(new, past))]


def shape_notices(new: Profile, past: Sequence[Profile]) -> list[str]:
    """Say what changed and need not hold the file: added columns, another way of writing, new codes."""
    said = []
    seen = seen_columns(past)
    added = [name for name in new.get("columns", ()) if name not in seen]
    if seen and added:
        said.append(f"it has columns this feed never had, and they are not read: {', '.join(added[:8])}")
    gone = [name for name in (past[-1].get("columns") or ()) if name not in new.get("columns", ())]
    if new.get("columns") and gone:
        said.append(f"columns of the last file are missing: {', '.join(gone[:8])}")
    said += [
        f"the column {name} is written in another way in {other:,} rows"
        for name, other, _ in _other_forms(new, past)
    ]
    for name, codes in new.get("codes", {}).items():
        fresh = sum(_unseen(codes, past, name).values())
        if fresh and _rows(past, name):
            said.append(f"{fresh:,} rows have a code in the column {name} that this feed never had; none of "
                        "them is in the mapping, and its default was taken")  # fmt: skip
    return said


def seen_columns(past: Sequence[Profile]) -> set[str]:
    """Give the names of all columns earlier files had."""
    return {name for one in past for name in one.get("columns") or ()}


def likely_names(missing: Sequence[str], columns: Sequence[str], past: Sequence[Profile]) -> str:
    """Say under which new name a missing column may stand; empty when there is no guess."""
    seen = seen_columns(past)
    fresh = [name for name in columns if name not in seen and name not in missing]
    said = []
    for name in missing:
        close = get_close_matches(name.casefold(), [one.casefold() for one in fresh], 1, 0.5)
        guess = next((one for one in fresh if close and one.casefold() == close[0]), None)
        if guess is None and len(fresh) == len(missing) == 1 and seen:
            guess = fresh[0]
        if guess:
            said.append(f"{name} is likely now called {guess}")
    if not said and fresh and seen:
        said.append(f"new in this feed: {', '.join(fresh[:8])}")
    return "; ".join(said)


def _small_aside(new: Profile, past: Sequence[Profile]) -> str:
    read, aside = new.get("read", 0), new.get("aside", 0)
    before = sum(one.get("read", 0) for one in past)
    if read < _FEW or before < _FEW or aside in (0, read):
        return ""
    usual = sum(one.get("aside", 0) for one in past) / before
    if aside / read - usual > _ASIDE and aside - usual * read >= 2 - 1e-9:
        return f"{aside} of its {read} rows would be put aside, and {per_cent(usual)} of earlier files' were"
    return ""


def _turned_points(new: Profile, past: Sequence[Profile]) -> str:
    """Every place lies elsewhere, and where earlier ones lay once its two coordinates are exchanged."""
    known = _around(past)
    squares = [_square(one) for one in new.get("squares", {})]
    if known and squares and all(s not in known and s[::-1] in known for s in squares):
        return "its places lie where earlier files' did only if the two coordinates are exchanged"
    return ""


def _far_away(new: Profile, past: Sequence[Profile]) -> str:
    held = [_square(square) for one in past for square in one.get("squares", {})]
    squares, placed = [_square(one) for one in new.get("squares", {})], new.get("placed", 0)
    if len(held) < 1 or placed < 2 or sum(one.get("placed", 0) for one in past) < 2:
        return ""
    low = [min(s[k] for s in held) - _FAR for k in (0, 1)]
    high = [max(s[k] for s in held) + _FAR for k in (0, 1)]
    if all(not (low[0] <= e <= high[0] and low[1] <= n <= high[1]) for e, n in squares):
        return "every place lies more than 30 km from where earlier files had any: are units or axes others?"
    return ""


def _turned_days(new: Profile, past: Sequence[Profile]) -> str:
    """Exchanging day and month brings scattered dates together, or into the time of earlier files."""
    span, turned = _span(new), new.get("turned_span")
    if turned and new.get("dates", 0) >= 2 and span > 25 and span >= 5 * turned:
        return f"its dates are {span} days apart, and {turned} with day and month exchanged: are they?"
    return ""


def _against(new: Profile, past: Sequence[Profile]) -> str:
    """A date that can only be read against the mapping's order of day and month, where none was before."""
    for name, forms in new.get("forms", {}).items():
        n, before = forms.get(AGAINST, 0), [one.get("forms", {}).get(name, {}) for one in past]
        if n and any(before) and not any(one.get(AGAINST) for one in before):
            return f"{n:,} dates in the column {name} can only be read with day and month exchanged"
    return ""


def _century(new: Profile, past: Sequence[Profile]) -> str:
    held = [date.fromisoformat(one[k]) for one in past for k in ("first", "last") if one.get(k)]
    if not held or not new.get("first"):
        return ""
    first, last = date.fromisoformat(new["first"]), date.fromisoformat(new["last"])
    if min(held).year - first.year > _YEARS or last.year - max(held).year > _YEARS:
        return f"it has dates more than {_YEARS} years from all dates of earlier files"
    return ""


def _late(new: Profile, past: Sequence[Profile]) -> str:
    rows, before = new.get("rows", 0), sum(one.get("rows", 0) for one in past)
    if rows < _FEW or before < _FEW or any("late" not in one for one in past if one.get("rows")):
        return ""
    if not sum(one.get("late", 0) for one in past) and new.get("late", 0) / rows >= _HALF:
        return "most rows were known before they ended, and no earlier ones were: are columns exchanged?"
    return ""


def _emptied(new: Profile, past: Sequence[Profile]) -> str:
    for name, forms in new.get("forms", {}).items():
        before: Counter[str] = Counter()
        for one in past:
            before.update(one.get("forms", {}).get(name, {}))
        rows, usual = sum(forms.values()), before.total()
        if rows >= _FEW and usual >= _FEW and not before["empty"] and forms.get("empty", 0) / rows >= _HALF:
            return f"the column {name} is mostly empty, and never was"
    return ""


def _retyped(new: Profile, past: Sequence[Profile]) -> str:
    """Much of a column is of another type or pattern, and rows were read all the same."""
    if new.get("aside", 0) == new.get("read", 0):
        return ""  # nothing would be taken
    for name, other, filled in _other_forms(new, past):
        if other >= 2 and other / filled > _ASIDE:
            return f"the column {name} is written in another way in {other:,} of {filled:,} rows"
    return ""


def _other_forms(new: Profile, past: Sequence[Profile]) -> list[tuple[str, int, int]]:
    """Give the columns with values of a form no earlier file had: how many, and of how many."""
    found = []
    for name, forms in new.get("forms", {}).items():
        known = {form for one in past for form, n in one.get("forms", {}).get(name, {}).items() if n}
        filled = {form: n for form, n in forms.items() if form != "empty" and n}
        other = sum(n for form, n in filled.items() if form not in known)
        if known - {"empty"} and other:
            found.append((name, other, sum(filled.values())))
    return found


def _codes(new: Profile, past: Sequence[Profile]) -> str:
    for name, codes in new.get("codes", {}).items():
        before, rows = _rows(past, name), codes.get("rows", 0)
        fresh = _unseen(codes, past, name)
        if not before or not rows or not fresh:
            continue
        plain = {key[4:] for one in past for key in one.get("codes", {}).get(name, {}).get("seen", {})}
        near = sum(n for key, n in fresh.items() if key in codes.get("near", ()) or key[4:] in plain)
        if near:
            return f"{near:,} rows' codes in the column {name} differ in spelling only from known ones"
        took = sum(one["codes"][name]["default"] for one in past if name in one.get("codes", {})) / before
        new_share = sum(fresh.values()) / rows
        if min(rows, before) >= _FEW and new_share > _HALF:
            return f"{per_cent(new_share)} of rows have codes in the column {name} that this feed never had"
        if min(rows, before) >= _FEW and codes["default"] / rows - took > _HALF:
            return (
                f"{per_cent(codes['default'] / rows)} of rows took the mapping's default in the column {name}"
            )
    return ""


def _unseen(codes: dict[str, Any], past: Sequence[Profile], name: str) -> dict[str, int]:
    seen = {key for one in past for key in one.get("codes", {}).get(name, {}).get("seen", {})}
    return {key: n for key, n in codes.get("seen", {}).items() if key not in seen}


def _rows(past: Sequence[Profile], name: str) -> int:
    return sum(int(one.get("codes", {}).get(name, {}).get("rows", 0)) for one in past)


def _square(text: str) -> tuple[int, int]:
    east, north = text.split()
    return int(east), int(north)


def _around(past: Sequence[Profile]) -> set[tuple[int, int]]:
    held = [_square(square) for one in past for square in one.get("squares", {})]
    return {(e + i, n + j) for e, n in held for i in (-1, 0, 1) for j in (-1, 0, 1)}


def _span(one: Profile) -> int:
    if not one.get("first"):
        return 0
    return (date.fromisoformat(one["last"]) - date.fromisoformat(one["first"])).days + 1
