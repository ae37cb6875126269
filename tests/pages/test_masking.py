"""No log holds the token of a link, nor who followed it."""

import logging
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

import pytest
from django.test import Client

from alerts.pages.masking import MaskTokens, mask_event, mask_tokens
from tests.pages.scenes import open_scene, path_of


def test_the_token_is_masked_and_the_rest_stays() -> None:
    assert mask_tokens("GET /a/abcd2345/state?lang=en") == "GET /a/…/state?…"
    assert mask_tokens('POST "/t/abcd/check-in"') == 'POST "/t/…/check-in"'
    assert mask_tokens("https://example.org/c/abcd") == "https://example.org/c/…"
    assert mask_tokens("GET /api/v1/me") == "GET /api/v1/me"


def test_an_address_of_the_api_keeps_ids_and_loses_what_was_typed() -> None:
    path = "/api/v1/contacts/2f1c8d0e-9f4b-4f6e-8a55-0d2b5f1f7a11/drill"
    assert mask_tokens(f"POST {path}") == f"POST {path}"
    assert mask_tokens("GET /api/v1/contacts/+33639981234") == "GET /api/v1/contacts/…"
    assert mask_tokens("GET /api/v1/contacts?phone=+336") == "GET /api/v1/contacts?…"


def test_a_record_with_arguments_is_masked() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 1, "Not Found: %s", ("/a/abcd",), None)

    assert MaskTokens().filter(record)
    assert record.getMessage() == "Not Found: /a/…"


def test_an_event_loses_address_and_browser() -> None:
    event = {"event": "request_started", "request": "GET /a/abcd", "ip": "::1", "user_agent": "x"}

    assert mask_event(None, "info", event) == {
        "event": "request_started",
        "request": "GET /a/…",
    }


@pytest.fixture
def console() -> Iterator[StringIO]:
    """Return what the console of the settings prints meanwhile."""
    handler = next(
        handler
        for handler in logging.getLogger().handlers
        if any(isinstance(one, MaskTokens) for one in handler.filters)
    )
    assert isinstance(handler, logging.StreamHandler)
    printed = StringIO()
    before = handler.setStream(printed)
    yield printed
    handler.setStream(before)


@pytest.mark.django_db
def test_nothing_that_a_visit_writes_holds_the_token(
    client: Client, now: datetime, console: StringIO
) -> None:
    path = path_of(open_scene(now))
    for address in (path, f"{path}/state", f"{path}x", f"{path}/nothing"):
        client.get(address, headers={"User-Agent": "canary-browser"})

    written = console.getvalue()

    assert "GET /a/…/state" in written
    assert path.removeprefix("/a/") not in written
    assert "canary-browser" not in written
