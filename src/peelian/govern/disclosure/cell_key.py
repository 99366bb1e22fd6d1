"""Cell-key noise: a count gets the same small change wherever the same records stand behind it.

Thompson, Broadfoot and Elazar 2013 (Australian Bureau of Statistics): each record has a key, a cell's key is
the sum of its records' keys, and the cell key looks the change up. Asking again gives the same answer, so
averaging tells nothing. Record keys are HMAC-SHA256 of the record's own key under a secret of the workspace.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

KEYS: Final = 256
WIDEST: Final = 2
"""The greatest change, either way."""
_SHARES: Final = {-2: 32, -1: 56, 0: 80, 1: 56, 2: 32}
"""How many of the 256 cell keys give which change: unbiased, standard deviation 1.2."""


def changes() -> Ints:
    """Give the change for each cell key, (256,): the table of changes (p-table)."""
    return np.repeat(np.array(list(_SHARES)), list(_SHARES.values())).astype(np.int64)


def record_keys(secret: bytes, records: Iterable[str]) -> Ints:
    """Give a key from 0 to 255 for each record, by its own stable key."""
    digests = (hmac.digest(secret, record.encode(), "sha256")[0] for record in records)
    return np.fromiter(digests, np.int64)


def noised(counts: Ints, cell_keys: Ints) -> Ints:
    """Change counts, (C,), by their cell keys, (C,): sums of record keys. None falls below 0, and 0 stays 0.

    >>> noised(np.array([0, 20]), np.array([3, 3]))
    array([ 0, 18])
    """
    changed = np.maximum(counts + changes()[cell_keys % KEYS], 0)
    return np.where(counts == 0, 0, changed)
