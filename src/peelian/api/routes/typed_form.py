"""What was typed into a small form."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_FIELDS = 20


class Fields:
    """Fields by name; one that was not sent is empty."""

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    def get(self, name: str) -> str:
        """Give what was typed in one field."""
        return self.words.get(name, "")


async def fields(request: Request) -> Fields:
    """Read the fields of a form (64 KiB at most, see `security.MAX_BODY`)."""
    body = (await request.body()).decode(errors="replace")
    try:
        return Fields(dict(parse_qsl(body, max_num_fields=MOST_FIELDS)))
    except ValueError:
        return Fields({})
