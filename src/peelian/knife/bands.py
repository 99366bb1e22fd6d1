"""From what clauses say to one band a text, with the words that decided it."""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.knife.vocabulary import ACTS, NO_MENTION, OBJECTS, RANK, SET_ASIDE

_HELD: Final = pl.col("thing") | pl.col("struck") | pl.col("wound") | pl.col("puncture") | pl.col("say")
_STRONG: Final = pl.col("threat") | pl.col("held") | pl.col("struck")
_DONE: Final = pl.col("attack") | pl.col("threat") | pl.col("held") | pl.col("shown")


def _aside() -> dict[str, pl.Expr]:
    """Why a clause's mention does not count, most telling first."""
    c = pl.col
    accident = c("whole_accident") & ~c("whole_assailant")
    mistaken = c("undone") | c("reported") | c("whole_undone") | c("whole_harmless") | c("whole_thought")
    return {
        "mistaken or cancelled": mistaken & ~c("whole_real_after"),
        "past": c("past") & ~c("say") & ~c("again"),
        "supposed": c("supposed"),
        "self-harm": c("whole_self_harm") & ~c("whole_others"),
        "accident": accident,
        "property only": (c("property") & ~c("person")) | (c("break_in") & c("W_TOOL") & ~_STRONG),
        "play or screen": c("play") & ~(c("attack") | c("struck")),
        "kitchen or work": c("work") & c("thing") & ~(_DONE | c("struck") | c("wound") | c("yes")),
        "found or stolen": c("found") & c("thing") & ~(_DONE | c("struck") | c("wound") | c("whole_cut")),
    }  # fmt: skip


def _act() -> pl.Expr:
    """What a standing clause says was done, strongest first; null for nothing."""
    c = pl.col
    # A knife at hand says something; a screwdriver or a glass at hand does not.
    seen = c("W_KNIFE") | c("W_LARGE")
    return pl.coalesce(
        pl.when(c("wound") | (c("puncture") & c("whole_assailant"))).then(pl.lit("wound")),
        pl.when(c("struck") | c("held") | (c("thing") & c("attack"))).then(pl.lit("used")),
        pl.when(c("form_weapon")).then(pl.lit("used")),
        pl.when(c("believed") & c("thing") & ~c("whole_remote")).then(pl.lit("believed")),
        pl.when(c("thing") & c("threat")).then(pl.lit("threat")),
        pl.when(c("yes")).then(pl.lit("form says yes")),
        pl.when(c("felt") & c("thing")).then(pl.lit("believed")),
        pl.when(c("thing") & c("say") & ~c("whole_remote")).then(pl.lit("threat")),
        pl.when(seen & c("shown")).then(pl.lit("threat")),
        pl.when(seen & ~c("whole_remote") & (c("present") | (c("found") & c("whole_cut")))).then(
            pl.lit("present")
        ),
        pl.when(c("say") | (c("thing") & c("whole_remote"))).then(pl.lit("verbal threat")),
        pl.when(c("thing")).then(pl.lit("mention")),
    )


def bands(flags: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Give [row, knife, why] for every one of `rows` texts, in order. `flags` from `evidence.flagged`."""
    aside = pl.coalesce(pl.when(test & _HELD).then(pl.lit(name)) for name, test in _aside().items())
    negated = pl.when(pl.col("whole_none")).then(pl.lit("negated"))
    named = pl.when(pl.col("whole_name")).then(pl.lit("name or saying"))
    found = flags.with_columns(aside=aside).with_columns(
        act=pl.when(pl.col("aside").is_null()).then(_act()), either=pl.coalesce("aside", negated, named)
    )
    order = {act: place for place, act in enumerate(ACTS)}
    thing = pl.concat_list(pl.when(pl.col(t)).then(pl.lit(w)) for t, w in OBJECTS.items()).list.drop_nulls()
    best = (
        found.filter(pl.col("act").is_not_null())
        .with_columns(place=pl.col("act").replace_strict(order, return_dtype=pl.Int8), thing=thing)
        .sort("row", "place", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("act").first(),
            pl.col("thing")
            .list.explode(keep_nulls=False, empty_as_null=False)
            .unique(maintain_order=True)
            .alias("things"),
            pl.col("act").unique(maintain_order=True).alias("acts"),
        )
    )
    other = found.group_by("row").agg(pl.col("either").drop_nulls().unique().sort().alias("asides"))
    every = pl.DataFrame({"row": pl.int_range(rows, dtype=pl.UInt32, eager=True)})
    table = every.join(best, on="row", how="left").join(other, on="row", how="left").sort("row")
    band = pl.col("act").replace_strict(RANK, return_dtype=pl.String).fill_null("none")
    return table.select("row", knife=band, why=_why())


def _why() -> pl.Expr:
    things = pl.col("things").list.join(", ")
    act = pl.col("acts").list.join("; ") + pl.when(things != "").then(pl.lit(": ") + things).otherwise(
        pl.lit("")
    )
    asides = pl.when(pl.col("asides").list.len() > 0).then(
        pl.lit("not counted: ") + pl.col("asides").list.join(", ")
    )
    return pl.concat_str(
        pl.when(pl.col("act").is_null() & asides.is_null()).then(pl.lit(NO_MENTION)).otherwise(act), asides,
        separator="; ", ignore_nulls=True,
    )  # fmt: skip


assert set(RANK) == set(ACTS)
assert SET_ASIDE
