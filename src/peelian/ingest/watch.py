"""Watch over a feed: a file that does not look like those before it is held for review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec
from peelian.domain.errors import LacksColumns, Refused
from peelian.ingest.drift import Profile, drift, since_accepted
from peelian.ingest.profile import ProfileMaker
from peelian.ingest.shape_drift import likely_names, shape_drift, shape_notices
from peelian.store.catalogue import Connection
from peelian.store.profiles import add_profile, past_profiles


def verdict(new: Profile, past: Sequence[Profile]) -> tuple[list[str], list[str]]:
    """Say for what a file must be held for review, and what else of it changed; `past` is oldest first."""
    if not past:
        return [], []
    return [*shape_drift(new, past), *drift(new, past)], shape_notices(new, past)


class FeedWatch:
    """One file's profile, and the check against its feed's past. Editions are checked by their own rules."""

    def __init__(self, spec: SourceSpec, raw: RawFile, options: dict[str, Any]) -> None:
        self._spec, self._raw, self._accepted = spec, raw, bool(options.get("accept_drift"))
        self._maker: ProfileMaker | None = ProfileMaker()
        self._force = ""
        self.notices: list[str] = []  # of the last check
        rules = raw.options.get("rules") or {}
        self._kind = str(rules.get("mapping_source") or raw.kind)[:40]
        # Where the file's name says what its rows are, each kind of file is a feed of its own.
        by_file = (raw.options.get("mapping_body") or {}).get("offence_by_file") or {}
        word = next((word for word in by_file if word in raw.name), "")
        self._kind = f"{self._kind[:24]}/{word[:15]}" if word else self._kind

    def add(self, batch: ParsedBatch) -> None:
        """Take a batch in."""
        if batch.edition is not None:
            self._maker = None
        if self._maker is not None:
            self._force = batch.force
            self._maker.add(batch)

    def check(self, conn: Connection) -> None:
        """Compare with the feed's past.

        Raises:
            Refused: what shifted, and how to take the file all the same.
        """
        if self._maker is None or self._accepted:
            return
        past, profile = self._past(conn), self._maker.profile()
        said, self.notices = verdict(profile, past)
        if said:
            raise Refused(
                f"{self._raw.name} is held for review, it does not look like this feed's earlier files: "
                + "; ".join(said),
                expected="a file like those before it",
                do="look at it; if it is right, take it with --accept-drift",
            )

    def explain(self, conn: Connection, refused: LacksColumns) -> Refused:
        """Add under which new name a missing column may stand, by the columns earlier files had."""
        self._force = self._force or str(self._raw.options.get("force") or "")
        guess = likely_names(refused.missing, refused.columns, self._past(conn))
        if not guess:
            return refused
        return Refused(f"{refused.what}; {guess}", expected=refused.expected, do=refused.do)

    def _past(self, conn: Connection) -> list[Profile]:
        past = past_profiles(conn, source=self._spec.id, force=self._force, kind=self._kind)
        return since_accepted(past)

    def keep(self, conn: Connection, controller: str) -> None:
        """Keep the profile, in the file's own transaction."""
        if self._maker is not None and self._force:
            profile = self._maker.profile() | ({"accepted_drift": True} if self._accepted else {})
            add_profile(
                conn, source=self._spec.id, controller=controller, force=self._force, kind=self._kind,
                sha256=self._raw.sha256, profile=profile,
            )  # fmt: skip
