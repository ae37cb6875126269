"""The pages as people with all kinds of eyes, hands and screens meet them (WCAG 2.2 AA)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.conftest import OpenPage
from tests.pages.scenes import REVEALABLE, SCENES, mine_scene, path_of
from tests.pages.test_timer import make_timer
from tests.pages.test_timer import path_of as timer_path_of

pytestmark = pytest.mark.django_db(transaction=True)
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LEAST_TARGET = 48  # pixels
TARGETS = "a:not(.skip), button, summary, input:not([type=hidden])"

MEASURE_TARGETS = """elements => elements
    .filter(element => element.checkVisibility())
    .map(element => [element.textContent.trim(), element.getBoundingClientRect().height])
    .filter(([_, height]) => height < 47.5)"""

OTHER_PAGES: dict[str, Callable[[datetime], str]] = {
    "home": lambda _: "/",
    "not_found": lambda _: "/a/abcdefgh23456789",
    "timer": lambda now: timer_path_of(make_timer(now, due_in=47)),
    "confirm": lambda now: f"{path_of(mine_scene(now))}/safe?how=heard_voice",
}


def violations(page: Page) -> list[str]:
    """Return what axe finds, each with the element it is about."""
    found: list[dict[str, Any]] = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")


def assert_usable(page: Page) -> None:
    """Assert that axe finds nothing, that targets are large, that nothing is cut off."""
    assert violations(page) == []
    assert page.eval_on_selector_all(TARGETS, MEASURE_TARGETS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scene", SCENES)
def test_every_state_of_the_alert_page_is_usable(
    live_server: Any, open_page: OpenPage, now: datetime, scene: str, scheme: str
) -> None:
    page = open_page(f"{live_server.url}{path_of(SCENES[scene](now))}", scheme=scheme)
    if scene in REVEALABLE:
        page.click("#do-reveal")
        page.wait_for_load_state()
    unfold(page)

    assert_usable(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", OTHER_PAGES)
def test_the_other_pages_are_usable(
    live_server: Any, open_page: OpenPage, now: datetime, name: str, scheme: str
) -> None:
    path = OTHER_PAGES[name](now)

    assert_usable(open_page(f"{live_server.url}{path}", scheme=scheme))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("width", "letters"), [(320, 100), (360, 200), (1280, 100)])
def test_narrow_screens_and_large_letters_cut_nothing_off(
    live_server: Any, open_page: OpenPage, now: datetime, width: int, letters: int, language: str
) -> None:
    for name in ("open", "abroad", "sos"):
        path = path_of(SCENES[name](now))
        page = open_page(f"{live_server.url}{path}?lang={language}", width=width)
        page.click("#do-reveal")
        page.wait_for_load_state()
        unfold(page)
        page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_wrong_pin_leads_the_keyboard_back_to_its_field(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    path = timer_path_of(make_timer(now, due_in=5))
    page = open_page(f"{live_server.url}{path}", scripts=False)
    page.fill("#pin", "9999")
    page.click("button.primary")

    assert page.locator("#pin-error").inner_text() == "Ce code n'est pas le bon."
    assert_usable_without_axe(page)


def assert_usable_without_axe(page: Page) -> None:
    """Assert what can be seen where scripts are off."""
    assert page.locator("#pin").get_attribute("aria-invalid") == "true"
    assert "pin-error" in (page.locator("#pin").get_attribute("aria-describedby") or "")


def test_the_whole_first_view_is_small(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    page = open_page("about:blank")
    sizes: list[int] = []
    hosts: set[str] = set()

    def note(answer: Response) -> None:
        sizes.append(len(answer.body()))
        hosts.add(answer.url)

    page.on("response", note)
    page.goto(f"{live_server.url}{path_of(SCENES['open'](now))}")
    page.wait_for_load_state("networkidle")

    assert sum(sizes) < 50_000
    assert all(url.startswith(live_server.url) for url in hosts)
