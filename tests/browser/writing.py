"""What people do with posts, said once for all the journeys."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.conftest import Street
from tests.browser.town import Town, eventually

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


class Pen:
    """Someone who writes without a page of his own: what the pages' script sends, no more."""

    def __init__(self, page: Page, thread: str) -> None:
        self.page, self.thread = page, thread
        reader = page.request.get(f"{thread}/reader").json()
        self.sent = {"csrf_token": reader["csrf_token"]}
        self.headers = {"Accept": "application/json"}

    def write(self, words: str, under: int | None = None, **more: str) -> int:
        """The number of the new post."""
        parent = {"parent_id": str(under)} if under else {}
        return int(self._post(f"{self.thread}/posts", {"body": words, **parent, **more})["id"])

    def mend(self, post: int, words: str, edition: int = 1) -> None:
        """Gives the post other words."""
        self._post(f"/posts/{post}/edit", {"body": words, "edition": str(edition)})

    def withdraw(self, post: int) -> None:
        """Takes the post back."""
        self._post(f"/posts/{post}/withdraw", {})

    def moderate(self, act: str, post: int) -> None:
        """Hides the post, or restores it."""
        self._post(f"/posts/{post}/{act}", {"reason": "Det er et forsøg på at gå efter en person."})

    def _post(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        answer = self.page.request.post(
            path, form={**self.sent, **form}, headers=self.headers, max_redirects=0
        )
        assert answer.status < 400, answer.text()
        told: dict[str, Any] = answer.json() if answer.status == 201 else {}
        return told


def pen(street: Street, town: Town, who: str, title: str) -> Pen:
    """A pen in the hand of `who`, for the thread with this title."""
    return Pen(street.open(who), town.thread(title))
