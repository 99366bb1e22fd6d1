"""What became of every row: four bins that add up, file by file."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from peelian.domain.errors import Refused


@dataclass
class Bins:
    """Where rows went. All but `retracted`, which counts rows held before, add up to `read`."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    revised: int = 0
    retracted: int = 0
    quarantined: int = 0

    def add(self, other: Bins) -> None:
        """Add another's counts to these."""
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def balanced(self) -> bool:
        """Whether every row read is in exactly one bin."""
        return self.accepted + self.duplicate + self.revised + self.quarantined == self.read


@dataclass
class FileReport:
    """One file."""

    file: str
    kind: str
    sha256: str
    bins: Bins
    reasons: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    snapshot: int | None = None  # made for it; None where the ledger stayed as it was


@dataclass
class IngestReport:
    """All files of one ingest. `refused` files took nothing and hold up no other."""

    files: list[FileReport] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # by the source

    @property
    def total(self) -> Bins:
        """The sum over files."""
        total = Bins()
        for one in self.files:
            total.add(one.bins)
        return total

    @property
    def reasons(self) -> dict[str, int]:
        """How many rows were put aside for each reason."""
        return dict(sum((one.reasons for one in self.files), Counter[str]()))

    @property
    def notices(self) -> list[str]:
        """What a person should know beside the counts."""
        return self.said + [f"{one.file}: {notice}" for one in self.files for notice in one.notices]

    def to_json(self) -> dict[str, Any]:
        """Give the answer `--json` prints."""
        files = []
        for one in self.files:
            bins = asdict(one.bins)
            del bins["retracted"]
            files.append({"file": one.file, "kind": one.kind, "sha256": one.sha256} | bins)
        return {"files": files, "total": asdict(self.total)}


class PartlyRefused(Refused):
    """Some files were refused; the others were taken, as `report` says."""

    def __init__(self, report: IngestReport) -> None:
        first = report.refused[0]
        others = len(report.refused) - 1
        more = f" ({others} more files were refused too)" if others else ""
        done = f"; the other {len(report.files)} files were taken" if report.files else ""
        super().__init__(first.what.rstrip(".") + more + done, expected=first.expected, do=first.do)
        self.report = report
