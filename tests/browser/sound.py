"""What axe finds serious or critical on a page, at the least cost: most of axe's time is contrast."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOKS = """() => [...document.querySelectorAll('body *')].map(one => {
  const look = getComputedStyle(one)
  const seen = one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0
  return [seen, look.color, look.backgroundColor, look.backgroundImage, look.opacity, look.fontSize,
    look.fontWeight, look.position, look.textShadow, look.filter, look.mixBlendMode].join()
})"""
"""All that contrast is worked out from, of every element: equal looks have equal contrast."""
FOUND = """then(all => all.violations
  .filter(one => one.impact === 'serious' || one.impact === 'critical')
  .flatMap(one => one.nodes.map(node => `${one.id}: ${one.help}: ${node.html.slice(0, 200)}`)))"""
ALL = "{resultTypes: ['violations']}"
WITHOUT = "{resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}}"
CONTRAST = "{resultTypes: ['violations'], runOnly: ['color-contrast']}"


def ready(page: Page) -> None:
    """Put axe into a document once."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)


def drawn(page: Page) -> None:
    """Wait until what was changed has been laid out and drawn."""
    page.evaluate("() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")


def looks(page: Page) -> list[str]:
    """Give how every element looks, once what was changed is drawn."""
    drawn(page)
    return list(page.evaluate(LOOKS))


def serious(page: Page, since: list[str] | None = None) -> list[str]:
    """Give what axe finds serious or critical now.

    With the looks of the same page when axe last saw it, contrast is looked at again only where an element
    came to sight or looks otherwise: elsewhere it cannot have changed. All other rules see the whole page.
    """
    ready(page)
    now = looks(page) if since else []
    if since is None or len(since) != len(now):
        return list(page.evaluate(f"axe.run(document, {ALL}).{FOUND}"))
    found = list(page.evaluate(f"axe.run(document, {WITHOUT}).{FOUND}"))
    other = [k for k, (was, new) in enumerate(zip(since, now, strict=True)) if was != new]
    if other:
        nodes = "{const all = document.querySelectorAll('body *'); const include = ks.map(k => all[k])"
        found += page.evaluate(f"ks => {nodes}; return axe.run({{include}}, {CONTRAST}).{FOUND}}}", other)
    return found
