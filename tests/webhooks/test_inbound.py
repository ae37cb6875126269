"""What people text back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.http import HttpResponse

from alerts.conf import alerts_settings
from alerts.domain.states import ContactState, IncidentState
from alerts.models import Acknowledgement, Contact, Delivery, Incident, Responder
from alerts.sealing.digests import phone_index
from tests.factories import DeliveryFactory, IncidentFactory, ResponderFactory
from tests.services.sending import accept, take
from tests.webhooks.signing import post_signed

pytestmark = pytest.mark.django_db
MIA = "+33639985555"
numbers = count()


@pytest.fixture
def two_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the installation a sender that takes replies."""
    monkeypatch.setenv("TWILIO_TWO_WAY", "1")
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()


@pytest.fixture
def one_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the installation a sender that nobody can reply to."""
    monkeypatch.setenv("TWILIO_TWO_WAY", "0")
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()


def reply(body: str, *, sender: str = MIA, sid: str = "", **fields: str) -> HttpResponse:
    """Text something back; each call is another message unless `sid` is given."""
    form = {"From": sender, "Body": body, "MessageSid": sid or f"SM{next(numbers)}", **fields}
    return post_signed("/webhooks/twilio/inbound", form)


def told(now: datetime, **incident: object) -> Responder:
    """Return Mia in an incident of which a text has just told her."""
    responder = ResponderFactory.create(phone=MIA, incident=IncidentFactory.create(**incident))
    DeliveryFactory.create(responder=responder, created_at=now)
    for claimed in take(now):
        accept(claimed, now=now)
    return responder


def state_of(responder: Responder) -> str:
    return str(Incident.objects.get(pk=responder.incident_id).state)


@pytest.mark.usefixtures("two_way")
def test_one_means_i_am_on_it(now: datetime) -> None:
    responder = told(now)

    assert reply("1").content == b"<Response/>"

    assert state_of(responder) == IncidentState.Acknowledged
    assert Acknowledgement.objects.get().responder_id == responder.pk


@pytest.mark.usefixtures("one_way")
def test_without_a_two_way_sender_a_reply_says_nothing(now: datetime) -> None:
    responder = told(now)

    assert reply("1").status_code == 200
    assert state_of(responder) == IncidentState.Open


@pytest.mark.usefixtures("two_way")
def test_the_same_text_again_renews_nothing(now: datetime) -> None:
    told(now)
    reply("1", sid="SMsame")
    before = Acknowledgement.objects.get().updated_at

    reply("1", sid="SMsame")

    assert Acknowledgement.objects.get().updated_at == before


@pytest.mark.usefixtures("two_way")
def test_a_reply_is_about_what_was_last_told_unless_it_names_another(now: datetime) -> None:
    older = told(now, number=7)
    newer = told(now + timedelta(minutes=1), number=8)

    reply("1")
    assert (state_of(older), state_of(newer)) == (IncidentState.Open, IncidentState.Acknowledged)

    reply("1 7")
    assert state_of(older) == IncidentState.Acknowledged


@pytest.mark.usefixtures("two_way")
def test_two_means_i_cannot_and_is_answered(now: datetime) -> None:
    responder = told(now)

    reply("2")

    assert Responder.objects.get().declined_at is not None
    answer = Delivery.objects.get(text="S10")
    assert answer.responder_id == responder.pk
    assert state_of(responder) == IncidentState.Open


@pytest.mark.usefixtures("two_way")
def test_three_gives_the_details_to_those_who_may_know_them(now: datetime) -> None:
    told(now)
    reply("3")
    assert Delivery.objects.filter(text="S16").count() == 1

    Responder.objects.update(disclosure_level=0)
    reply("3")
    assert Delivery.objects.filter(text="S16").count() == 1
    assert Delivery.objects.filter(text="S08").count() == 1


@pytest.mark.usefixtures("two_way")
def test_no_word_ends_an_incident(now: datetime) -> None:
    responder = told(now)
    for words in ("safe", "ok", "all is well", "1 please", "11", "END 1x", "résolu", ""):
        reply(words)
    assert state_of(responder) == IncidentState.Open


@pytest.mark.parametrize(
    ("body", "fields"), [("Stop", {}), ("ARRÊT !", {}), ("anything", {"OptOutType": "STOP"})]
)
def test_stop_stops_everything_even_where_replies_are_not_taken(
    now: datetime, mia: Contact, body: str, fields: dict[str, str]
) -> None:
    Contact.objects.update(phone_index=phone_index(MIA))
    orphan = told(now)

    reply(body, **fields)

    mia.refresh_from_db()
    assert mia.state == ContactState.Stopped
    orphan.refresh_from_db()
    assert orphan.stopped_at is not None


def test_whoever_asks_is_told_who_writes() -> None:
    answer = reply("Aide", sender="+33639980042").content.decode()

    assert answer == "<Response><Message>Vigie. http://127.0.0.1:8000</Message></Response>"


@pytest.mark.usefixtures("two_way")
def test_a_strangers_text_changes_nothing(now: datetime) -> None:
    responder = told(now)
    for sender in ("+33639980042", "", "anonymous", "\x00"):
        assert reply("1", sender=sender).status_code == 200
    assert state_of(responder) == IncidentState.Open
