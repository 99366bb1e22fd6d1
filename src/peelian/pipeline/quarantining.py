"""Rows put aside: what there is, what a rule would mend, taking them again, dropping them."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from peelian.domain.contracts import RawFile, Source
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.ingest.door import Door
from peelian.ingest.replay import AsideFile, AsideRow, Replayed, from_fields, replay, try_again
from peelian.ingest.take import Caller
from peelian.pipeline.context import Context
from peelian.pipeline.mending import MendingRule
from peelian.sources import SOURCES
from peelian.sources.table.kept import CODES, NEVER
from peelian.store.catalogue import Row, transaction
from peelian.store.mappings import held_mapping
from peelian.store.quarantine import AsideGroup, Choice, files_of, groups_aside, mark, rows_aside

DROP_WHY: Final = ("test-record", "out-of-scope", "cannot-be-mended", "mended-file-taken", "not-wanted")


@dataclass
class Mending:
    """What a rule did, or would do."""

    chosen: int = 0
    done: Replayed = field(default_factory=Replayed)
    need_file: Counter[str] = field(default_factory=Counter)  # by the file's name
    matched: int = 0  # files that were read again, or whose kept fields were

    @property
    def passed(self) -> int:
        """How many rows pass."""
        return self.done.bins.accepted + self.done.bins.duplicate + self.done.bins.revised


def list_aside(ctx: Context, choice: Choice) -> list[AsideGroup]:
    """Give what is put aside by source, force and reason.

    Raises:
        Forbidden: when the actor may not.
    """
    ctx.consult("consultation", "rows put aside")
    return groups_aside(ctx.ws, choice)


def codes_aside(ctx: Context, choice: Choice, *, most: int = 20) -> dict[str, list[tuple[str, int]]]:
    """Give for each field of codes the most frequent values among the rows chosen: what a rule may map."""
    ctx.consult("consultation", "codes of rows put aside")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in rows_aside(ctx.ws, choice):
        for name in CODES:
            if one.fields and one.fields.get(name) is not None:
                found[name][str(one.fields[name])] += 1
    return {name: counts.most_common(most) for name, counts in found.items()}


def try_rule(ctx: Context, rule: MendingRule, files: Sequence[Path] = ()) -> Mending:
    """Say how many rows a rule would mend; change nothing.

    Raises:
        Misuse, Refused: as `replay_aside`.
    """
    ctx.consult("consultation", "rows put aside")
    return _mend(ctx, rule, files, dry=True)


def replay_aside(ctx: Context, rule: MendingRule, files: Sequence[Path] = ()) -> Mending:
    """Take the rows again that a rule mends, one transaction a file; the rest stay aside.

    Rows are read from what was kept of them, or from `files` where one has the very bytes they came from.

    Raises:
        Misuse: the amended mapping is wrong, or a file is not there.
        Refused: a file given is none that rows were put aside of; the agreement does not hold any more.
    """
    ctx.allow("alteration", "rows put aside")
    return _mend(ctx, rule, files, dry=False)


def drop_aside(ctx: Context, rule: MendingRule, why: str) -> int:
    """Drop the rows a rule chooses: they stay counted as put aside, and what was kept of them goes.

    Raises:
        Misuse: a reason that is not one of `DROP_WHY`.
    """
    if why not in DROP_WHY:
        raise Misuse(
            "that is no reason to drop rows", expected=", ".join(DROP_WHY), do="choose with --because"
        )
    ctx.allow("alteration", "rows put aside")
    rows = [one for one in rows_aside(ctx.ws, _choice(rule)) if rule.chooses(one.fields)]
    with transaction(ctx.ws) as conn:
        dropped = mark(conn, [one.id for one in rows], "dropped")
        ctx.record(conn, "alteration", f"dropped {dropped} rows put aside: {why}")
    return dropped


def _choice(rule: MendingRule) -> Choice:
    source = rule.source.replace("-", "_") if rule.source else None
    return Choice(source, rule.reason, rule.file)


def _mend(ctx: Context, rule: MendingRule, files: Sequence[Path], *, dry: bool) -> Mending:
    out = Mending()
    groups: dict[tuple[str, str, str], list[Row[Any]]] = defaultdict(list)
    for one in rows_aside(ctx.ws, _choice(rule)):
        if rule.chooses(one.fields):
            groups[(one.source, one.sha256, one.options)].append(one)
            out.chosen += 1
    if files and not groups:
        raise NotFound("no row put aside is chosen by this rule", do="see: peelian quarantine list")
    for path in files:
        if not path.exists():
            raise Misuse(f"there is no file {path}", do="check the path")
    if files and rule.set:
        raise Misuse(
            "`set` mends what was kept of a row, not a file", do="leave --file out, or mend the file"
        )
    for (source, sha256, options), rows in groups.items():
        group = _Group(SOURCES[source], sha256, options, rows)
        intake = files_of(ctx.ws, sha256, options, source)[0]
        out.matched += _mend_file(ctx, rule, group, intake, files, out, dry)
    if files and not out.matched:
        raise Refused(
            "none of the files given is one that rows chosen by this rule came from: files are known by hash",
            expected=", ".join(sorted(out.need_file)) + ", unchanged",
            do="give that file; a mended one is taken with: peelian ingest",
        )
    return out


@dataclass(frozen=True)
class _Group:
    source: Source
    sha256: str
    options: str
    rows: list[Row[Any]]


def _mend_file(
    ctx: Context, rule: MendingRule, group: _Group, intake: Row[Any], files: Sequence[Path], out: Mending,
    dry: bool,
) -> bool:  # fmt: skip
    """Mend the rows of one file; say whether there was something to read them from."""
    body = held_mapping(ctx.ws, str((intake.rules or {}).get("mapping_sha256")))
    if body is None:  # a feed of a fixed layout: its mended file is taken as any other
        out.need_file[intake.name] += len(group.rows)
        return False
    with tempfile.TemporaryDirectory(dir=ctx.ws.landing) as name:
        folder = Path(name)
        mapping = _write(folder, rule.amended(body, own_names=not files))
        options = _options(ctx, intake, mapping)
        if files:
            lines = {one.row: AsideRow(one.id, one.row, None) for one in group.rows}
            for raw in group.source.land(list(files), folder, options):
                if raw.sha256 == group.sha256:
                    raw = replace(raw, options=raw.options | options)
                    _take(ctx, group, AsideFile(raw, group.options, lines), out, dry)
                    return True
            out.need_file[intake.name] += len(group.rows)
            return False
        kept = [one for one in group.rows if _whole(one, body)]
        out.need_file[intake.name] += len(group.rows) - len(kept)
        if not kept:
            return False
        mended = [(AsideRow(one.id, one.row, _key(one)), rule.mended(one.fields)) for one in kept]
        blank = RawFile(intake.name, folder, intake.kind, group.sha256)
        raw, lines = from_fields(folder, blank, mended)
        facts = next(iter(group.source.land([raw.path], folder, options))).options
        raw = replace(raw, options=facts | options)
        _take(ctx, group, AsideFile(raw, group.options, lines), out, dry)
        return True


def _take(ctx: Context, group: _Group, file: AsideFile, out: Mending, dry: bool) -> None:
    options = file.raw.options
    if dry:
        out.done.add(try_again(group.source, file, options))
        return
    let_in = Door(ctx.ws, group.source.SPEC, options).options_of(file.raw)
    caller = Caller(ctx.actor, ctx.purpose, let_in, group.options)
    out.done.add(replay(ctx.ws, group.source, file, caller, let_in))


def _options(ctx: Context, intake: Row[Any], mapping: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"now": datetime.now(UTC), "mapping": str(mapping), "force": intake.force}
    if intake.agreement:
        options["agreement"] = intake.agreement
    if at := (intake.rules or {}).get("available_at"):
        options["available_at"] = datetime.fromisoformat(at)
    if ctx.ws.gazetteer.is_file():
        options["gazetteer"] = ctx.ws.gazetteer
    return options


def _write(folder: Path, mapping: dict[str, Any]) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(yaml.safe_dump(mapping, allow_unicode=True))
    return path


def _whole(one: Row[Any], body: dict[str, Any]) -> bool:
    """Say whether all that the mapping reads of the row was kept."""
    return bool(one.fields) and not one.fields.get("left") and not set(NEVER) & set(body["columns"])


def _key(one: Row[Any]) -> tuple[int, int] | None:
    hi = one.fields.get("key_hi")
    return (int(hi), int(one.fields["key_lo"])) if hi is not None else None
