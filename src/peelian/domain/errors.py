"""Errors that teach: what happened, what was expected, what to do next. Never a row's content."""

from __future__ import annotations

from collections.abc import Sequence

_TYPED = ("peelian ", "chmod ", "modprobe ")
"""What is typed as it stands, and so keeps its small letter at the beginning of a sentence."""


class PeelianError(Exception):
    """Root of every error shown to a user.

    `what` happened, what was `expected` (with the choices), what to `do` next. None of the three may
    hold a value taken from a data row.
    """

    exit_code = 1
    http_status = 500

    def __init__(self, what: str, *, expected: str = "", do: str = "") -> None:
        self.what, self.expected, self.do = what, expected, do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message in one line.

        >>> Misuse("--every year is not known", expected="month, week, day", do="choose one").sentence
        '--every year is not known. Expected: month, week, day. Choose one.'
        """
        parts = [self.what.rstrip(".") + "."]
        if self.expected:
            parts.append(f"Expected: {self.expected.rstrip('.')}.")
        if self.do:
            parts.append(_begun(self.do.rstrip(".")) + ".")
        return " ".join(parts)


class Misuse(PeelianError):
    """The command or request itself is wrong: exit 2, HTTP 422."""

    exit_code = 2
    http_status = 422


class Refused(PeelianError):
    """The data cannot be taken or used as asked: exit 3, HTTP 409."""

    exit_code = 3
    http_status = 409


class LacksColumns(Refused):
    """A file lacks columns that are needed; `columns` are those it has, as they may be said."""

    def __init__(
        self, what: str, *, expected: str = "", do: str = "", missing: Sequence[str] = (),
        columns: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(what, expected=expected, do=do)
        self.missing, self.columns = tuple(missing), tuple(columns)


class NotFound(PeelianError):
    """Something named does not exist here: exit 2, HTTP 404."""

    exit_code = 2
    http_status = 404


class Forbidden(PeelianError):
    """The actor may not do this for this purpose: exit 2, HTTP 403."""

    exit_code = 2
    http_status = 403


class Unrecognised(Forbidden):
    """Nobody knows the credential: exit 2, HTTP 401."""

    http_status = 401


class TooLarge(Misuse):
    """More than is taken at once: exit 2, HTTP 413."""

    http_status = 413


class Fault(PeelianError):
    """Our own failure, or the machine's: exit 1, HTTP 500."""


class NotNow(Fault):
    """The database does not answer; the same request may be sent again later: exit 1, HTTP 503."""

    http_status = 503


def _begun(do: str) -> str:
    return do if do.startswith(_TYPED) else do[:1].upper() + do[1:]
