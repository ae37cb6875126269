"""What is answered while the database is away, or when something of ours went wrong."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from alerts.api import alertz
from alerts.pages import consent, responder, timer
from tests.pages.reading import text_of_page

TOKEN = "A" * 16
PAGES = {"/a/": responder, "/c/": consent, "/t/": timer}


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_to_come_back_and_gives_the_emergency_numbers(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, error: type[Exception]
) -> None:
    monkeypatch.setattr(PAGES[path], "database_now", failing_with(error))

    answer = client.get(f"{path}{TOKEN}", headers={"Accept-Language": "fr"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    text = text_of_page(answer)
    assert "Cette page ne répond pas pour l'instant" in text
    assert "112" in text
    assert f'href="{path}{TOKEN}"' in answer.content.decode()


def test_a_collector_of_figures_gets_no_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alertz, "database_now", failing_with(OperationalError))

    answer = client.get("/metrics")

    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/plain")


def test_a_fault_of_ours_still_gives_the_emergency_numbers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responder, "database_now", failing_with(RuntimeError))
    client.raise_request_exception = False

    answer = client.get(f"/a/{TOKEN}", headers={"Accept-Language": "en"})

    assert answer.status_code == 500
    assert "This page cannot answer just now" in text_of_page(answer)
    assert "112" in text_of_page(answer)


def failing_with(error: type[Exception]) -> object:
    """Return a clock that fails."""

    def fail() -> None:
        raise error

    return fail
