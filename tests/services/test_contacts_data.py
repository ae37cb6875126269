"""What the owner is told of contacts who leave, and what contacts do with their data."""

from datetime import datetime, timedelta

import pytest

from alerts.domain.errors import LatinFormRequired, NotFound
from alerts.domain.events import EventKind
from alerts.domain.states import ContactState, Trigger
from alerts.models import (
    Contact,
    DataKey,
    Event,
    OwnerIncident,
    Refusal,
    User,
)
from alerts.sealing.digests import phone_index
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import open_profile
from alerts.services.contacts.consent import (
    accept_invitation,
    mark_unreachable,
    stop_by_link,
    undo_stop,
)
from alerts.services.contacts.contacts import NewContact, create_contact
from alerts.services.contacts.data import (
    Correction,
    Preferences,
    correct_contact,
    erase_contact,
    set_preferences,
)
from alerts.services.links import revoke_links
from tests.contact_steps import invitation_token, proof_token, state_of, texts, with_link
from tests.factories import (
    ContactFactory,
    IncidentFactory,
    MeetupFactory,
    french_mobile,
)

PREFERENCES = Preferences(language="en", country="BE", shows_name_to_others=True)
CORRECTION = Correction(name="Amélie", email="amelie@example.org", preferences=PREFERENCES)


@pytest.fixture
def invited(ana: User, now: datetime) -> Contact:
    entry = NewContact(name="Mia", phone=french_mobile(7001))
    return create_contact(owner=ana, entry=entry, now=now)


@pytest.fixture
def accepted(invited: Contact, now: datetime) -> Contact:
    return accept_invitation(token=invitation_token(invited), now=now)


# --- the owner is told ----------------------------------------------------------------------


def test_tapping_to_and_fro_makes_one_text_in_ten_minutes(mia: Contact, now: datetime) -> None:
    with_link(mia, now)
    start = now.replace(minute=0, second=0)
    for second in range(4):
        at = start + timedelta(seconds=second)
        stop_by_link(token=proof_token(mia), now=at)
        undo_stop(token=proof_token(mia), now=at)
    assert sorted(texts()) == ["S15", "S23"]

    stop_by_link(token=proof_token(mia), now=start + timedelta(minutes=10))
    assert sorted(texts()) == ["S15", "S15", "S23", "S23"]


def test_the_last_confirmed_contact_of_a_running_meetup_leaves(
    ana: User, mia: Contact, leo: Contact, now: datetime
) -> None:
    meetup = MeetupFactory.create(owner=ana, contacts=[mia, leo])
    MeetupFactory.create(owner=ana, planned=True, contacts=[mia])
    lost = Event.objects.filter(kind=EventKind.NoReachableContact)

    stop_by_link(token=proof_token(with_link(mia, now)), now=now)
    assert not lost.exists()

    mark_unreachable(contact_id=leo.pk, now=now)
    assert [event.meetup_id for event in lost] == [meetup.pk]


def test_after_an_sos_the_owners_phone_stays_quiet(ana: User, mia: Contact, now: datetime) -> None:
    meetup = MeetupFactory.create(owner=ana)
    incident = IncidentFactory.create(meetup=meetup, trigger=Trigger.Sos)
    OwnerIncident.objects.create(
        owner=ana, meetup=meetup, incident=incident, trigger=Trigger.Sos, opened_at=now
    )

    stop_by_link(token=proof_token(with_link(mia, now)), now=now)

    assert texts() == ["S15"]
    assert Event.objects.filter(kind=EventKind.ContactStopped).exists()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (ContactState.Confirmed, ContactState.Unreachable, ["S23"]),
        (ContactState.Unreachable, ContactState.Unreachable, []),
        (ContactState.Accepted, ContactState.Accepted, ["S23"]),
        (ContactState.Stopped, ContactState.Stopped, []),
    ],
)
def test_a_number_that_rejects_texts(
    ana: User, now: datetime, before: ContactState, after: ContactState, told: list[str]
) -> None:
    mia = ContactFactory.create(owner=ana, state=before)

    for _ in range(2):
        mark_unreachable(contact_id=mia.pk, now=now)

    assert (state_of(mia), texts()) == (after, told)


def test_a_contact_deleted_meanwhile_is_no_error(mia: Contact, now: datetime) -> None:
    contact_id = mia.pk
    mia.delete()

    mark_unreachable(contact_id=contact_id, now=now)

    assert texts() == []


# --- their own data -------------------------------------------------------------------------


def test_the_holder_of_the_number_corrects_all_but_the_number(
    accepted: Contact, now: datetime
) -> None:
    phone = open_profile(accepted).phone

    contact = correct_contact(token=proof_token(accepted), correction=CORRECTION, now=now)

    profile = open_profile(contact)
    assert (profile.name, profile.email, profile.phone) == ("Amélie", "amelie@example.org", phone)
    assert (contact.language, contact.country, contact.shows_name_to_others) == ("en", "BE", True)


def test_a_name_that_no_text_could_show_is_not_taken(accepted: Contact, now: datetime) -> None:
    correction = Correction(name="…", email=None, preferences=PREFERENCES)

    with pytest.raises(LatinFormRequired):
        correct_contact(token=proof_token(accepted), correction=correction, now=now)


def test_preferences_are_given_on_the_page_of_the_yes(accepted: Contact, now: datetime) -> None:
    contact = set_preferences(
        purpose=LinkPurpose.Invitation,
        token=invitation_token(accepted),
        preferences=PREFERENCES,
        now=now,
    )

    assert (contact.language, contact.country, contact.shows_name_to_others) == ("en", "BE", True)


def test_erasing_leaves_only_that_the_number_said_no(
    ana: User, accepted: Contact, now: datetime
) -> None:
    token = proof_token(accepted)

    erase_contact(token=token, now=now)

    assert not Contact.objects.filter(pk=accepted.pk).exists()
    assert DataKey.objects.get(pk=accepted.data_key_id).wrapped is None
    assert bytes(Refusal.objects.get(owner=ana).phone_index) == phone_index(french_mobile(7001))
    assert texts() == ["S23"]
    assert Event.objects.filter(kind=EventKind.ContactErased, user_id=ana.pk).exists()
    with pytest.raises(NotFound):
        erase_contact(token=token, now=now)


def test_a_revoked_link_erases_nothing(accepted: Contact, now: datetime) -> None:
    token = proof_token(accepted)
    revoke_links([accepted.pk], now=now)

    with pytest.raises(NotFound):
        erase_contact(token=token, now=now)
    assert Contact.objects.filter(pk=accepted.pk).exists()
