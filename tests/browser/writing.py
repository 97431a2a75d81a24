"""What people do with posts, said once for all the journeys."""

import re

from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.town import eventually

SEND = re.compile("^Send")
REPLY = re.compile("^Svar")


def write(page: Page, words: str) -> None:
    """Fills the open form and sends it."""
    page.locator("#composer-body").fill(words)
    page.locator("#composer").get_by_role("button", name=SEND).click()


def post_with(page: Page, words: str) -> Locator:
    """The post with these words in it."""
    return page.locator("article.post", has_text=words)


def reply_to(post: Locator) -> None:
    """Opens the form under the post."""
    post.get_by_role("link", name=REPLY).click()


def ask(page: Page, politician: str, words: str) -> str:
    """Asks in the open thread, once the page shows it; the question's number."""
    page.get_by_role("link", name="Stil et spørgsmål").click()
    choice = page.get_by_label("Hvem spørger du?")
    value = choice.locator("option", has_text=politician).get_attribute("value")
    choice.select_option(value)
    write(page, words)
    expect(post_with(page, words)).to_be_visible()
    return str(post_with(page, words).get_attribute("data-post"))


def follow(page: Page, path: str) -> WebSocket:
    """Opens the page and waits until it hears what happens; its socket."""
    sockets: list[WebSocket] = []
    heard: list[str | bytes] = []

    def hear(frame: str | bytes) -> None:
        heard.append(frame)

    def listen(socket: WebSocket) -> None:
        sockets.append(socket)
        socket.on("framereceived", hear)

    page.on("websocket", listen)
    page.goto(path)
    eventually(
        lambda: any('"ok":true' in str(frame) for frame in heard) or None,
        rest=lambda seconds: page.wait_for_timeout(seconds * 1000),
    )
    return sockets[-1]
