"""What a contact answers on the alert page, and what becomes of the incident."""

from datetime import datetime

import pytest
from django.test import Client

from alerts.domain.states import IncidentState
from alerts.models import Acknowledgement, Event, Incident, Responder
from tests.pages.reading import text_of_page
from tests.pages.scenes import (
    MINUTE,
    SCENES,
    asked_scene,
    closed_scene,
    declined_scene,
    mine_scene,
    open_scene,
    others_scene,
    path_of,
    resolved_by_contact_scene,
)

pytestmark = pytest.mark.django_db


def press(client: Client, person: Responder, action: str, **fields: str) -> str:
    """Press a button; return the text of the page that follows."""
    answer = client.post(f"{path_of(person)}/{action}", fields)
    assert answer.status_code == 303
    return text_of_page(client.get(answer.headers["Location"]))


def test_im_on_it(client: Client, now: datetime) -> None:
    person = open_scene(now)

    text = press(client, person, "acknowledge")

    assert "Vous vous en occupez depuis" in text
    assert "Je suis toujours dessus" in text
    assert Incident.objects.get().state == IncidentState.Acknowledged


def test_pressed_twice_it_counts_once(client: Client, now: datetime) -> None:
    person = open_scene(now)

    press(client, person, "acknowledge")
    text = press(client, person, "acknowledge")

    assert "Vous vous en occupez depuis" in text
    assert Acknowledgement.objects.count() == 1
    assert Event.objects.filter(kind="acknowledged").count() == 1


def test_another_contact_joins(client: Client, now: datetime) -> None:
    text = press(client, others_scene(now), "acknowledge")

    assert "Vous vous en occupez depuis" in text
    assert Acknowledgement.objects.live().count() == 2


def test_an_update_moves_the_lapse_on(client: Client, now: datetime) -> None:
    person = mine_scene(now)
    before = Acknowledgement.objects.get().lapses_at

    press(client, person, "update")

    assert Acknowledgement.objects.get().lapses_at > before


def test_handing_over_opens_it_again(client: Client, now: datetime) -> None:
    text = press(client, mine_scene(now), "hand-over")

    assert "Personne n'a encore répondu" in text
    assert Incident.objects.get().state == IncidentState.Open


def test_i_cannot_and_after_all_i_can(client: Client, now: datetime) -> None:
    person = open_scene(now)

    declined = press(client, person, "decline")
    back = press(client, person, "take-back")

    assert "Vous avez répondu" in declined
    assert "Finalement, je peux" in declined
    assert "Je m'en occupe" in back


def test_a_change_of_mind_leads_back(client: Client, now: datetime) -> None:
    assert "Je m'en occupe" in press(client, declined_scene(now), "take-back")


def test_safe_takes_two_steps(client: Client, now: datetime) -> None:
    person = mine_scene(now)
    asked = client.get(f"{path_of(person)}/safe", {"how": "heard_voice"})

    assert "Confirmer la fin de l'alerte" in text_of_page(asked)
    assert Incident.objects.get().state == IncidentState.Acknowledged

    text = press(client, person, "safe", how="heard_voice")

    assert "L'alerte est terminée" in text
    assert Incident.objects.get().resolved_by == "contact"


@pytest.mark.parametrize("how", ["", "wrote", "WITH_THEM"])
def test_safe_needs_a_way_to_know(client: Client, now: datetime, how: str) -> None:
    press(client, mine_scene(now), "safe", how=how)

    assert Incident.objects.get().state == IncidentState.Acknowledged


def test_safe_pressed_twice_is_said_once(client: Client, now: datetime) -> None:
    person = mine_scene(now)

    press(client, person, "safe", how="with_them")
    text = press(client, person, "safe", how="with_them")

    assert "n'est plus possible" not in text
    assert Event.objects.filter(kind="incident_resolved").count() == 1


def test_safe_after_the_closing(client: Client, now: datetime) -> None:
    text = press(client, closed_scene(now), "safe", how="with_them")

    assert "L'alerte est terminée" in text


def test_resolved_the_details_are_gone_at_once(client: Client, now: datetime) -> None:
    person = mine_scene(now)
    press(client, person, "reveal")
    assert "Lilas" in text_of_page(client.get(path_of(person)))

    text = press(client, person, "safe", how="with_them")

    assert "Lilas" not in text
    assert "Ana" not in text


def test_a_doubt_opens_it_again(client: Client, now: datetime) -> None:
    text = press(client, resolved_by_contact_scene(now), "doubt")

    assert "Personne n'a encore répondu" in text
    assert Incident.objects.get().state == IncidentState.Open


def test_after_an_hour_there_is_no_doubting(client: Client, now: datetime) -> None:
    person = resolved_by_contact_scene(now)
    Incident.objects.update(resolved_at=now - 61 * MINUTE)

    assert "J'ai un doute" not in text_of_page(client.get(path_of(person)))
    assert "n'est plus possible" in press(client, person, "doubt")


def test_an_invited_contact_refuses(client: Client, now: datetime) -> None:
    assert "Vous ne recevez plus nos messages" in press(client, asked_scene(now), "refuse")


def test_an_invited_contact_cannot_end_it_before_accepting(client: Client, now: datetime) -> None:
    text = press(client, asked_scene(now), "safe", how="with_them")

    assert "n'est plus possible" in text
    assert Incident.objects.get().state == IncidentState.Open


def test_stopping_is_final_for_this_incident(client: Client, now: datetime) -> None:
    person = open_scene(now)

    assert "Vous ne recevez plus nos messages" in press(client, person, "stop")
    assert "n'est plus possible" in press(client, person, "acknowledge")


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(
    "action",
    [
        "reveal",
        "acknowledge",
        "update",
        "hand-over",
        "decline",
        "take-back",
        "safe",
        "doubt",
        "accept",
    ],
)
def test_every_button_in_every_state_leads_back_to_a_page(
    client: Client, now: datetime, scene: str, action: str
) -> None:
    person = SCENES[scene](now)

    answer = client.post(f"{path_of(person)}/{action}", {"how": "with_them"}, follow=True)

    assert answer.status_code == 200
    assert 'class="banner' in answer.content.decode()


def test_an_unknown_action_is_the_neutral_page(client: Client, now: datetime) -> None:
    assert client.post(f"{path_of(open_scene(now))}/delete").status_code == 404


def test_the_language_picked_stays_through_a_form(client: Client, now: datetime) -> None:
    answer = client.post(f"{path_of(open_scene(now))}/acknowledge?lang=en", follow=True)

    assert "You have been on it since" in text_of_page(answer)


def test_a_form_without_the_browsers_token_changes_nothing(now: datetime) -> None:
    person = open_scene(now)

    answer = Client(enforce_csrf_checks=True).post(f"{path_of(person)}/acknowledge")

    assert answer.status_code == 403
    assert f'href="{path_of(person)}"' in answer.content.decode()
    assert Incident.objects.get().state == IncidentState.Open


def test_an_open_page_learns_of_a_change_and_only_then(client: Client, now: datetime) -> None:
    person = open_scene(now)
    first = client.get(f"{path_of(person)}/state")
    tag = first.headers["ETag"]

    same = client.get(f"{path_of(person)}/state", headers={"If-None-Match": tag})
    press(client, person, "acknowledge")
    changed = client.get(f"{path_of(person)}/state", headers={"If-None-Match": tag})

    assert first.json()["state"] == "open"
    assert same.status_code == 304
    assert same.headers["Cache-Control"] == "no-store"
    assert changed.status_code == 200
    assert changed.json()["state"] == "mine"
    assert "Vous vous en occupez" in changed.json()["announcement"]
