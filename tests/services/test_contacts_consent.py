"""What contacts do by their own links: accept, refuse, prove, stop."""

from collections.abc import Callable
from datetime import datetime

import pytest

from alerts.domain.errors import NotFound, NotPossibleNow
from alerts.domain.events import EventKind
from alerts.domain.states import ContactState, DeliveryState
from alerts.models import (
    Contact,
    Delivery,
    Event,
    User,
)
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import open_profile
from alerts.selectors.links import find_link_subject
from alerts.services.contacts.consent import (
    accept_invitation,
    confirm_number,
    refuse_from_alert,
    refuse_invitation,
    stop_by_link,
    stop_contact,
    stop_from_alert,
    undo_stop,
)
from alerts.services.contacts.contacts import NewContact, create_contact
from alerts.services.contacts.data import (
    Correction,
    Preferences,
    correct_contact,
    erase_contact,
)
from tests.contact_steps import (
    invitation_token,
    proof_token,
    state_of,
    texts,
    with_link,
)
from tests.factories import (
    ContactFactory,
    IncidentFactory,
    ResponderFactory,
    french_mobile,
)

PREFERENCES = Preferences(language="en", country="BE", shows_name_to_others=True)
CORRECTION = Correction(name="Amélie", email="amelie@example.org", preferences=PREFERENCES)

HOLDER_ACTIONS: list[Callable[..., object]] = [
    confirm_number,
    stop_by_link,
    undo_stop,
    erase_contact,
    lambda **values: correct_contact(correction=CORRECTION, **values),
]


@pytest.fixture
def invited(ana: User, now: datetime) -> Contact:
    entry = NewContact(name="Mia", phone=french_mobile(7001))
    return create_contact(owner=ana, entry=entry, now=now)


@pytest.fixture
def accepted(invited: Contact, now: datetime) -> Contact:
    return accept_invitation(token=invitation_token(invited), now=now)


# --- the invitation -------------------------------------------------------------------------


def test_a_yes_agrees_on_a_trust_word_and_sends_the_proof(invited: Contact, now: datetime) -> None:
    contact = accept_invitation(token=invitation_token(invited), now=now)

    assert contact.state == ContactState.Accepted
    assert open_profile(contact).trust_word
    delivery = Delivery.objects.get()
    assert (delivery.text, delivery.contact_id) == ("S03", contact.pk)
    assert find_link_subject(LinkPurpose.Contact, proof_token(contact), now=now) == contact.pk


def test_a_double_tap_sends_one_proof_and_keeps_the_word(accepted: Contact, now: datetime) -> None:
    word = open_profile(accepted).trust_word

    again = accept_invitation(token=invitation_token(accepted), now=now)

    assert open_profile(again).trust_word == word
    assert texts() == ["S03"]


def test_a_no_is_final_and_the_owner_is_told(invited: Contact, now: datetime) -> None:
    refuse_invitation(token=invitation_token(invited), now=now)
    refuse_invitation(token=invitation_token(invited), now=now)

    assert state_of(invited) == ContactState.Refused
    assert texts() == ["S23"]
    assert Event.objects.filter(kind=EventKind.ContactRefused).count() == 1
    with pytest.raises(NotPossibleNow):
        accept_invitation(token=invitation_token(invited), now=now)


def test_a_mistaken_yes_can_be_taken_back_and_the_proof_does_not_leave(
    accepted: Contact, now: datetime
) -> None:
    refuse_invitation(token=invitation_token(accepted), now=now)

    assert state_of(accepted) == ContactState.Refused
    assert Delivery.objects.get(text="S03").state == DeliveryState.Cancelled
    with pytest.raises(NotPossibleNow):
        confirm_number(token=proof_token(accepted), now=now)


@pytest.mark.parametrize("state", list(ContactState))
def test_the_invitations_link_leads_neither_to_confirmed_nor_to_stopped(
    ana: User, now: datetime, state: ContactState
) -> None:
    contact = with_link(ContactFactory.create(owner=ana, state=state), now)
    token = invitation_token(contact)

    for act in HOLDER_ACTIONS:
        with pytest.raises(NotFound):
            act(token=token, now=now)
    for answer in (accept_invitation, refuse_invitation):
        try:
            answer(token=token, now=now)
        except NotPossibleNow:
            assert state_of(contact) == state

    reached = state_of(contact)
    assert reached == state or reached not in {ContactState.Confirmed, ContactState.Stopped}


@pytest.mark.parametrize("act", [accept_invitation, refuse_invitation])
def test_the_proofs_link_does_not_answer_the_invitation(
    accepted: Contact, now: datetime, act: Callable[..., object]
) -> None:
    with pytest.raises(NotFound):
        act(token=proof_token(accepted), now=now)


def test_an_older_version_of_a_link_opens_nothing(accepted: Contact, now: datetime) -> None:
    old = proof_token(accepted)
    Contact.objects.filter(pk=accepted.pk).update(proof_version=2)

    with pytest.raises(NotFound):
        confirm_number(token=old, now=now)


# --- the proof ------------------------------------------------------------------------------


def test_received_makes_the_contact_confirmed(accepted: Contact, now: datetime) -> None:
    for _ in range(2):
        contact = confirm_number(token=proof_token(accepted), now=now)

    assert contact.state == ContactState.Confirmed
    assert (contact.next_action_at, contact.lapses_at) == (None, None)
    assert Event.objects.filter(kind=EventKind.ContactConfirmed).count() == 1


def test_received_again_makes_an_unreachable_contact_confirmed(ana: User, now: datetime) -> None:
    mia = with_link(ContactFactory.create(owner=ana, state=ContactState.Unreachable), now)

    assert confirm_number(token=proof_token(mia), now=now).state == ContactState.Confirmed


@pytest.mark.parametrize(
    "state",
    [ContactState.Invited, ContactState.Refused, ContactState.Lapsed, ContactState.Stopped],
)
def test_received_proves_nothing_without_a_yes(
    ana: User, now: datetime, state: ContactState
) -> None:
    mia = with_link(ContactFactory.create(owner=ana, state=state), now)

    with pytest.raises(NotPossibleNow):
        confirm_number(token=proof_token(mia), now=now)
    assert state_of(mia) == state


# --- stopping -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [s for s in ContactState if s is not ContactState.Stopped])
def test_stopping_is_possible_from_every_state(
    ana: User, now: datetime, state: ContactState
) -> None:
    mia = with_link(ContactFactory.create(owner=ana, state=state), now)

    stop_by_link(token=proof_token(mia), now=now)
    stop_by_link(token=proof_token(mia), now=now)

    assert state_of(mia) == ContactState.Stopped
    assert sorted(texts()) == ["S15", "S23"]


def test_only_the_contact_takes_a_stop_back(ana: User, mia: Contact, now: datetime) -> None:
    with_link(mia, now)
    stop_by_link(token=proof_token(mia), now=now)

    assert undo_stop(token=proof_token(mia), now=now).state == ContactState.Confirmed
    assert undo_stop(token=proof_token(mia), now=now).state == ContactState.Confirmed
    assert Event.objects.filter(kind=EventKind.ContactStopUndone, user_id=ana.pk).count() == 1


def test_nothing_to_undo_is_refused(accepted: Contact, now: datetime) -> None:
    with pytest.raises(NotPossibleNow):
        undo_stop(token=proof_token(accepted), now=now)


def test_a_stop_by_another_way_gives_a_link_to_undo_it(invited: Contact, now: datetime) -> None:
    stop_contact(contact_id=invited.pk, now=now)

    contact = undo_stop(token=proof_token(invited), now=now)
    assert contact.state == ContactState.Confirmed
    assert open_profile(contact).trust_word


def test_a_stop_takes_back_what_is_queued(accepted: Contact, now: datetime) -> None:
    stop_by_link(token=proof_token(accepted), now=now)

    assert Delivery.objects.get(text="S03").state == DeliveryState.Cancelled
    assert Delivery.objects.get(text="S15").state == DeliveryState.Queued


def test_a_stop_silences_incidents_and_an_undo_takes_it_back(
    ana: User, mia: Contact, now: datetime
) -> None:
    with_link(mia, now)
    responder = ResponderFactory.create(
        incident=IncidentFactory.create(meetup__owner=ana),
        contact=mia,
        contact_id_at_opening=mia.pk,
    )

    stop_by_link(token=proof_token(mia), now=now)
    responder.refresh_from_db()
    assert responder.stopped_at == now

    undo_stop(token=proof_token(mia), now=now)
    responder.refresh_from_db()
    assert responder.stopped_at is None


def test_a_stop_on_an_alert_page_stops_the_contact(ana: User, mia: Contact, now: datetime) -> None:
    responder = ResponderFactory.create(
        incident=IncidentFactory.create(meetup__owner=ana),
        contact=mia,
        contact_id_at_opening=mia.pk,
    )

    for _ in range(2):
        stop_from_alert(responder_id=responder.pk, now=now)

    responder.refresh_from_db()
    assert (state_of(mia), responder.stopped_at) == (ContactState.Stopped, now)
    assert sorted(texts()) == ["S15", "S23"]


def test_a_no_on_an_alert_page_is_a_no_to_the_invitation(
    ana: User, invited: Contact, now: datetime
) -> None:
    responder = ResponderFactory.create(
        incident=IncidentFactory.create(meetup__owner=ana),
        contact=invited,
        contact_id_at_opening=invited.pk,
        is_confirmed=False,
    )

    refuse_from_alert(responder_id=responder.pk, now=now)

    assert state_of(invited) == ContactState.Refused
    assert texts() == ["S23"]


@pytest.mark.parametrize("act", [stop_from_alert, refuse_from_alert])
def test_whose_contact_was_deleted_still_leaves_the_incident(
    ana: User, now: datetime, act: Callable[..., None]
) -> None:
    responder = ResponderFactory.create(
        incident=IncidentFactory.create(meetup__owner=ana), is_confirmed=False
    )

    act(responder_id=responder.pk, now=now)

    responder.refresh_from_db()
    assert responder.stopped_at == now
