"""The page with the phones, in a real browser."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import FLAGS, find_chromium
from tests.phones.stage import LEO, MIA, Stage

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
MENU = '<Response><Gather numDigits="1" action="/keys"><Say>Tapez 1.</Say></Gather></Response>'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """Return the page at 1280 px; a script error or a blocked resource fails the test."""
    page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]  # a TypedDict by another name
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(stage.url)
    yield page
    page.close()
    assert problems == []


def test_a_message_appears_by_itself_with_a_link_and_its_receipts(stage: Stage, page: Page) -> None:
    expect(page.get_by_text("Nothing has arrived yet")).to_be_visible()
    stage.send(MIA, "Look: http://127.0.0.1:8000/a/token.")
    link = page.get_by_role("link", name="http://127.0.0.1:8000/a/token", exact=True)
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator(".meta.delivered")).to_be_visible()


def test_a_text_is_never_taken_for_html(stage: Stage, page: Page) -> None:
    stage.send(MIA, "<img src=x onerror=alert(1)>")
    expect(page.locator(".bubble")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator(".log img").count() == 0


def test_a_reply_is_typed_and_sent(stage: Stage, page: Page) -> None:
    stage.send(MIA)
    page.get_by_label("Reply from this phone").fill("1")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from_phone .bubble")).to_have_text("1")
    stage.eventually(lambda: stage.service.told("/inbound", "Body") == ["1"])


def test_a_call_is_answered_and_a_key_pressed(stage: Stage, page: Page) -> None:
    stage.service.documents |= {"/twiml": MENU, "/keys": "<Response><Say>Merci.</Say></Response>"}
    stage.call(MIA)
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Tapez 1.")).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("Pressed 1")).to_be_visible()
    expect(page.get_by_text("Merci.")).to_be_visible()
    assert stage.service.told("/keys", "Digits") == ["1"]


def test_a_number_is_made_to_fail(stage: Stage, page: Page) -> None:
    stage.send(MIA)
    page.get_by_text("Behaves normally").click()
    page.locator("#own-sms").select_option(label="Phone unreachable (30003)")
    expect(page.locator("#settings-label")).to_have_text("Phone unreachable (30003)")
    stage.send(MIA, "Again")
    expect(page.get_by_text("Not delivered · 30003")).to_be_visible()


def test_all_numbers_are_made_to_fail_but_those_told_otherwise(stage: Stage, page: Page) -> None:
    stage.control("POST", f"numbers/{LEO}", {"mode": "silent"})
    stage.send(MIA)
    expect(page.locator(".phone")).to_have_count(2)
    page.get_by_text("All other numbers", exact=True).click()
    page.locator("#everyone-sms").select_option(label="Server error (500)")
    expect(page.locator("#everyone-chip")).to_have_text("Server error (500)")
    page.locator(f'.phone[href="#{MIA}"]').click()
    expect(page.locator("#settings-label")).to_have_text("Server error (500)")
    page.locator(f'.phone[href="#{LEO}"]').click()
    expect(page.locator("#settings-label")).to_have_text("Silent: no receipts")


def test_other_phones_count_what_is_new(stage: Stage, page: Page) -> None:
    stage.send(MIA)
    expect(page.locator(".phone")).to_have_count(1)
    stage.send(LEO)
    stage.send(LEO)
    expect(page.locator(".unread")).to_have_text("2 new")
    page.locator(f'.phone[href="#{LEO}"]').click()
    expect(page.locator(".bubble")).to_have_count(2)
    expect(page.locator(".unread")).to_have_count(0)


def test_the_latest_five_hundred_are_shown(stage: Stage, page: Page) -> None:
    client = stage.client()
    for index in range(505):
        client.messages.create(to=MIA, from_="Vigie", body=f"number {index}")
    expect(page.get_by_text("number 504", exact=True).last).to_be_visible()
    expect(page.locator(".bubble")).to_have_count(500)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_nothing_overflows(
    stage: Stage, page: Page, scheme: str, viewport: dict[str, int]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    stage.service.documents["/twiml"] = MENU
    stage.control("POST", f"numbers/{MIA}", {"name": "Mia", "mode": "undelivered"})
    stage.send(MIA, "http://127.0.0.1:8000/a/a-long-address-that-has-to-be-broken-somewhere")
    call = stage.call(MIA)
    stage.eventually(lambda: "ringing" in stage.service.told("/calls", "CallStatus"))
    stage.control("POST", "answer", {"call_sid": call.sid})
    page.goto(f"{stage.url}/#")
    expect(page.locator(".phone")).to_be_visible()
    assert_sound(page)
    page.goto(f"{stage.url}/#{MIA}")
    expect(page.locator(".key").first).to_be_visible()
    assert_sound(page)
    page.locator("#settings summary").click()
    assert_sound(page)


def assert_sound(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
