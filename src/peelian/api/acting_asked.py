"""What the routes of acting ask of the policy, the same by API and by page; where what they take is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from peelian.api.acting import Desk
from peelian.api.asking import Asked, asks

Code = Annotated[str | None, Query(max_length=80)]
EntersRegister = Annotated[Asked, Depends(asks("collection", "register"))]
WithdrawsEntry = Annotated[Asked, Depends(asks("alteration", "register"))]
OpensProblem = Annotated[Asked, Depends(asks("collection", "problems"))]
ChangesProblem = Annotated[Asked, Depends(asks("alteration", "problems"))]
Decides = Annotated[Asked, Depends(asks("alteration", "decisions"))]
TakesPack = Annotated[Asked, Depends(asks("disclosure", "tasking pack"))]


def desk_of(asked: Asked) -> Desk:
    """Give where and by whom it is kept."""
    return Desk(asked.ws, asked.actor, asked.purpose)
