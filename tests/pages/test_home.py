"""The front page, unknown addresses, and what every page promises to a browser."""

import pytest
from django.test import Client

from alerts.domain.texts import forbidden_words
from tests.pages.reading import text_of_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/", "/nothing-here", "/a/abcdefgh23456789"])
def test_public_pages_tell_nothing(client: Client, path: str, language: str) -> None:
    text = text_of_page(client.get(f"{path}?lang={language}"))

    assert forbidden_words(text) == []
    for word in ("alert", "contact", "owner", "meetup", "timer", "minuteur"):
        assert word not in text.lower()


@pytest.mark.parametrize("path", ["/", "/nothing-here"])
def test_nothing_may_keep_index_or_frame_a_page(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'nonce-" in policy
    assert "unsafe" not in policy


def test_the_browsers_language_decides_until_another_is_picked(client: Client) -> None:
    english = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9,fr;q=0.8"})
    french = client.get("/?lang=fr", headers={"Accept-Language": "en-GB"})
    neither = client.get("/", headers={"Accept-Language": "de"})

    assert 'lang="en"' in english.content.decode()
    assert '<html lang="fr">' in french.content.decode()
    assert '<html lang="fr">' in neither.content.decode()


@pytest.mark.parametrize("header", ["", ";;;q=x", "x" * 5000, "en;q=abc", "\x00"])
def test_a_strange_language_header_does_no_harm(client: Client, header: str) -> None:
    assert client.get("/", headers={"Accept-Language": header}).status_code == 200


def test_every_unknown_address_is_one_page_with_emergency_numbers(client: Client) -> None:
    paths = ["/a/x", "/a/abcdefgh23456789", "/a/%ED%A0%80", "/t/%00", "/wp-login.php", "/a/x/y/z"]
    answers = [client.get(path) for path in paths]

    assert {answer.status_code for answer in answers} == {404}
    assert len({text_of_page(answer) for answer in answers}) == 1
    assert "17" in text_of_page(answers[0])
    assert 'href="tel:112"' in answers[0].content.decode()


def test_a_page_is_read_not_written(client: Client) -> None:
    assert client.post("/").status_code == 405
