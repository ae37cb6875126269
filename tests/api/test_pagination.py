"""Pages: every row once, cursors that only we can make, limits that are numbers."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from alerts.models import User
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db
CONTACTS = "/api/v1/contacts"


@pytest.fixture
def five(ana: User) -> set[str]:
    """Return the ids of five contacts."""
    return {str(contact.pk) for contact in ContactFactory.create_batch(5, owner=ana)}


def path_of(link: str) -> str:
    """Return a link without its origin."""
    return link[link.index("/api/") :]


def test_following_next_shows_every_row_once_and_previous_leads_back(
    api: APIClient, five: set[str]
) -> None:
    pages: list[dict[str, Any]] = [api.get(f"{CONTACTS}?limit=2").json()]
    while pages[-1]["next"]:
        pages.append(api.get(path_of(pages[-1]["next"])).json())
    shown = [row["id"] for page in pages for row in page["results"]]
    assert [len(page["results"]) for page in pages] == [2, 2, 1]
    assert (len(shown), set(shown)) == (5, five)
    assert api.get(path_of(pages[1]["previous"])).json()["results"] == pages[0]["results"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1.5", "٣", "9" * 5000])
def test_a_limit_is_a_number_from_one_to_a_hundred(api: APIClient, limit: str) -> None:
    answer = api.get(CONTACTS, {"limit": limit})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/limit")


@pytest.mark.parametrize("cursor", ["", "x", "cD0yMDI2", "\0", "WzAsZmFsc2UsIngiXQ:x:y"])
def test_a_cursor_that_is_not_ours_is_refused(api: APIClient, cursor: str) -> None:
    answer = api.get(CONTACTS, {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
