"""A worker outlives its database: it waits while none answers, and then goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Final, TypeVar

import structlog

from peelian.domain.errors import NotNow
from peelian.store.reachable import reachable

log = structlog.get_logger()
Given = TypeVar("Given")
_BACK_S: Final = (0.5, 1.0, 2.0, 5.0)


def when_it_answers(act: Callable[[], Given], wanted: Callable[[], bool]) -> Given | None:
    """Give what `act` gives, tried again for as long as the records database does not answer.

    `act` must bear to be done twice. None when it is no longer `wanted`.
    """
    failed = 0
    while wanted():
        try:
            with reachable():
                return act()
        except NotNow as error:
            if not failed:
                log.warning("worker waits", kind=type(error).__name__)
            sleep(_BACK_S[min(failed, len(_BACK_S) - 1)])
            failed += 1
    return None
