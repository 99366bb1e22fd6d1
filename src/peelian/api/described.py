"""What every address may answer beside its own: in the API's description, so that nothing is a surprise."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel


class Problem(BaseModel):
    """What happened, what was expected, what to do; `message` is all three in one line."""

    what: str
    expected: str
    do: str
    message: str


_SAID: Final = {
    400: "The request is not one that can be read.",
    401: "Nobody is signed in.",
    403: "Not allowed for this purpose, or sent from another site.",
    404: "There is no such thing here.",
    405: "This address does not take this method.",
    409: "The records do not allow it as asked.",
    413: "More than is taken at once.",
    415: "A kind of body that is not read here.",
    422: "A part of the request cannot be used.",
    429: "Too many requests from this address.",
    503: "The records database does not answer now; the same request may be sent again.",
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": said} for status, said in _SAID.items()
}
