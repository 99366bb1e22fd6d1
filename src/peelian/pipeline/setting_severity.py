"""Weights of harm by kind of offence (such as the ONS Crime Severity Score), from a local table."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse, Refused
from peelian.domain.offence import GROUPS
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.pipeline.setting_table import headed, lines_not
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

FORM: Final = """group,weight,source,year
violence,120.5,where the weights come from,2024
robbery,700,where the weights come from,2024
"""
BY_CODE: Final = (
    "or, by code, code,group,weight,offences,source,year: a group's weight is then the mean over its codes, "
    "each as often as it was recorded (offences)"
)
_LONGEST: Final = 200


@dataclass(frozen=True)
class Severity:
    """Weights by group, of one source and year. Units are the source's own: only ratios mean anything."""

    weights: dict[str, float]
    source: str
    year: int

    def of(self, groups: tuple[str, ...]) -> dict[str, float]:
        """Give the weights of a target's groups.

        Raises:
            Refused: a group has none: it would count as harmless.
        """
        missing = [name for name in groups if name not in self.weights]
        if missing:
            raise Refused(
                f"the harm weights held say nothing of {', '.join(missing)}",
                expected=f"a weight for each of {', '.join(groups)}",
                do="add them to the file and import it again: peelian context import severity FILE.csv",
            )
        return {name: self.weights[name] for name in groups}


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read the weights (CSV); they replace what was held.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, or a row that is none; lines are named, never their content.
    """
    ctx.allow("collection", "harm weights")
    rows = _read(path)
    made = _severity(rows)
    held = _path(ctx)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    temporary.write_text(json.dumps(asdict(made), indent=1))
    temporary.rename(held)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "severity", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"{rows.height} harm weights")
    tick("done", 1.0)
    counts = dict(sorted(rows["group"].value_counts().iter_rows()))
    return Imported("severity", path.name, digest, counts, replaced)


def severity_held(ctx: Context) -> Severity:
    """Give the weights held.

    Raises:
        Refused: none are; says what to import.
    """
    path = _path(ctx)
    if not path.is_file():
        raise Refused(
            "no harm weights are held here, and Peelian ships none",
            expected=f"a CSV such as\n{FORM}{BY_CODE}",
            do="take them from a published source (the ONS Crime Severity Score, for one), then: "
            "peelian context import severity FILE.csv",
        )
    body = json.loads(path.read_text())
    return Severity(body["weights"], body["source"], int(body["year"]))


def _path(ctx: Context) -> Path:
    return ctx.ws.home / "settings" / "severity.json"


def _read(path: Path) -> pl.DataFrame:
    raw = headed(path, {"group", "weight", "source", "year"})
    if raw is None:
        raise _wrong("no table of weights can be read there, or it lacks a column, or has no rows")
    by_code = "code" in raw.columns
    if by_code and "offences" not in raw.columns:
        raise _wrong("weights by code need a column offences: how often each was recorded")
    columns = ["group", "weight", "source", "year", *(["code", "offences"] if by_code else [])]
    text = raw.select(pl.col(columns).str.strip_chars())
    rows = text.with_columns(
        group=pl.col("group").str.to_lowercase(),
        weight=pl.col("weight").str.replace_all(",", "").cast(pl.Float64, strict=False),
        year=pl.col("year").cast(pl.Int64, strict=False),
    )
    if by_code:
        count = pl.col("offences").str.replace_all(",", "").cast(pl.Float64, strict=False)
        rows = rows.with_columns(offences=count)
    else:
        rows = rows.with_columns(code=pl.lit(""), offences=pl.lit(1.0))
    _check(rows)
    return rows


def _check(rows: pl.DataFrame) -> None:
    good = (
        pl.col("group").is_in(list(GROUPS))
        & pl.col("weight").is_finite() & (pl.col("weight") > 0)
        & pl.col("offences").is_finite() & (pl.col("offences") > 0)
        & pl.col("year").is_between(1950, 2100)
        & pl.col("source").str.len_chars().is_between(1, _LONGEST)
        & pl.struct("group", "code").is_first_distinct()
    )  # fmt: skip
    if bad := lines_not(rows.select(good.alias("good"))["good"]):
        raise _wrong(f"{bad} of the weights: no weight of a group, or one said twice")
    if rows.select("source", "year").n_unique() > 1:
        raise _wrong("the weights are of several sources or years, which do not share a unit")


def _severity(rows: pl.DataFrame) -> Severity:
    mean = (pl.col("weight") * pl.col("offences")).sum() / pl.col("offences").sum()
    by_group = rows.group_by("group").agg(mean.alias("weight")).sort("group")
    weights = {str(name): float(weight) for name, weight in by_group.iter_rows()}
    return Severity(weights, str(rows["source"][0]), int(rows["year"][0]))


def _wrong(what: str) -> Misuse:
    return Misuse(
        what,
        expected=f"a CSV such as\n{FORM}{BY_CODE}; groups are {', '.join(GROUPS)}",
        do="correct the file and import it again",
    )
