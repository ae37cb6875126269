"""Rows for tests: valid and quiet by default, states as traits. Cast: Ana, Mia, Leo, Sam.

Call `UserFactory.create(…)`: it is typed, `UserFactory(…)` is not.
"""

# The library's declarations have no types:
# mypy: disable-error-code="no-untyped-call"

from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar
from uuid import uuid4

from django.db.models import Model
from factory.declarations import (
    LazyAttribute,
    LazyFunction,
    SelfAttribute,
    Sequence,
    SubFactory,
    Trait,
)
from factory.django import DjangoModelFactory
from rest_framework.test import APIClient

from alerts.clock import database_now
from alerts.domain.escalation import freeze_plan, make_plan
from alerts.domain.states import (
    Channel,
    ContactState,
    DeliveryState,
    IncidentState,
    MeetupState,
    Purpose,
    RecipientKind,
    TimerKind,
    TimerState,
    Trigger,
)
from alerts.models import (
    CheckInTimer,
    Contact,
    Delivery,
    Incident,
    Meetup,
    MeetupContact,
    Responder,
    Session,
    User,
)
from alerts.models.sealed import create_data_key, seal_column
from alerts.sealing.digests import phone_index
from alerts.sealing.pins import hash_pin

PIN = "2468"
DURESS_PIN = "1357"
MINUTE = timedelta(minutes=1)
Row = TypeVar("Row", bound=Model)


@lru_cache(maxsize=8)
def pin_hash_of(pin: str) -> str:
    """Return the hash of a PIN, computed once for all tests."""
    return hash_pin(pin)


def french_mobile(number: int) -> str:
    """Return one of the numbers that are kept for fiction (+33 6 39 98)."""
    return f"+336399{80000 + number % 10000:05}"


def sign_in(user: User) -> APIClient:
    """Return a client with a new session of this user."""
    session, token = Session.objects.create(user, last_seen_at=database_now())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    client.session_id = session.id  # type: ignore[attr-defined]
    return client


class SealedFactory(DjangoModelFactory[Row], Generic[Row]):
    """Makes rows with a data key of their own; `sealed` names columns and documents."""

    class Meta:
        abstract = True

    id = LazyFunction(uuid4)

    @classmethod
    def _create(cls, model_class: type[Row], *args: Any, **values: Any) -> Row:
        documents: dict[str, dict[str, Any]] = values.pop("sealed", {})
        now = database_now()
        values.setdefault("data_key", create_data_key(now=now))
        row = model_class(*args, **values)
        for column, document in documents.items():
            seal_column(row, column, document, key=values["data_key"])
        row.save(force_insert=True)
        return row


class UserFactory(SealedFactory[User]):
    """An owner who has set both PINs."""

    class Meta:
        model = User

    class Params:
        phone = Sequence(french_mobile)
        display_name = "Ana"
        without_pins = Trait(pin_hash="", duress_pin_hash="")

    phone_index = LazyAttribute(lambda user: phone_index(user.phone))
    pin_hash = LazyFunction(lambda: pin_hash_of(PIN))
    duress_pin_hash = LazyFunction(lambda: pin_hash_of(DURESS_PIN))
    created_at = LazyFunction(database_now)
    sealed = LazyAttribute(
        lambda user: {
            "sealed_profile": {
                "phone": user.phone,
                "display_name": user.display_name,
                "email": None,
            }
        }
    )


class ContactFactory(SealedFactory[Contact]):
    """A contact who has confirmed their number."""

    class Meta:
        model = Contact

    class Params:
        phone = Sequence(lambda number: french_mobile(5000 + number))
        name = "Mia"
        email = None
        owner_alias = "Ana"
        trust_word = "figue"
        invited = Trait(state=ContactState.Invited, confirmed_at=None)
        accepted = Trait(state=ContactState.Accepted, confirmed_at=None)

    owner = SubFactory(UserFactory)
    phone_index = LazyAttribute(lambda contact: phone_index(contact.phone))
    state = ContactState.Confirmed
    created_at = LazyFunction(database_now)
    confirmed_at = SelfAttribute("created_at")
    sealed = LazyAttribute(
        lambda contact: {
            "sealed_profile": {
                "name": contact.name,
                "phone": contact.phone,
                "email": contact.email,
                "owner_alias": contact.owner_alias,
                "trust_word": contact.trust_word,
            }
        }
    )


STRANGER = {
    "name": "Sam",
    "platform": "",
    "handle": "sam75",
    "profile_url": "",
    "phone": "",
    "vehicle": "",
    "notes": "",
}
PLACE = {
    "label": "Chez Sam",
    "address": "12 rue des Lilas, Paris",
    "access": "",
    "latitude": 48.86,
    "longitude": 2.35,
    "country": "FR",
}


class MeetupFactory(SealedFactory[Meetup]):
    """A running meetup with Sam; give it timers and contacts."""

    class Meta:
        model = Meetup

    class Params:
        planned = Trait(state=MeetupState.Planned)
        ended = Trait(state=MeetupState.Ended, ended_at=SelfAttribute("starts_at"))

    owner = SubFactory(UserFactory)
    state = MeetupState.Active
    starts_at = LazyFunction(database_now)
    last_deadline_at = LazyAttribute(lambda meetup: meetup.starts_at + 60 * MINUTE)
    time_zone = "Europe/Paris"
    country = "FR"
    grace_period = 10 * MINUTE
    extended_without_pin = timedelta(0)
    created_at = SelfAttribute("starts_at")
    sealed = LazyFunction(
        lambda: {"sealed_details": {"stranger": STRANGER, "place": PLACE, "earlier": []}}
    )

    @classmethod
    def _create(cls, model_class: type[Meetup], *args: Any, **values: Any) -> Meetup:
        contacts: list[Contact] = values.pop("contacts", [])
        meetup = super()._create(model_class, *args, **values)
        links = [MeetupContact(meetup=meetup, contact=contact) for contact in contacts]
        MeetupContact.objects.bulk_create(links)
        return meetup


class TimerFactory(DjangoModelFactory[CheckInTimer]):
    """An armed timer that is due in an hour."""

    class Meta:
        model = CheckInTimer

    class Params:
        overdue = Trait(
            state=TimerState.Overdue,
            due_at=LazyFunction(lambda: database_now() - MINUTE),
            next_action_at=SelfAttribute("alert_at"),
        )

    meetup = SubFactory(MeetupFactory)
    kind = TimerKind.End
    state = TimerState.Armed
    armed_at = LazyFunction(database_now)
    due_at = LazyAttribute(lambda timer: timer.armed_at + 60 * MINUTE)
    alert_at = LazyAttribute(lambda timer: timer.due_at + 10 * MINUTE)
    next_action_at = SelfAttribute("due_at")


class IncidentFactory(SealedFactory[Incident]):
    """An open incident about a missed check-in, its next step due now."""

    class Meta:
        model = Incident

    meetup = SubFactory(MeetupFactory, state=MeetupState.Alerting)
    owner = SelfAttribute("meetup.owner")
    number = Sequence(lambda number: 1000 + number)
    trigger = Trigger.MissedCheckIn
    state = IncidentState.Open
    plan = LazyAttribute(
        lambda incident: freeze_plan(make_plan(Trigger(incident.trigger), scale=1))
    )
    opened_at = LazyFunction(database_now)
    plan_started_at = SelfAttribute("opened_at")
    next_step_at = SelfAttribute("opened_at")
    due_at = SelfAttribute("opened_at")
    time_zone = "Europe/Paris"
    country = "FR"
    sealed = LazyFunction(
        lambda: {
            "sealed_snapshot": {
                "owner": {"display_name": "Ana", "phone": french_mobile(1)},
                "details": {"stranger": STRANGER, "place": PLACE, "earlier": []},
                "positions": [],
            }
        }
    )


class ResponderFactory(DjangoModelFactory[Responder]):
    """A confirmed contact as an incident knows them; the profile is under the incident's key."""

    class Meta:
        model = Responder

    class Params:
        phone = Sequence(lambda number: french_mobile(5000 + number))
        profile: ClassVar[dict[str, Any]] = {}

    id = LazyFunction(uuid4)
    incident = SubFactory(IncidentFactory)
    contact_id_at_opening = LazyFunction(uuid4)
    phone_index = LazyAttribute(lambda responder: phone_index(responder.phone))
    is_confirmed = True
    language = "fr"
    country = "FR"
    circle = 1
    disclosure_level = 1
    gives_place = True
    shows_name_to_others = False
    sealed_document = LazyAttribute(
        lambda responder: {
            "name": "Mia",
            "phone": responder.phone,
            "email": None,
            "owner_alias": "Ana",
            "trust_word": "figue",
            "owner_phone": None,
            **responder.profile,
        }
    )

    @classmethod
    def _create(cls, model_class: type[Responder], *args: Any, **values: Any) -> Responder:
        document = values.pop("sealed_document")
        row = model_class(*args, **values)
        key = values["incident"].data_key
        seal_column(row, "sealed_profile", document, key=key)
        row.save(force_insert=True)
        return row


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """A first alert by SMS, queued and due now."""

    class Meta:
        model = Delivery

    id = LazyFunction(uuid4)
    dedupe_key = Sequence(lambda number: f"test:{number}:sms")
    purpose = Purpose.Alert
    channel = Channel.Sms
    text = "S06"
    state = DeliveryState.Queued
    created_at = LazyFunction(database_now)
    next_action_at = SelfAttribute("created_at")
    recipient_kind = RecipientKind.Responder
    responder = SubFactory(ResponderFactory)
    incident = SelfAttribute("responder.incident")
