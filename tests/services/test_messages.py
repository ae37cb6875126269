"""From rows to words: each recipient, each way to lack something."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.conf import alerts_settings
from alerts.delivery.provider import OutboundMessage
from alerts.domain.gsm7 import measure
from alerts.domain.states import Channel, Purpose, RecipientKind, Trigger
from alerts.models import Contact, DataKey, Delivery, User
from alerts.models.sealed import seal_column
from alerts.sealing.tokens import LinkPurpose, derive_token, link_url
from alerts.services.sending.dispatch import load_for_sending
from alerts.services.sending.messages import Unsendable, compose
from tests.factories import (
    DeliveryFactory,
    IncidentFactory,
    MeetupFactory,
    ResponderFactory,
    TimerFactory,
)
from tests.services.sending import code_delivery

pytestmark = pytest.mark.django_db
HALF_PAST_TEN = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)  # 22:30 in Paris


def written(delivery: Delivery, *, now: datetime = HALF_PAST_TEN) -> OutboundMessage:
    """Return the message of a delivery, which must be one."""
    message = composed(delivery, now=now)
    assert isinstance(message, OutboundMessage)
    return message


def composed(delivery: Delivery, *, now: datetime = HALF_PAST_TEN) -> OutboundMessage | Unsendable:
    return compose(load_for_sending([delivery.pk]), now=now)[delivery.pk]


def alert(text: str = "S06", **fields: Any) -> Delivery:
    """Return a delivery to Mia about an incident of half past ten."""
    incident = fields.pop("incident", None) or IncidentFactory.create(due_at=HALF_PAST_TEN)
    responder = ResponderFactory.create(incident=incident, **fields.pop("responder", {}))
    return DeliveryFactory.create(responder=responder, text=text, **fields)


def test_an_alert_names_the_alias_the_time_and_the_contacts_own_link() -> None:
    delivery = alert()

    message = written(delivery)

    token = derive_token(LinkPurpose.Responder, str(delivery.responder_id), 1)
    assert message.body == (
        "(figue) Ana n'a pas donné de nouvelles à 22h30 comme prévu. Essayez de l'appeler."
        f" Danger : 17 ou 112. Agir : {link_url(LinkPurpose.Responder, token)}"
    )
    assert (message.validity_seconds, message.purpose) == (36_000, Purpose.Alert)
    assert measure(message.body.replace(alerts_settings().public_url, "https://vigie.app"))


def test_a_text_is_in_the_contacts_language_and_for_their_country() -> None:
    message = written(alert("S07", responder={"language": "en", "country": "GB"}))

    assert message.body.startswith("(figue) Ana asks for help (22:30). Do NOT call")
    assert "see the link" in message.body


def test_who_acts_is_named_only_if_they_allow_it() -> None:
    incident = IncidentFactory.create(due_at=HALF_PAST_TEN)
    for shows, expected in ((True, "(figue) Leo s'occupe"), (False, "(figue) Un contact s'occupe")):
        leo = ResponderFactory.create(
            incident=incident, profile={"name": "Leo"}, shows_name_to_others=shows
        )
        message = written(alert("S09", incident=incident, about=leo))
        assert message.body.startswith(expected)


def test_an_all_clear_names_the_time_it_was_given() -> None:
    delivery = alert("S11", purpose=Purpose.StandDown, instant=HALF_PAST_TEN + timedelta(hours=1))

    assert "va bien et l'a confirmé à 23h30" in written(delivery).body


def test_an_alias_that_cannot_be_written_becomes_somebody() -> None:
    for text, expected in (("S06", "Pas de nouvelles d'une"), ("S07", "Une personne qui compte")):
        message = written(alert(text, responder={"profile": {"owner_alias": "李"}}))
        assert message.body.startswith(f"(figue) {expected}")


def test_a_lost_incident_key_leaves_what_lies_under_the_contacts_own(mia: Contact) -> None:
    delivery = alert(responder={"contact": mia})
    assert delivery.incident is not None
    DataKey.objects.filter(pk=delivery.incident.data_key_id).update(wrapped=None)

    assert written(delivery).body.startswith("(figue) Ana n'a pas")


def test_nothing_to_read_is_unsendable_and_stops_no_other() -> None:
    lost, fine = alert(), alert()
    assert lost.incident is not None
    DataKey.objects.filter(pk=lost.incident.data_key_id).update(wrapped=None)
    broken = alert("S99")

    messages = compose(load_for_sending([lost.pk, fine.pk, broken.pk]), now=HALF_PAST_TEN)

    assert messages[lost.pk] == Unsendable("cannot_open")
    assert messages[broken.pk] == Unsendable("cannot_render")
    assert isinstance(messages[fine.pk], OutboundMessage)


def test_composing_asks_the_database_nothing() -> None:
    rows = [alert(), alert("S09"), alert("S11")]
    loaded = load_for_sending([row.pk for row in rows])

    with CaptureQueriesContext(connection) as queries:
        assert len(compose(loaded, now=HALF_PAST_TEN)) == 3

    assert len(queries) == 0


def test_a_code_is_bound_to_the_page_that_asks_for_it(now: datetime) -> None:
    message = written(code_delivery(now, digits="654321"))

    assert message.body == (
        "654321 est votre code, valable 10 min. Ne le donnez à personne.\n\n@127.0.0.1 #654321"
    )
    assert message.validity_seconds == 300


def test_an_owner_is_reminded_in_neutral_words(ana: User) -> None:
    timer = TimerFactory.create(
        meetup=MeetupFactory.create(owner=ana), due_at=HALF_PAST_TEN, armed_at=HALF_PAST_TEN
    )
    reminder = DeliveryFactory.create(
        recipient_kind=RecipientKind.Owner,
        responder=None,
        incident=None,
        user=ana,
        timer=timer,
        text="S05",
        purpose=Purpose.Reminder,
    )

    message = written(reminder, now=HALF_PAST_TEN + timedelta(seconds=90))

    token = derive_token(LinkPurpose.OwnerTimer, str(timer.pk), 1)
    link = link_url(LinkPurpose.OwnerTimer, token)
    assert message.body == f"Minuteur terminé à 22h30. Validez dans les 9 min : {link}"


@pytest.mark.parametrize(
    ("text", "purpose"), [("S02", LinkPurpose.Invitation), ("S03", LinkPurpose.Contact)]
)
def test_an_invitation_and_its_proof_have_links_of_their_own(
    mia: Contact, text: str, purpose: LinkPurpose
) -> None:
    invitation = DeliveryFactory.create(
        recipient_kind=RecipientKind.Contact,
        responder=None,
        incident=None,
        contact=mia,
        text=text,
        purpose=Purpose.Invitation,
    )

    assert written(invitation).body.endswith(
        link_url(purpose, derive_token(purpose, str(mia.pk), 1))
    )


def test_details_without_web_are_for_those_who_may_know_the_place() -> None:
    for level, place in ((1, "12 rue des Lilas, Paris"), (0, "inconnu")):
        incident = IncidentFactory.create(due_at=HALF_PAST_TEN)
        body = written(alert("S16", incident=incident, responder={"disclosure_level": level})).body
        assert f"lieu prévu {place} (22h30)" in body


def test_the_last_position_is_the_latest_recorded() -> None:
    incident = IncidentFactory.create(due_at=HALF_PAST_TEN)
    fixes = [
        {"latitude": 48.9, "longitude": 2.4, "recorded_at": "2026-11-21T21:20:00+00:00"},
        {"latitude": 48.8, "longitude": 2.3, "recorded_at": "2026-11-21T21:10:00+00:00"},
    ]
    document = {"owner": None, "details": None, "positions": fixes}
    seal_column(incident, "sealed_snapshot", document, key=incident.data_key)
    incident.save()

    assert "Dernière position 48.9,2.4." in written(alert("S16", incident=incident)).body


def test_an_email_says_what_its_text_says() -> None:
    with_email = {"profile": {"email": "mia@example.org"}}
    message = written(alert(channel=Channel.Email, responder=with_email))
    assert (message.to, message.subject) == ("mia@example.org", "Ana vous a laissé un message")
    assert "Ana n'a pas donné de nouvelles à 22h30" in message.body

    plain = written(alert("S20", channel=Channel.Email, responder=with_email))
    assert plain.subject == "Ana vous a laissé un message"
    assert "n'a plus donné suite" in plain.body


def test_nobody_without_the_address_gets_an_email() -> None:
    assert composed(alert(channel=Channel.Email)) == Unsendable("no_address")


@pytest.mark.usefixtures("operator")
def test_the_operator_gets_ids_and_codes_only() -> None:
    incident = IncidentFactory.create(trigger=Trigger.Sos, number=4711)
    nobody = {"recipient_kind": RecipientKind.Operator, "responder": None}
    purpose = Purpose.Operator
    told = DeliveryFactory.create(**nobody, incident=incident, text="S25", purpose=purpose)
    trouble = DeliveryFactory.create(
        **nobody, incident=None, text="S25", purpose=purpose, dedupe_key="operator:20003:5:sms"
    )

    assert written(told).body.startswith("Incident 4711 :")
    assert (
        written(trouble).body == "Envoi des messages : incident technique (20003). Voir la console."
    )
    assert written(told).to == "+33639989999"
