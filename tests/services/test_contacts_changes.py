"""Changing and deleting trusted contacts, and the PIN it takes."""

from datetime import datetime
from typing import Any

import pytest

from alerts.domain.errors import (
    DuplicateContact,
    ImpossibleMove,
    ImpossiblePhone,
    NotFound,
    NumberRefused,
    PinRequired,
    PinWrong,
)
from alerts.domain.events import EventKind
from alerts.domain.states import ContactState, DeliveryState
from alerts.models import Contact, DataKey, Delivery, Event, MeetupContact, PinEntry, User
from alerts.models.sealed import open_column
from alerts.sealing.digests import phone_index
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import open_profile, view_contact
from alerts.selectors.links import find_link_subject
from alerts.services.contacts.contacts import (
    delete_contact,
    update_contact,
)
from tests.contact_steps import (
    AS_WRITTEN,
    MIAS_NUMBER,
    add,
    change,
    queue_text,
    remove,
    rows_of,
    token_of,
)
from tests.factories import (
    DURESS_PIN,
    PIN,
    ContactFactory,
    MeetupFactory,
    UserFactory,
    french_mobile,
)


def test_what_is_not_named_stays(ana: User) -> None:
    mia = ContactFactory.create(owner=ana, email="mia@example.org")

    changed = change(mia, name="Amélia", circle=2)

    profile = open_profile(changed)
    assert (profile.name, profile.email, profile.trust_word) == (
        "Amélia",
        "mia@example.org",
        "figue",
    )
    assert (changed.circle, changed.disclosure_level, changed.state) == (2, 1, "confirmed")


def test_a_new_number_starts_again_from_the_invitation(mia: Contact, now: datetime) -> None:
    before = mia.invitation_version, mia.proof_version

    changed = change(mia, phone=AS_WRITTEN)

    assert changed.state == ContactState.Invited
    assert (changed.invitation_version, changed.proof_version) == (before[0] + 1, before[1] + 1)
    assert bytes(changed.phone_index) == phone_index(MIAS_NUMBER)
    assert open_profile(changed).trust_word is None
    assert changed.confirmed_at is None
    assert find_link_subject(
        LinkPurpose.Invitation, token_of(view_contact(changed).invite_url), now=now
    )


def test_a_new_number_kills_the_old_links_and_what_was_queued(ana: User, now: datetime) -> None:
    mia = add(ana, now)
    old_token = token_of(view_contact(mia).invite_url)
    delivery = queue_text(mia, now)

    change(mia, phone=french_mobile(7002))

    assert find_link_subject(LinkPurpose.Invitation, old_token, now=now) is None
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.Cancelled


def test_the_same_number_written_otherwise_is_no_new_one(ana: User) -> None:
    mia = ContactFactory.create(owner=ana, phone=MIAS_NUMBER)

    assert change(mia, phone=AS_WRITTEN).state == ContactState.Confirmed


def test_a_changed_number_passes_the_same_checks(ana: User, mia: Contact, leo: Contact) -> None:
    MeetupFactory.create(owner=ana, ended=True)
    number = open_profile(leo).phone

    with pytest.raises(DuplicateContact):
        change(mia, phone=number)
    with pytest.raises(ImpossiblePhone):
        change(mia, phone="12")


def test_whoever_stopped_does_not_come_back_by_another_number(ana: User) -> None:
    stopped = ContactFactory.create(owner=ana, state=ContactState.Stopped)

    with pytest.raises(ImpossibleMove):
        change(stopped, phone=AS_WRITTEN)


@pytest.mark.parametrize("state", [ContactState.Refused, ContactState.Stopped])
def test_a_number_that_said_no_is_not_added_anew(
    ana: User, now: datetime, state: ContactState
) -> None:
    remove(ContactFactory.create(owner=ana, phone=MIAS_NUMBER, state=state))

    with pytest.raises(NumberRefused):
        add(ana, now)

    assert add(UserFactory.create(), now).state == ContactState.Invited


# --- the PIN --------------------------------------------------------------------------------


WEAKENING: list[dict[str, Any]] = [
    {"phone": AS_WRITTEN},
    {"disclosure_level": 0},
    {"circle": 2},
    {"email": None},
    {"shows_owner_phone": False},
]


@pytest.mark.parametrize("changes", WEAKENING)
def test_what_weakens_takes_the_pin_while_a_meetup_is_not_ended(
    ana: User, changes: dict[str, Any]
) -> None:
    mia = ContactFactory.create(owner=ana, email="mia@example.org", shows_owner_phone=True)
    MeetupFactory.create(owner=ana, planned=True)

    with pytest.raises(PinRequired):
        change(mia, **changes)
    with pytest.raises(PinWrong):
        change(mia, pin="9999", **changes)
    assert not PinEntry.objects.exists()

    change(mia, pin=PIN, **changes)
    assert PinEntry.objects.get().action == "change_contact"


@pytest.mark.parametrize("changes", WEAKENING)
def test_without_a_meetup_no_pin_is_asked(ana: User, changes: dict[str, Any]) -> None:
    mia = ContactFactory.create(owner=ana, email="mia@example.org", shows_owner_phone=True)
    MeetupFactory.create(owner=ana, ended=True)
    MeetupFactory.create()  # somebody else's

    change(mia, **changes)

    assert not PinEntry.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"disclosure_level": 3}, {"circle": 1}, {"name": "Amy"}, {"email": "m@example.org"}]
)
def test_what_does_not_weaken_takes_no_pin(ana: User, changes: dict[str, Any]) -> None:
    mia = ContactFactory.create(owner=ana, circle=2)
    MeetupFactory.create(owner=ana)

    assert change(mia, **changes).state == ContactState.Confirmed


def test_deleting_takes_the_pin_while_a_meetup_is_not_ended(ana: User, mia: Contact) -> None:
    MeetupFactory.create(owner=ana, contacts=[mia])

    with pytest.raises(PinRequired):
        remove(mia)

    remove(mia, pin=PIN)
    assert not Contact.objects.filter(pk=mia.pk).exists()


@pytest.mark.parametrize("pin", [PIN, DURESS_PIN])
def test_both_pins_do_the_same_and_the_snapshot_shows_what_was_before(
    ana: User, mia: Contact, pin: str
) -> None:
    MeetupFactory.create(owner=ana, contacts=[mia])
    phone = open_profile(mia).phone

    remove(mia, pin=pin)

    pin_entry = PinEntry.objects.select_related("data_key").get()
    snapshot = open_column(pin_entry, "sealed_snapshot", key=pin_entry.data_key)
    assert [c["profile"]["phone"] for c in snapshot["contacts"]] == [phone]
    assert not Contact.objects.exists()


def test_a_refused_change_does_not_undo_the_call_for_help(
    ana: User, mia: Contact, leo: Contact
) -> None:
    MeetupFactory.create(owner=ana, contacts=[mia])

    with pytest.raises(DuplicateContact):
        change(mia, pin=DURESS_PIN, phone=open_profile(leo).phone)

    assert PinEntry.objects.count() == 1


# --- deleting -------------------------------------------------------------------------------


def test_a_deleted_contact_leaves_no_key_no_link_and_no_row(ana: User, now: datetime) -> None:
    mia = add(ana, now)
    MeetupContact.objects.create(meetup=MeetupFactory.create(owner=ana, ended=True), contact=mia)
    queue_text(mia, now)
    token = token_of(view_contact(mia).invite_url)

    remove(mia)

    assert DataKey.objects.get(pk=mia.data_key_id).wrapped is None
    assert find_link_subject(LinkPurpose.Invitation, token, now=now) is None
    for model in (Contact, Delivery, MeetupContact):
        assert rows_of(model) == 0


def test_what_belongs_to_somebody_else_does_not_exist(mia: Contact, now: datetime) -> None:
    stranger = UserFactory.create()

    with pytest.raises(NotFound):
        delete_contact(owner=stranger, contact_id=mia.pk, pin=PIN, now=now)
    with pytest.raises(NotFound):
        update_contact(owner=stranger, contact_id=mia.pk, changes={"circle": 2}, pin=None, now=now)


def test_the_owner_is_told_when_a_running_meetup_has_no_confirmed_contact_left(
    ana: User, mia: Contact, leo: Contact
) -> None:
    meetup = MeetupFactory.create(owner=ana, contacts=[mia, leo])

    remove(mia, pin=PIN)
    assert not Delivery.objects.filter(text="S23").exists()

    change(leo, pin=PIN, phone=AS_WRITTEN)
    assert Delivery.objects.filter(text="S23", user=ana).count() == 1
    assert Event.objects.get(kind=EventKind.NoReachableContact).meetup_id == meetup.pk
