"""The alert page in a browser: with scripts it follows what happens, without it all works."""

from datetime import datetime
from typing import Any

import pytest

from alerts.models import Incident
from alerts.services.incidents.responses import acknowledge_incident
from tests.browser.conftest import OpenPage
from tests.pages.scenes import incident, open_scene, path_of, responder

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_POLL = 20_000  # milliseconds; a visible page asks every 15 s


@pytest.mark.parametrize("scripts", [True, False])
def test_one_answers_and_ends_it_with_and_without_scripts(
    live_server: Any, open_page: OpenPage, now: datetime, *, scripts: bool
) -> None:
    url = f"{live_server.url}{path_of(open_scene(now))}"
    page = open_page(url, scripts=scripts)
    page.click("text=Je m'en occupe")
    assert "Vous vous en occupez" in page.inner_text("h1")
    page.click("text=Afficher les détails")
    assert "12 rue des Lilas" in page.inner_text("#police-lines")
    page.click("summary:has-text('Ana est en sécurité')")
    page.click("text=J'ai entendu sa voix, libre de parler")
    page.click("text=Oui, en sécurité")

    assert "L'alerte est terminée" in page.inner_text("h1")
    assert "Lilas" not in page.content()
    assert page.url == url


def test_an_open_page_tells_when_somebody_else_acts(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    row = incident(now)
    mia, leo = responder(row, now), responder(row, now)
    page = open_page(f"{live_server.url}{path_of(mia)}")
    page.click("summary:has-text('Ce qui s')")

    acknowledge_incident(responder_id=leo.pk, now=now)
    page.wait_for_selector("h1:has-text(\"Quelqu'un s'en occupe\")", timeout=NEXT_POLL)

    assert page.inner_text("[role=status]") == "Quelqu'un s'en occupe"
    assert page.locator("#timeline").get_attribute("open") is not None


def test_without_a_connection_the_page_stays(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    page = open_page(f"{live_server.url}{path_of(open_scene(now))}")

    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('online'))")  # asks at once
    page.wait_for_selector("#offline:visible")

    assert "Sans nouvelles depuis" in page.inner_text("h1")
    assert Incident.objects.get().state == "open"


def test_what_to_tell_the_police_can_be_copied(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    page = open_page(f"{live_server.url}{path_of(open_scene(now))}")
    page.click("#do-reveal")
    page.click("text=Copier ce texte")
    page.wait_for_selector("button:has-text('Texte copié')")

    copied = page.evaluate("navigator.clipboard.readText()").splitlines()

    assert len(copied) == 5
    assert "code 45B7, 3e étage gauche" in copied[1]


def test_leaving_leads_away_without_saying_from_where(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    page = open_page(f"{live_server.url}{path_of(open_scene(now))}")
    page.click("#do-reveal")
    seen: list[dict[str, str]] = []

    def answer(route: Any) -> None:
        seen.append(route.request.headers)
        route.fulfill(body="elsewhere")

    page.route("https://www.wikipedia.org/**", answer)
    page.click("text=Quitter vite")
    page.wait_for_url("https://www.wikipedia.org/**")

    assert "referer" not in seen[0]
    assert [one["name"] for one in page.context.cookies()] == ["csrftoken"]
