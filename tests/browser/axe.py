"""axe-core in a page: what hinders people who do not see, hear or point as others do."""

from functools import cache

from playwright.sync_api import Page

from tests import servers

AXE = servers.ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async (tags) => {
    const found = await axe.run(document, {
        runOnly: { type: "tag", values: tags },
        resultTypes: ["violations"],
        preload: false,
    });
    return found.violations.map((one) =>
        `${one.id}: ${one.help}\\n` + one.nodes.map((node) => `    ${node.html}`).join("\\n"));
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@cache
def _source() -> str:
    if not AXE.exists():
        servers.cannot_have("axe-core")
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one text for each rule; empty when all is well."""
    # Through the debugger, which the content security policy does not concern.
    page.evaluate(_source())
    found: list[str] = page.evaluate(RUN, list(TAGS))
    return found


def complaints(page: Page) -> list[str]:
    """What is wrong with the page on a desktop, on a phone, and 320 pixels wide."""
    told: list[str] = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        told += [f"{width} px: {one}" for one in violations(page)]
    page.set_viewport_size({"width": 320, "height": 800})
    if page.evaluate(WIDER):
        told.append(f"320 px: wider than the screen by {page.evaluate(WIDER)}")
    return told
