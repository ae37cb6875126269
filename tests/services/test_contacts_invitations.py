"""Invitations by the service, reminders, proofs sent again, lapses, drills."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from alerts.domain.errors import DrillNotPossible, InvitationNotPossible, NotFound, QuotaExceeded
from alerts.domain.states import ContactState, MeetupState
from alerts.models import Contact, Delivery, User
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token
from alerts.selectors.links import find_link_subject
from alerts.services.contacts.consent import accept_invitation, confirm_number, refuse_invitation
from alerts.services.contacts.contacts import NewContact, create_contact
from alerts.services.contacts.invitations import invite_contact, run_due_invitations, send_drill
from tests.contact_steps import add, remove
from tests.factories import ContactFactory, MeetupFactory, UserFactory, french_mobile

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def invited(ana: User, now: datetime) -> Contact:
    entry = NewContact(name="Mia", phone=french_mobile(7001))
    return create_contact(owner=ana, entry=entry, now=now)


def invitation_token(contact: Contact) -> str:
    return current_token(LinkPurpose.Invitation, contact)


def invite(contact: Contact, now: datetime, *, by_service: bool = True) -> Contact:
    return invite_contact(
        owner=contact.owner, contact_id=contact.pk, by_service=by_service, now=now
    )


def texts() -> list[str]:
    return list(Delivery.objects.order_by("created_at").values_list("text", flat=True))


def state_of(contact: Contact) -> str:
    state: str = Contact.objects.values_list("state", flat=True).get(pk=contact.pk)
    return state


def test_the_service_writes_once_and_reminds_once(invited: Contact, now: datetime) -> None:
    invite(invited, now)
    with pytest.raises(InvitationNotPossible):
        invite(invited, now + HOUR)
    assert texts() == ["S02"]

    assert run_due_invitations(now=now + 48 * HOUR - timedelta(seconds=1)) == 0
    assert run_due_invitations(now=now + 48 * HOUR) == 1
    assert run_due_invitations(now=now + 72 * HOUR) == 0
    assert texts() == ["S02", "S02"]


def test_whoever_was_invited_by_the_owner_gets_no_reminder(invited: Contact, now: datetime) -> None:
    assert run_due_invitations(now=now + 3 * DAY) == 0
    assert texts() == []
    assert state_of(invited) == ContactState.Invited


def test_an_invitation_lapses_after_seven_days(invited: Contact, now: datetime) -> None:
    token = invitation_token(invited)

    run_due_invitations(now=now + 7 * DAY)

    assert state_of(invited) == ContactState.Lapsed
    assert find_link_subject(LinkPurpose.Invitation, token, now=now) is None


def test_the_seven_days_count_from_the_services_text(invited: Contact, now: datetime) -> None:
    invite(invited, now + 6 * DAY)
    assert run_due_invitations(now=now + 8 * DAY) == 1  # the reminder
    assert state_of(invited) == ContactState.Invited
    token = invitation_token(invited)
    assert find_link_subject(LinkPurpose.Invitation, token, now=now + 12 * DAY)

    run_due_invitations(now=now + 13 * DAY)
    assert state_of(invited) == ContactState.Lapsed


@pytest.mark.parametrize("by_service", [True, False])
def test_a_lapsed_contact_is_invited_again_by_a_new_link(
    invited: Contact,
    now: datetime,
    by_service: bool,  # noqa: FBT001
) -> None:
    old = invitation_token(invited)
    run_due_invitations(now=now + 7 * DAY)

    again = invite(invited, now + 8 * DAY, by_service=by_service)

    assert again.state == ContactState.Invited
    assert texts() == (["S02"] if by_service else [])
    later = now + 9 * DAY
    assert find_link_subject(LinkPurpose.Invitation, old, now=later) is None
    new = invitation_token(again)
    assert find_link_subject(LinkPurpose.Invitation, new, now=later) == invited.pk
    assert accept_invitation(token=new, now=later).state == ContactState.Accepted


@pytest.mark.parametrize(
    "state",
    [s for s in ContactState if s not in {ContactState.Invited, ContactState.Lapsed}],
)
def test_whoever_has_answered_is_not_invited(ana: User, now: datetime, state: ContactState) -> None:
    with pytest.raises(InvitationNotPossible):
        invite(ContactFactory.create(owner=ana, state=state), now)
    assert texts() == []


def test_who_refused_gets_nothing_ever(invited: Contact, now: datetime) -> None:
    invite(invited, now)
    refuse_invitation(token=invitation_token(invited), now=now)

    assert run_due_invitations(now=now + 30 * DAY) == 0
    assert [d.text for d in Delivery.objects.filter(state="queued")] == ["S23"]  # the owner's


def test_the_proof_goes_once_more_after_a_day(invited: Contact, now: datetime) -> None:
    accept_invitation(token=invitation_token(invited), now=now)

    assert run_due_invitations(now=now + 24 * HOUR - timedelta(seconds=1)) == 0
    assert run_due_invitations(now=now + 24 * HOUR) == 1
    assert run_due_invitations(now=now + 6 * DAY) == 0
    assert texts() == ["S03", "S03"]

    run_due_invitations(now=now + 7 * DAY)
    assert state_of(invited) == ContactState.Lapsed


def test_a_confirmed_contact_is_left_alone(invited: Contact, now: datetime) -> None:
    contact = accept_invitation(token=invitation_token(invited), now=now)
    confirm_number(token=current_token(LinkPurpose.Contact, contact), now=now)

    assert run_due_invitations(now=now + 30 * DAY) == 0
    assert state_of(invited) == ContactState.Confirmed


def test_one_number_is_not_flooded_by_many_who_invite_it(now: datetime) -> None:
    entry = NewContact(name="Mia", phone=french_mobile(7001))
    contacts = [create_contact(owner=UserFactory.create(), entry=entry, now=now) for _ in range(4)]
    for contact in contacts[:3]:
        invite(contact, now)

    with pytest.raises(QuotaExceeded):
        invite(contacts[3], now)
    assert texts() == ["S02"] * 3


def test_adding_and_accepting_over_and_over_does_not_flood_a_number(
    ana: User, now: datetime
) -> None:
    for _ in range(5):
        contact = add(ana, now)
        accept_invitation(token=invitation_token(contact), now=now)
        remove(contact)
    contact = add(ana, now)

    with pytest.raises(QuotaExceeded):
        accept_invitation(token=invitation_token(contact), now=now)

    assert state_of(contact) == ContactState.Invited


def test_one_that_fails_does_not_hold_up_the_others(ana: User, now: datetime) -> None:
    broken, sound = ContactFactory.create_batch(
        2, owner=ana, invited=True, lapses_at=now, next_action_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE alerts_contact ADD CONSTRAINT poison"
            f" CHECK (id <> '{broken.pk}' OR state <> 'lapsed')"
        )

    assert run_due_invitations(now=now) == 2

    assert (state_of(sound), state_of(broken)) == (ContactState.Lapsed, ContactState.Invited)
    broken.refresh_from_db()
    assert broken.next_action_at == now + timedelta(minutes=5)


def test_no_more_than_the_limit_in_one_sweep(ana: User, now: datetime) -> None:
    ContactFactory.create_batch(3, owner=ana, invited=True, lapses_at=now, next_action_at=now)

    assert run_due_invitations(now=now, limit=2) == 2
    assert run_due_invitations(now=now, limit=2) == 1


# --- drills ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ContactState.Confirmed, ContactState.Unreachable])
def test_a_drill_is_a_labelled_test(ana: User, now: datetime, state: ContactState) -> None:
    mia = ContactFactory.create(owner=ana, state=state)

    send_drill(owner=ana, contact_id=mia.pk, now=now)

    assert texts() == ["S18"]


def test_a_drill_needs_a_contact_who_confirmed(ana: User, invited: Contact, now: datetime) -> None:
    with pytest.raises(DrillNotPossible):
        send_drill(owner=ana, contact_id=invited.pk, now=now)


def test_no_drill_says_that_all_is_well_during_an_alert(
    ana: User, mia: Contact, now: datetime
) -> None:
    MeetupFactory.create(owner=ana, state=MeetupState.Alerting)

    with pytest.raises(DrillNotPossible):
        send_drill(owner=ana, contact_id=mia.pk, now=now)


def test_three_drills_a_day(ana: User, mia: Contact, now: datetime) -> None:
    for minute in range(3):
        send_drill(owner=ana, contact_id=mia.pk, now=now + timedelta(minutes=minute))

    with pytest.raises(QuotaExceeded):
        send_drill(owner=ana, contact_id=mia.pk, now=now + timedelta(minutes=4))


def test_somebody_elses_contact_does_not_exist(mia: Contact, now: datetime) -> None:
    stranger = UserFactory.create()

    with pytest.raises(NotFound):
        send_drill(owner=stranger, contact_id=mia.pk, now=now)
    with pytest.raises(NotFound):
        invite_contact(owner=stranger, contact_id=mia.pk, now=now)
