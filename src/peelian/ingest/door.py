"""The door: before a file's first row is read, is it let in at all, and was it taken before?"""

from __future__ import annotations

from typing import Any

from peelian.domain.contracts import RawFile, SourceSpec
from peelian.ingest.agreed import agree
from peelian.ingest.checksums import without
from peelian.ingest.options import options_digest
from peelian.store.catalogue import reading
from peelian.store.intake import earlier_intake
from peelian.store.workspace import Workspace


class Door:
    """Decides for each landed file, once; `options_of` gives what holds for a file that was let in."""

    def __init__(
        self, ws: Workspace, spec: SourceSpec, options: dict[str, Any], *, summed: bool = False
    ) -> None:
        # `summed`: every file given came with a checksum that holds.
        self._ws, self._spec, self._options, self._summed = ws, spec, options, summed
        self._let_in: dict[tuple[str, str], dict[str, Any]] = {}

    def seen(self, raw: RawFile) -> bool:
        """Say whether these very bytes were taken before with these options.

        Raises:
            Refused: the file may not come in.
        """
        options = self.options_of(raw)
        with reading(self._ws) as conn:
            digest = options_digest(options)
            return earlier_intake(conn, sha256=raw.sha256, options=digest, source=self._spec.id) is not None

    def options_of(self, raw: RawFile) -> dict[str, Any]:
        """Give the command's options, the file's own and the agreement it comes under.

        Raises:
            Refused: the file may not come in.
        """
        key = (raw.sha256, raw.name)
        if key not in self._let_in:
            options = {
                name: value for name, value in self._options.items() if value is not None
            } | raw.options
            if self._options.get("agreement"):  # the command wins over the mapping
                options["agreement"] = self._options["agreement"]
            with reading(self._ws) as conn:
                agreement = agree(conn, self._spec, options)
            if agreement.checksum_required and not self._summed:
                raise without(raw.name)
            options["agreement"] = agreement.id
            self._let_in[key] = options
        return self._let_in[key]
