"""A page in the hands of somebody who has no mouse."""

from datetime import date

from playwright.sync_api import Locator, Page

STEPS = 200  # tabs before we say that it cannot be reached
SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
}"""
FOCUSED = "one => one === document.activeElement"


def tab_to(page: Page, target: Locator) -> None:
    """Tabs on until `target` has the focus, which must be seen."""
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        if target.evaluate(FOCUSED):
            assert page.evaluate(SEEN), f"no visible focus on {target}"
            return
    raise AssertionError(f"{target} cannot be reached by Tab")


def tab_to_back(page: Page, target: Locator) -> None:
    """Tabs backwards to `target`."""
    for _step in range(STEPS):
        if target.evaluate(FOCUSED):
            return
        page.keyboard.press("Shift+Tab")
    raise AssertionError(f"{target} cannot be reached by Shift+Tab")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Tabs to `target` and presses the key there."""
    tab_to(page, target)
    page.keyboard.press(key)


def type_into(page: Page, target: Locator, words: str) -> None:
    """Tabs to the field and types."""
    tab_to(page, target)
    page.keyboard.type(words)


def type_day(page: Page, target: Locator, day: date) -> None:
    """Types a day, in the order in which this browser asks for its parts."""
    tab_to(page, target)
    for order in ("%m%d%Y", "%d%m%Y"):
        page.keyboard.type(day.strftime(order))
        if target.input_value() == day.isoformat():
            return
        target.focus()  # begins with the first part again
    raise AssertionError(f"{day} cannot be typed into {target}")


def choose(page: Page, target: Locator, words: str) -> None:
    """Chooses from a list by the first letters."""
    type_into(page, target, words)
    chosen = target.evaluate("one => one.selectedOptions[0].label")
    assert chosen.startswith(words), chosen


def pick(page: Page, group: Locator, which: Locator) -> None:
    """Tabs to a group of choices and moves to `which` with the arrows.

    group: the choice that the keyboard reaches first.
    """
    tab_to(page, group)
    page.keyboard.press("Space")
    for _step in range(STEPS):
        if which.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{which} cannot be reached with the arrows")
