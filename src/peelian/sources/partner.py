"""What partners' feeds share: a mapping (theirs, or the one shipped for the sample layout) read as a table.

A feed is a module of a few lines: what it is, which groups it may give, which marks it implies. The rest is
the machinery of source `table`, so that a partner's file is read, checked and set aside as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec, Table
from peelian.domain.errors import Misuse
from peelian.sources.fictional import check_fictional
from peelian.sources.notices import notice
from peelian.sources.table.landing import land as land_tables
from peelian.sources.table.load import load_mapping, shipped_path
from peelian.sources.table.mapping import Mapping as Mapped
from peelian.sources.table.parsing import MakeBatch, check_feed, parse_by
from peelian.sources.table.rows import batch_of


@dataclass(frozen=True)
class Feed:
    """One partner's feed. `groups` it may give (of patrols and sites: any of their kinds when empty).

    `needs` are our names of columns without which it says nothing, `one_of` those of which one will do;
    `bars` those it may not have, and why. `implied` are marks of every row where the mapping says nothing.
    `speaks_of_all`: a file with no row of a group
    says there was none; not so where several authorities each send a part.
    """

    spec: SourceSpec
    groups: frozenset[str] = frozenset()
    table: Table = "events"
    make: MakeBatch = batch_of
    needs: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    bars: Mapping[str, str] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)
    speaks_of_all: bool = True

    def land(self, paths: list[Path], landing: Path, options: dict[str, Any]) -> Iterator[RawFile]:
        """Give each file to parse, in a fixed order.

        Raises:
            Misuse: for a mapping that is wrong, or not of this feed.
            Refused: when there is no table, or for a hostile or damaged archive.
        """
        mapping = self.mapping(options)
        if not options.get("mapping") and not options.get("force"):
            notice(options, f"no force was given: the rows are the fictional {mapping.force}'s")
        where = options.get("mapping") or str(shipped_path(self.spec.id))
        for raw in land_tables(paths, landing, options | {"mapping": where}):
            facts = raw.options if self.speaks_of_all else raw.options | {"groups": []}
            yield replace(raw, kind=self.table.replace("_", "-"), options=facts)

    def parse(self, raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
        """Give the file's rows, each exactly once, accepted or rejected with its reason.

        Raises:
            Misuse: for a mapping that is wrong, or not of this feed.
            Refused: when it is no table, lacks a mapped column, or holds what this feed may not.
        """
        unsaid = not options.get("mapping") and not options.get("force")
        for batch in parse_by(raw, options, self.mapping(options), self.make):
            check_fictional(batch, raw.name, sure=not unsaid)
            yield batch

    def mapping(self, options: dict[str, Any]) -> Mapped:
        """Give the mapping, checked against what this feed may be.

        Raises:
            Misuse: it is of another feed, gives another group, or lacks or has a column it must not.
        """
        mapping, _ = load_mapping(options.get("mapping") or shipped_path(self.spec.id))
        check_feed(mapping, self.spec.id)
        self._check_shape(mapping)
        self._check_groups(mapping)
        self._check_columns(mapping)
        silent = {m: v for m, v in self.implied.items() if not self._says(mapping, m)}
        return mapping.model_copy(update={"constants": {**silent, **mapping.constants}})

    @property
    def _name(self) -> str:
        return self.spec.id.replace("_", "-")

    def _says(self, mapping: Mapped, name: str) -> bool:
        given = bool(getattr(mapping.columns, name, None)) or name in mapping.constants
        return given or getattr(mapping, name, None) is not None

    def _check_shape(self, mapping: Mapped) -> None:
        shape = {"area_counts": "area", "patrols": "kind", "sites": "kind"}.get(self.table)
        for name, words in (("area", "counts of areas"), ("kind", "patrols or places")):
            if bool(getattr(mapping.columns, name)) != (name == shape):
                raise Misuse(
                    f"the mapping reads {'no ' if name == shape else ''}{words}, "
                    f"and {self._name} holds {self.table.replace('_', ' ')}",
                    expected=f"columns.{shape}" if shape else "columns.offence, or an offence all rows share",
                    do=_DO.format(self.spec.id),
                )

    def _check_groups(self, mapping: Mapped) -> None:
        other = sorted(set(mapping.codes.values()) - self.groups) if self.groups else []
        if other:
            raise Misuse(
                f"{self._name} may not give {', '.join(other)}",
                expected=f"codes to {', '.join(sorted(self.groups))}",
                do="leave those codes out: their rows are set aside; or use the feed they belong to",
            )

    def _check_columns(self, mapping: Mapped) -> None:
        missing = [name for name in self.needs if not self._says(mapping, name)]
        if missing:
            raise Misuse(
                f"the mapping does not say {', '.join(missing)}",
                expected=", ".join(f"columns.{name}" for name in self.needs), do=_DO.format(self.spec.id),
            )  # fmt: skip
        for names in self.one_of:
            if not any(self._says(mapping, name) for name in names):
                raise Misuse(
                    f"the mapping says neither {' nor '.join(names)}",
                    expected="one of them", do=_DO.format(self.spec.id),
                )  # fmt: skip
        for name, why in self.bars.items():
            if self._says(mapping, name):
                raise Misuse(f"{self._name} may not have {name}: {why}", do="leave it out")


_DO = "see docs/sources/{}.md"
