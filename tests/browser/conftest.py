"""A real browser, closed to everything but the server under test."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, find_chromium

EXPECTED = re.compile(r"status of 4\d\d|ERR_INTERNET_DISCONNECTED")  # asked for by a test
OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return Chromium for these tests alone: its event loop would be in the way of others."""
    path = find_chromium()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return a way to open an address in a fresh browser; fails on any complaint it prints."""
    complaints: list[str] = []
    contexts = []

    def open_page(
        url: str, *, width: int = 360, scheme: str = "light", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in complaints if not EXPECTED.search(text)] == []
