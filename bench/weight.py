"""What a first visit weighs on the wire, in a real browser with nothing kept."""

import os
from pathlib import Path
from typing import Any

from bench.figures import Figure, Figures
from bench.site import Site

CHROMIUMS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PHONE = {"width": 390, "height": 844}
KINDS = ("Document", "Stylesheet", "Script", "Font", "Image")

THREADS = ("200",)


def chromium() -> str | None:
    """Where this machine has a Chromium, or None."""
    browser = os.environ.get("CHROMIUM") or next(filter(os.path.exists, CHROMIUMS), None)
    return browser if browser and Path(browser).exists() else None


def measure(site: Site) -> Figures:
    """Kilobytes in all and by kind, headers included."""
    browser = chromium()
    if browser is None:
        print("  not measured, for want of Chromium")
        return
    url = f"http://127.0.0.1:{site.dialog.port}/threads/{site.ground.threads['200']}"
    files = _visit(browser, url)
    yield Figure("weight.cold", sum(weight for _kind, weight in files.values()) / 1000, "kB", 150)
    for kind in KINDS:
        found = [weight for its_kind, weight in files.values() if its_kind == kind]
        yield Figure(f"weight.{kind.lower()}", sum(found) / 1000, "kB")
    yield Figure("weight.files", len(files), "files")


def _visit(browser: str, url: str) -> dict[str, tuple[str, int]]:
    """Kind and bytes on the wire of everything that a first visit fetches, by its address."""
    from playwright.sync_api import sync_playwright

    kinds: dict[str, tuple[str, str]] = {}
    weights: dict[str, int] = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
        wire = page.context.new_cdp_session(page)

        def answered(event: dict[str, Any]) -> None:
            kinds[event["requestId"]] = (event["type"], event["response"]["url"])

        def finished(event: dict[str, Any]) -> None:
            weights[event["requestId"]] = int(event["encodedDataLength"])

        wire.on("Network.responseReceived", answered)
        wire.on("Network.loadingFinished", finished)
        wire.send("Network.enable")
        page.goto(url, wait_until="load")
        page.wait_for_timeout(1000)
        chromium.close()
    return {
        kinds[number][1]: (kinds[number][0], weight)
        for number, weight in weights.items()
        if number in kinds
    }
