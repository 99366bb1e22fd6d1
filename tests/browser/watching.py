"""What a page must not do: ask another origin, break the content policy, complain in the console."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page


@dataclass
class Watch:
    """What a page did that it must not do (a broken content policy is a console error)."""

    origin: str
    faults: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Watch a page's requests, console and errors."""
        page.on("request", lambda request: self._request(request.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"blob", "data"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"asked {url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)
