"""The details of the alert page: who sees what of place, person and the others."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from alerts.domain.events import EventKind
from alerts.domain.states import Trigger
from alerts.domain.texts import forbidden_words
from alerts.models import Incident, Responder
from alerts.models.sealed import destroy_data_key, seal_column
from tests.pages.reading import read, reveal, text_of_page
from tests.pages.scenes import (
    MINUTE,
    PLACE,
    STRANGER,
    abroad_scene,
    asked_scene,
    duress_scene,
    incident,
    note,
    open_scene,
    others_scene,
    path_of,
    position,
    responder,
    snapshot,
)

pytestmark = pytest.mark.django_db


def change_details(row: Incident, **changes: object) -> None:
    assert row.meetup is not None
    document = {"stranger": STRANGER, "place": PLACE, "earlier": [], **changes}
    seal_column(row.meetup, "sealed_details", document, key=row.meetup.data_key)
    row.meetup.save()


@pytest.mark.parametrize(
    ("level", "seen", "unseen"),
    [
        (0, ["Ana"], ["Lilas", "48.8", "Sam", "Clio", "sam75", "casquette", "example.org"]),
        (1, ["Ana", "Lilas", "45B7", "48.86512"], ["Sam Martin", "Clio", "sam75", "casquette"]),
        (2, ["Lilas", "Sam Martin", "+33639987001", "Clio"], ["sam75", "casquette", "example.org"]),
        (3, ["Sam Martin", "PlanRencontre", "sam75", "example.org", "casquette"], []),
    ],
)
def test_a_contact_sees_as_much_as_their_level(
    client: Client, now: datetime, level: int, seen: list[str], unseen: list[str]
) -> None:
    text = reveal(client, responder(incident(now), now, disclosure_level=level))

    assert [word for word in seen if word not in text] == []
    assert [word for word in unseen if word in text] == []


def test_a_call_for_help_gives_the_place_to_everyone(client: Client, now: datetime) -> None:
    row = incident(now, trigger=Trigger.Sos)

    given = reveal(client, responder(row, now, disclosure_level=0, gives_place=True))
    kept = reveal(client, responder(row, now, disclosure_level=0, gives_place=False))

    assert "Lilas" in given
    assert "Sam Martin" not in given
    assert "Lilas" not in kept


def test_what_could_out_the_owner_is_hidden_below_the_highest_level(
    client: Client, now: datetime
) -> None:
    stranger = {**STRANGER, "name": "Sam Grindr", "vehicle": "gay pride bus"}
    planted = snapshot(now, stranger=stranger)
    row = incident(now, snapshot=planted)

    middle = reveal(client, responder(row, now, disclosure_level=2))
    highest = reveal(client, responder(row, now, disclosure_level=3))

    assert forbidden_words(middle) == []
    assert "Sam •••" in middle
    assert "Sam Grindr" in highest


def test_a_silent_call_for_help_looks_like_an_open_one(now: datetime) -> None:
    pages = []
    for trigger in (Trigger.Sos, Trigger.WrongPins, Trigger.Duress):
        person = responder(incident(now, trigger=trigger), now, disclosure_level=1)
        browser = Client()
        browser.post(f"{path_of(person)}/reveal")
        pages.append(text_of_page(browser.get(path_of(person)), without_time=True))

    assert pages[0] == pages[1] == pages[2]
    assert "Ni appel, ni message. N'y allez pas." in pages[0]


def test_a_code_entered_under_duress_is_said_to_be_doubtful(client: Client, now: datetime) -> None:
    assert "il peut avoir été forcé" in read(client, duress_scene(now)).replace("\xa0", " ")


@pytest.mark.parametrize("trigger", Trigger)
def test_calling_the_owner_is_offered_only_where_it_cannot_harm(
    client: Client, now: datetime, trigger: Trigger
) -> None:
    row = incident(now, trigger=trigger)
    person = responder(row, now, profile={"owner_phone": "+33639980001"})
    hidden = client.get(path_of(person)).content.decode()
    client.post(f"{path_of(person)}/reveal")
    shown = client.get(path_of(person)).content.decode()

    assert "tel:+33639980001" not in hidden
    assert ("tel:+33639980001" in shown) == (trigger is Trigger.MissedCheckIn)


def test_others_are_another_contact_unless_they_allowed_their_name(
    client: Client, now: datetime
) -> None:
    person = others_scene(now)

    assert "Un autre contact" in read(client, person)
    assert "Leo, depuis" in reveal(client, person)
    assert "Petit" not in read(client, person)

    Responder.objects.update(shows_name_to_others=False)

    assert "Leo" not in read(client, person)


def test_the_text_to_the_emergency_services_is_already_written(
    client: Client, now: datetime
) -> None:
    person = open_scene(now)

    before = client.get(path_of(person)).content.decode()
    client.post(f"{path_of(person)}/reveal")
    after = client.get(path_of(person)).content.decode()

    assert "sms:114?body=Une%20personne" in before
    assert "Lilas" not in before
    assert "12%20rue%20des%20Lilas" in after


def test_a_contact_abroad_is_told_whom_they_reach(client: Client, now: datetime) -> None:
    person = abroad_scene(now)
    page = client.get(path_of(person))
    text = text_of_page(page)

    assert "From abroad, 17 does not reach the French police." in text
    assert 'href="tel:999"' in page.content.decode()
    assert 'href="tel:17"' not in page.content.decode()
    assert "your time)" in text  # an hour apart from Paris


def test_an_unproven_number_is_asked_first_and_sees_no_details(
    client: Client, now: datetime
) -> None:
    person = asked_scene(now)
    early = client.post(f"{path_of(person)}/acknowledge")

    assert early.headers["Location"].endswith("?too_late=1")
    assert "J'accepte d'aider" in read(client, person)
    assert "Je m'en occupe" not in read(client, person)

    client.post(f"{path_of(person)}/accept")
    text = reveal(client, person)

    assert "Je m'en occupe" in text
    assert "Ana : sans nouvelles" in text.replace("\xa0", " ")
    assert "Lilas" not in text


def test_a_place_changed_during_the_meetup_is_shown_beside_the_first(
    client: Client, now: datetime
) -> None:
    row = incident(now)
    person = responder(row, now)
    moved = {**PLACE, "label": "Bar", "address": "3 quai de Seine, Paris", "access": ""}
    replaced = {"place": PLACE, "notes": "Ancienne note.", "replaced_at": now.isoformat()}
    change_details(row, place=moved, earlier=[replaced])

    text = reveal(client, person)

    assert "3 quai de Seine" in text
    assert "12 rue des Lilas" in text
    assert "Remplacé à" in text
    assert "Ancienne note." in text
    assert text.count("12 rue des Lilas") == 2  # once for the police, once in the list


def test_the_newest_position_comes_first_wherever_it_is_kept(client: Client, now: datetime) -> None:
    row = incident(now)
    person = responder(row, now)
    position(row, now - MINUTE, latitude=48.9, longitude=2.5, accuracy_m=9)

    text = reveal(client, person)

    assert "48.90000, 2.50000, il y a 1 min, à 9 m près" in text.replace("\xa0", " ")
    assert "48.86512, 2.39834" in text


def test_what_the_owner_deletes_takes_nothing_from_the_incident(
    client: Client, now: datetime
) -> None:
    row = incident(now)
    person = responder(row, now)
    assert row.meetup is not None
    destroy_data_key(row.meetup.data_key.pk, now=now)

    assert "12 rue des Lilas" in reveal(client, person)


def test_a_lost_key_leaves_a_poorer_page(client: Client, now: datetime) -> None:
    row = incident(now, meetup=None, owner=None)
    person = responder(row, now)
    destroy_data_key(row.data_key.pk, now=now)

    text = reveal(client, person)

    assert "Des détails ne peuvent pas être lus." in text
    assert "Je ne connais pas le lieu." in text
    assert "Une personne que je connais" in text


def test_the_timeline_names_kinds_and_never_a_silent_trigger(client: Client, now: datetime) -> None:
    row = incident(now, trigger=Trigger.Duress, snapshot=snapshot(now))
    note(row, EventKind.IncidentUpgraded, at=now, trigger="duress")
    note(row, EventKind.Declined, at=now, responder_id=str(uuid4()))
    person = responder(row, now)

    text = read(client, person).replace("\xa0", " ")

    assert "Un autre contact : je ne peux pas" in text
    assert "duress" not in client.get(path_of(person)).content.decode()
    assert text.count("Demande d'aide") >= 2
