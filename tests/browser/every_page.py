"""Every page a person can open: the fixed ones, and one of each kind that has a name of its own."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page

FIXED: Final = (
    "/", "/list", "/briefing", "/warnings", "/plans", "/problems", "/interventions", "/actions", "/decisions",
    "/today", "/corrections", "/data", "/forces", "/evaluation", "/model", "/audit", "/releases", "/returns",
    "/search?q=mill", "/start", "/help", "/glossary", "/help?lang=cy", "/use-your-own-data",
    "/transparency", "/challenges", "/warnings?status=closed", "/nowhere", "/plans/nowhere", "/sign-out",
)  # fmt: skip
LINKED: Final = (
    ("/list", "a[href*='/places/']"), ("/warnings", "main a[href^='/warnings/']"),
    ("/plans", "main a[href^='/plans/']"), ("/problems", "main a[href^='/problems/']"),
    ("/returns", "main a[href^='/returns/']"),
)  # fmt: skip
"""Where the first of each kind is linked from."""
UNDER: Final = {"/plans/": ("/print",), "/problems/": ("/tasking",)}


def found_pages(page: Page, address: str) -> list[str]:
    """Give every page's path at an address: the fixed ones and the first of each kind that is there."""
    paths = list(FIXED)
    for start, link in LINKED:
        page.goto(address + start)
        first = page.locator(link)
        if first.count():
            paths.append(path := (first.first.get_attribute("href") or "").removeprefix(address))
            paths += [
                path.split("?")[0] + tail
                for key, tails in UNDER.items()
                if path.startswith(key)
                for tail in tails
            ]
            if "/places/" in path:
                paths.append(path.split("?")[0] + "/lineage")
    return [one for one in paths if one.startswith("/")]
