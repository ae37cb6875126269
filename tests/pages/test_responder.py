"""The alert page: what each state says, and what nobody learns from it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from alerts.domain.events import EventKind
from alerts.domain.texts import forbidden_words
from alerts.models import Event, Link, Responder
from tests.pages.reading import read, reveal, text_of_page
from tests.pages.scenes import (
    MINUTE,
    REVEALABLE,
    SCENES,
    mine_scene,
    note,
    open_scene,
    path_of,
    position,
    resolved_scene,
)

pytestmark = pytest.mark.django_db
PERSONAL = ("Ana", "Mia", "Leo", "Lilas", "Sam", "48.8", "Clio", "figue", "casquette", "3399800")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scene", SCENES)
def test_before_the_reveal_nothing_personal_is_shown(
    client: Client, now: datetime, scene: str, language: str
) -> None:
    person = SCENES[scene](now)
    answer = client.get(f"{path_of(person)}?lang={language}")
    state = client.get(f"{path_of(person)}/state")
    shown = answer.content.decode() + state.content.decode()

    assert answer.status_code == 200
    for word in PERSONAL:
        assert word not in shown.replace("Samu", "").replace("SAMU", "")
    assert forbidden_words(text_of_page(answer)) == []
    assert 'href="tel:' in shown


@pytest.mark.parametrize("scene", sorted(set(SCENES) - REVEALABLE))
def test_where_there_are_no_details_nothing_is_revealed(
    client: Client, now: datetime, scene: str
) -> None:
    person = SCENES[scene](now)

    text = reveal(client, person)

    assert "Lilas" not in text
    assert "Ana" not in text
    assert not Event.objects.filter(kind="details_revealed").exists()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scene", sorted(REVEALABLE))
def test_our_own_wording_outs_nobody(
    client: Client, now: datetime, scene: str, language: str
) -> None:
    person = SCENES[scene](now)
    Responder.objects.update(disclosure_level=2)
    reveal(client, person)

    assert forbidden_words(read(client, person, language)) == []


def test_the_details_are_shown_to_the_browser_that_asked_and_to_no_other(
    client: Client, now: datetime
) -> None:
    person = open_scene(now)
    answer = client.post(f"{path_of(person)}/reveal")
    cookie = answer.cookies["shown"]

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{path_of(person)}#details"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == path_of(person)
    assert "12 rue des Lilas" in read(client, person)
    assert "Lilas" not in read(Client(), person)
    assert Responder.objects.get().revealed_at is not None


def test_the_cookie_of_one_link_opens_no_other(client: Client, now: datetime) -> None:
    mia, leo = open_scene(now), open_scene(now)
    cookie = client.post(f"{path_of(mia)}/reveal").cookies["shown"].value

    other = Client()
    other.cookies["shown"] = cookie

    assert "Lilas" not in read(other, leo)


def test_leaving_forgets_the_details(client: Client, now: datetime) -> None:
    person = open_scene(now)
    reveal(client, person)

    answer = client.get(f"{path_of(person)}/leave")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "https://www.wikipedia.org/"
    assert "Lilas" not in read(client, person)


def test_reading_changes_nothing(client: Client, now: datetime) -> None:
    person = open_scene(now)
    before = Responder.objects.values().get(), Event.objects.count()

    for action in ("", "/state", "/reveal", "/acknowledge", "/safe?how=with_them", "/stop"):
        client.get(f"{path_of(person)}{action}")

    assert (Responder.objects.values().get(), Event.objects.count()) == before


def test_a_page_is_one_small_answer(client: Client, now: datetime) -> None:
    person = open_scene(now)
    reveal(client, person)

    assert len(client.get(path_of(person)).content) < 25_000


def test_a_page_takes_few_queries_however_much_happened(
    client: Client, now: datetime, django_assert_max_num_queries: object
) -> None:
    person = mine_scene(now)
    for minute in range(40):
        note(person.incident, EventKind.Declined, at=now, responder_id=str(uuid4()))
        position(person.incident, now - minute * MINUTE, latitude=48.9, longitude=2.5)
    client.post(f"{path_of(person)}/reveal")

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(path_of(person))


def test_the_title_is_neutral(client: Client, now: datetime) -> None:
    page = client.get(path_of(open_scene(now))).content.decode()

    assert "<title>Suivi</title>" in page
    assert "og:" not in page


@pytest.mark.parametrize("column", ["revoked_at", "expires_at", "token_digest"])
def test_a_dead_link_is_the_neutral_page(client: Client, now: datetime, column: str) -> None:
    person = open_scene(now)
    value = b"another" if column == "token_digest" else now
    Link.objects.filter(subject_id=person.pk).update(**{column: value})

    answers = [client.get(f"{path_of(person)}{action}") for action in ("", "/state", "/safe")]
    answers += [client.post(f"{path_of(person)}/{action}") for action in ("acknowledge", "reveal")]

    assert {answer.status_code for answer in answers} == {404}
    assert "Cette page n'existe pas" in text_of_page(answers[0])
    assert len({text_of_page(answer) for answer in answers}) == 1


def test_it_says_when_it_disappears(client: Client, now: datetime) -> None:
    person = resolved_scene(now)
    Link.objects.update(expires_at=now + timedelta(hours=72))

    assert "Cette page disparaît le" in read(client, person)
