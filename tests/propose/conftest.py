"""Every labelled layout as a real file, proposed once for all tests."""

from __future__ import annotations

from typing import Any

import pytest

from peelian.propose.proposal import Proposal
from peelian.propose.propose import propose
from tests.propose.invent import write
from tests.propose.judge import layouts

Pairs = list[tuple[Proposal, dict[str, Any]]]


@pytest.fixture(scope="session")
def unseen(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    """Proposals for the unseen families."""
    folder = tmp_path_factory.mktemp("unseen")
    return [(propose(write(layout, folder)), layout) for layout in layouts("unseen")]
