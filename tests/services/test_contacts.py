"""Adding, changing and deleting trusted contacts."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from alerts.clock import database_now
from alerts.domain.errors import (
    AlertsError,
    DuplicateContact,
    ImpossibleMove,
    ImpossiblePhone,
    InvalidInput,
    LatinFormRequired,
    NotFound,
    NumberRefused,
    OwnNumber,
    PinRequired,
    PinWrong,
    QuotaExceeded,
    StrangersNumber,
    TooManyContacts,
)
from alerts.domain.events import EventKind
from alerts.domain.states import ContactState, DeliveryState, MeetupState
from alerts.models import Contact, DataKey, Delivery, Event, Link, MeetupContact, PinEntry, User
from alerts.models.sealed import open_column
from alerts.sealing.digests import phone_index
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import contacts_of, open_profile, view_contact
from alerts.selectors.links import find_link_subject
from alerts.services.contacts import (
    ContactChanges,
    NewContact,
    create_contact,
    delete_contact,
    update_contact,
)
from tests.factories import (
    DURESS_PIN,
    PIN,
    STRANGER,
    ContactFactory,
    MeetupFactory,
    UserFactory,
    french_mobile,
)

MIAS_NUMBER = french_mobile(7001)
AS_WRITTEN = "06 39 98 70 01"


def entry(**values: object) -> NewContact:
    return NewContact(**{"name": "Mia", "phone": MIAS_NUMBER, **values})  # type: ignore[arg-type]


def add(owner: User, now: datetime, **values: object) -> Contact:
    return create_contact(owner=owner, entry=entry(**values), now=now)


def change(contact: Contact, *, pin: str | None = None, **changes: object) -> Contact:
    return update_contact(
        owner=contact.owner,
        contact_id=contact.pk,
        changes=ContactChanges(**changes),  # type: ignore[typeddict-item]
        pin=pin,
        now=database_now(),
    )


def remove(contact: Contact, *, pin: str | None = None) -> None:
    delete_contact(owner=contact.owner, contact_id=contact.pk, pin=pin, now=database_now())


def token_of(url: str | None) -> str:
    assert url
    return url.rpartition("/")[2]


# --- adding ---------------------------------------------------------------------------------


def test_a_national_number_is_read_as_of_the_owners_country(ana: User, now: datetime) -> None:
    contact = add(ana, now, phone=AS_WRITTEN)

    assert open_profile(contact).phone == "+33639987001"
    assert contact.country == "FR"
    assert contact.state == ContactState.Invited


def test_nothing_of_a_contact_stands_in_clear(ana: User, now: datetime) -> None:
    contact = add(ana, now, email="mia@example.org")

    stored = Contact.objects.filter(pk=contact.pk).values_list().get()
    dumped = b"".join(
        bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in stored
    )
    for secret in (b"Mia", MIAS_NUMBER.encode(), b"mia@example.org", b"Ana"):
        assert secret not in dumped


def test_the_invitation_is_valid_for_seven_days_and_nothing_is_sent(
    ana: User, now: datetime
) -> None:
    view = view_contact(add(ana, now))

    token = token_of(view.invite_url)
    assert find_link_subject(LinkPurpose.Invitation, token, now=now) == view.contact.pk
    too_late = now + timedelta(days=7, seconds=1)
    assert find_link_subject(LinkPurpose.Invitation, token, now=too_late) is None
    assert view.share_text is not None
    assert view.share_text.endswith(str(view.invite_url))
    assert not Delivery.objects.exists()


def test_the_proofs_link_does_not_exist_before_a_yes(ana: User, now: datetime) -> None:
    contact = add(ana, now)

    assert not Link.objects.filter(subject_id=contact.pk, purpose=LinkPurpose.Contact).exists()


def test_without_alias_the_owner_goes_by_their_own_name(ana: User, now: datetime) -> None:
    assert open_profile(add(ana, now)).owner_alias == "Ana"


def test_an_owner_without_a_name_has_to_give_an_alias(now: datetime) -> None:
    nameless = UserFactory.create(display_name="")

    with pytest.raises(InvalidInput) as refusal:
        add(nameless, now)

    assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/owner_alias", "required")]
    assert open_profile(add(nameless, now, owner_alias="Sacha")).owner_alias == "Sacha"


@pytest.mark.parametrize("field", ["name", "owner_alias"])
def test_a_name_that_no_text_could_show_is_refused(ana: User, now: datetime, field: str) -> None:
    with pytest.raises(LatinFormRequired) as refusal:
        add(ana, now, **{field: "李雷"})

    assert refusal.value.errors[0].pointer == f"/{field}"


@pytest.mark.parametrize(
    "number", ["", "12", "+33 6", "0142681234", "0899123456", "not a number", "17", "+999123456789"]
)
def test_an_impossible_number_or_a_landline_is_refused(
    ana: User, now: datetime, number: str
) -> None:
    with pytest.raises(ImpossiblePhone) as refusal:
        add(ana, now, phone=number)

    assert refusal.value.errors[0].pointer == "/phone"


def test_the_owners_own_number_is_refused(now: datetime) -> None:
    ana = UserFactory.create(phone=MIAS_NUMBER)

    with pytest.raises(OwnNumber):
        add(ana, now)


@pytest.mark.parametrize("state", [MeetupState.Planned, MeetupState.Active, MeetupState.Alerting])
def test_the_strangers_number_is_refused(ana: User, now: datetime, state: MeetupState) -> None:
    MeetupFactory.create(owner=ana, state=state, sealed=details_with_phone(AS_WRITTEN))

    with pytest.raises(StrangersNumber):
        add(ana, now)


def test_the_number_of_somebody_met_before_is_not_refused(ana: User, now: datetime) -> None:
    MeetupFactory.create(owner=ana, ended=True, sealed=details_with_phone(MIAS_NUMBER))

    assert add(ana, now).state == ContactState.Invited


def test_a_meetup_that_cannot_be_opened_refuses_nobody(ana: User, now: datetime) -> None:
    meetup = MeetupFactory.create(owner=ana, sealed=details_with_phone(MIAS_NUMBER))
    DataKey.objects.filter(pk=meetup.data_key_id).update(wrapped=None)

    assert add(ana, now).state == ContactState.Invited


def test_a_number_stands_once_in_an_owners_list(ana: User, now: datetime) -> None:
    add(ana, now)

    with pytest.raises(DuplicateContact) as refusal:
        add(ana, now, phone=AS_WRITTEN, name="Mia again")
    assert refusal.value.errors[0].pointer == "/phone"

    assert add(UserFactory.create(), now).state == ContactState.Invited


def test_the_eleventh_contact_is_refused(ana: User, now: datetime) -> None:
    ContactFactory.create_batch(10, owner=ana)

    with pytest.raises(TooManyContacts):
        add(ana, now)


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_neither_double_a_number_nor_pass_the_limit() -> None:
    ana = UserFactory.create()
    ContactFactory.create_batch(8, owner=ana)

    doubled = at_once([lambda: add(ana, database_now()) for _ in range(4)])
    filled = at_once(
        [
            lambda number=number: add(ana, database_now(), phone=french_mobile(7100 + number))
            for number in range(4)
        ]
    )

    assert doubled == ["added", "duplicate_contact", "duplicate_contact", "duplicate_contact"]
    assert filled == ["added", "too_many_contacts", "too_many_contacts", "too_many_contacts"]
    assert Contact.objects.filter(owner=ana).count() == 10


def test_a_number_is_not_added_over_and_over(ana: User, now: datetime) -> None:
    for _ in range(5):
        remove(add(ana, now))

    with pytest.raises(QuotaExceeded):
        add(ana, now)

    assert add(ana, now, phone=french_mobile(7003)).state == ContactState.Invited


# --- changing -------------------------------------------------------------------------------


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


# --- reading --------------------------------------------------------------------------------


def test_the_list_is_one_query(ana: User, django_assert_num_queries: object) -> None:
    ContactFactory.create_batch(10, owner=ana)

    with django_assert_num_queries(1):  # type: ignore[operator]
        views = [view_contact(contact) for contact in contacts_of(ana)]
        assert [view.profile is not None for view in views] == [True] * 10


def test_a_contact_whose_key_is_lost_is_still_listed(ana: User, mia: Contact) -> None:
    DataKey.objects.filter(pk=mia.data_key_id).update(wrapped=None)

    assert view_contact(contacts_of(ana).get()).profile is None


# --- helpers --------------------------------------------------------------------------------


def details_with_phone(phone: str) -> dict[str, object]:
    return {
        "sealed_details": {"stranger": {**STRANGER, "phone": phone}, "place": {}, "earlier": []}
    }


def rows_of(model: type[Model]) -> int:
    return model._default_manager.count()


def queue_text(contact: Contact, now: datetime) -> Delivery:
    return Delivery.objects.create(
        dedupe_key=f"test:{contact.pk}",
        purpose="invitation",
        channel="sms",
        text="S02",
        recipient_kind="contact",
        contact=contact,
        created_at=now,
        next_action_at=now,
    )


def at_once(calls: list) -> list[str]:  # type: ignore[type-arg]
    """Return what came of calls made in threads at the same moment, sorted."""
    outcomes: list[str] = []
    barrier = Barrier(len(calls))

    def run(call) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        barrier.wait()
        try:
            call()
            outcomes.append("added")
        except AlertsError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
