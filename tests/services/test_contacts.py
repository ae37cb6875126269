"""Adding and reading trusted contacts."""

from datetime import datetime, timedelta

import pytest

from alerts.clock import database_now
from alerts.domain.errors import (
    DuplicateContact,
    ImpossiblePhone,
    InvalidInput,
    LatinFormRequired,
    OwnNumber,
    QuotaExceeded,
    StrangersNumber,
    TooManyContacts,
)
from alerts.domain.states import ContactState, MeetupState
from alerts.models import Contact, DataKey, Delivery, Link, User
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import contacts_of, open_profile, view_contact
from alerts.selectors.links import find_link_subject
from tests.contact_steps import (
    AS_WRITTEN,
    MIAS_NUMBER,
    add,
    at_once,
    details_with_phone,
    remove,
    token_of,
)
from tests.factories import (
    ContactFactory,
    MeetupFactory,
    UserFactory,
    french_mobile,
)


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
    for _ in range(20):
        remove(add(ana, now))

    with pytest.raises(QuotaExceeded):
        add(ana, now)

    assert add(ana, now, phone=french_mobile(7003)).state == ContactState.Invited


# --- reading --------------------------------------------------------------------------------


def test_the_list_is_one_query(ana: User, django_assert_num_queries: object) -> None:
    ContactFactory.create_batch(10, owner=ana)

    with django_assert_num_queries(1):  # type: ignore[operator]
        views = [view_contact(contact) for contact in contacts_of(ana)]
        assert [view.profile is not None for view in views] == [True] * 10


def test_a_contact_whose_key_is_lost_is_still_listed(ana: User, mia: Contact) -> None:
    DataKey.objects.filter(pk=mia.data_key_id).update(wrapped=None)

    assert view_contact(contacts_of(ana).get()).profile is None
