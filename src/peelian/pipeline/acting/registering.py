"""Entries of the register for whoever asks: one, a CSV file of them, listed, shown, withdrawn."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from peelian.api.acting import Desk, enter, sound_entry, withdraw
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.register_rules import FIELDS
from peelian.pipeline.context import Context
from peelian.store.catalogue import transaction
from peelian.store.interventions import HeldEntry, add_entry, get_entry, list_entries
from peelian.store.known_areas import known_areas

MOST_ROWS: Final = 10_000
_SAID: Final = 10


@dataclass(frozen=True)
class Imported:
    """What became of a file's rows: entries kept, and by line (the header is line 1) why others were not."""

    kept: tuple[HeldEntry, ...]
    aside: tuple[tuple[int, str], ...]


def desk(ctx: Context) -> Desk:
    """Give where and by whom it is kept."""
    return Desk(ctx.ws, ctx.actor, ctx.purpose)


def entered(ctx: Context, typed: Mapping[str, str]) -> HeldEntry:
    """Enter one intervention as done.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("collection", "register")
    return enter(desk(ctx), typed)


def file_entered(ctx: Context, file: Path, *, good_only: bool = False) -> Imported:
    """Enter all rows of a CSV file, or none; with `good_only` those that are sound.

    Columns are `register_rules.FIELDS`, in any order; what is never needed may be left out.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, or no CSV with these columns.
        Refused: some rows are not sound (each by its line, never its content), and `good_only` is off.
    """
    ctx.allow("collection", "register")
    areas = known_areas(ctx.ws)
    kept: list[HeldEntry] = []
    aside: list[tuple[int, str]] = []
    with transaction(ctx.ws) as conn:
        for line, typed in _rows(file):
            try:
                entry = sound_entry(ctx.ws, typed, areas)
                kept.append(add_entry(conn, ctx.actor, ctx.purpose, entry))
            except (Misuse, Refused) as error:
                aside.append((line, error.what))  # refused before anything of it was written
        if aside and not good_only:
            raise _none_kept(aside)  # and the transaction leaves nothing
    return Imported(tuple(kept), tuple(aside))


def listed(
    ctx: Context, *, area: str | None = None, kind: str | None = None, every: bool = False
) -> list[HeldEntry]:
    """List entries, the newest days first; `every` gives withdrawn ones too.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.consult("consultation", "register", area=area or "")
    return list_entries(ctx.ws, area=area, kind=kind, withdrawn=every)


def shown(ctx: Context, id_: str) -> HeldEntry:
    """Give one entry.

    Raises:
        Forbidden: when the policy says no.
        NotFound: there is none of that id.
    """
    ctx.consult("consultation", "register")
    return get_entry(ctx.ws, id_)


def withdrawn(ctx: Context, id_: str, reason: str) -> HeldEntry:
    """Withdraw an entry with a reason.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("alteration", "register")
    return withdraw(desk(ctx), id_, reason)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not file.is_file():
        raise NotFound("there is no such file", expected="a CSV file")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            _check_columns(reader.fieldnames or [])
            for many, row in enumerate(reader):
                if many >= MOST_ROWS:
                    raise Misuse("the file has too many rows", expected=f"at most {MOST_ROWS:,} at once")
                yield reader.line_num, {k: v or "" for k, v in row.items() if isinstance(k, str)}
    except (csv.Error, UnicodeDecodeError):
        raise Misuse(
            "the file is no CSV in UTF-8", expected=f"a header and rows: {', '.join(FIELDS)}"
        ) from None


def _check_columns(names: object) -> None:
    held = {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
    strange, needed = held - set(FIELDS), {"kind", "area", "start", "end", "dose"} - held
    if strange or needed:
        raise Misuse(
            f"the file has {len(strange)} columns that the register does not know and lacks "
            f"{', '.join(sorted(needed)) or 'none'}",
            expected=", ".join(FIELDS),
        )


def _none_kept(aside: list[tuple[int, str]]) -> Refused:
    said = "; ".join(f"line {line}: {why}" for line, why in aside[:_SAID])
    more = f"; and {len(aside) - _SAID} more" if len(aside) > _SAID else ""
    return Refused(
        f"no row was entered, {len(aside)} cannot be: {said}{more}",
        do="mend the file and enter it again, or enter the sound rows alone with --good-only",
    )
