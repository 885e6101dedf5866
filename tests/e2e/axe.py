"""axe-core on a page: what would shut somebody out."""

from playwright.sync_api import Page

from tests.product import ROOT

AXE = ROOT / "bot" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, where: str) -> list[str]:
    """One line for each rule that is broken, with the first element that breaks it."""
    # Evaluated, not added as a script: the page's own policy would rightly refuse a foreign one.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", RULES)
    return [f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]
