"""How somebody becomes a trusted contact, and stops being one."""

import re
from uuid import UUID

import pytest

from alerts.delivery.provider import RecipientRejected
from alerts.domain.errors import ContactNotConfirmed
from alerts.domain.events import EventKind
from alerts.domain.states import ContactState
from alerts.models import Contact, Event, PinEntry
from alerts.selectors.contacts import contacts_of, invitation_url
from alerts.services.contacts.consent import (
    accept_invitation,
    confirm_number,
    refuse_invitation,
    stop_by_link,
    undo_stop,
)
from alerts.services.contacts.contacts import (
    NewContact,
    create_contact,
    delete_contact,
    update_contact,
)
from alerts.services.contacts.data import erase_contact
from alerts.services.contacts.invitations import invite_contact, send_drill
from tests.factories import DURESS_PIN, PIN
from tests.walks.walk import Sent, Walk

ZOES_NUMBER = "+33639987199"
OTHER_NUMBER = "+33639987198"
LINK = re.compile(r"/[ac]/(\S+)$")


def add_zoe(walk: Walk) -> Contact:
    """Let Ana add Zoe, who has answered nothing yet."""
    entry = NewContact(name="Zoe", phone=ZOES_NUMBER, owner_alias="Nour")
    zoe = create_contact(owner=walk.ana, entry=entry, now=walk.now)
    walk.contacts["zoe"] = zoe
    walk.names[ZOES_NUMBER] = "zoe"
    return zoe


def token_in(sent: Sent) -> str:
    """Return the token of the link that a text ends with."""
    found = LINK.search(sent.body)
    assert found is not None, sent.body
    return found[1]


def state_of(contact_id: UUID) -> str:
    state: str = Contact.objects.values_list("state", flat=True).get(pk=contact_id)
    return state


def invited_by_text(walk: Walk) -> tuple[Contact, str]:
    """Let the service invite Zoe; return her and the token in her text."""
    zoe = add_zoe(walk)
    invite_contact(owner=walk.ana, contact_id=zoe.pk, now=walk.now)
    [invitation] = walk.sweep().take()
    assert (invitation.to, invitation.text) == ("zoe", "S02")
    return zoe, token_in(invitation)


def proven(walk: Walk) -> tuple[Contact, str]:
    """Let Zoe say yes and prove her number; return her and the token of the proof."""
    zoe, token = invited_by_text(walk)
    accept_invitation(token=token, now=walk.now)
    [proof] = walk.sweep().take()
    assert (proof.to, proof.text) == ("zoe", "S03")
    confirm_number(token=token_in(proof), now=walk.now)
    return zoe, token_in(proof)


def test_from_the_invitation_to_the_first_alert(walk: Walk) -> None:
    zoe, token = invited_by_text(walk)
    walk.after(hours=3)
    accept_invitation(token=token, now=walk.now)

    [proof] = walk.sweep().take()
    word = proof.body.split()[0]
    assert re.fullmatch(r"\(\w{4,6}\)", word)
    assert "Nour" in proof.body
    with pytest.raises(ContactNotConfirmed):
        walk.plan(due="23:55", contacts=["zoe"])

    confirm_number(token=token_in(proof), now=walk.now)
    walk.plan(due="23:30", contacts=["zoe"]).at("23:40").sweep()
    [alert] = [sent for sent in walk.take() if sent.to == "zoe"]
    assert alert.text == "S06"
    assert alert.body.startswith(f"{word} Nour n'a pas donné de nouvelles")
    assert state_of(zoe.pk) == ContactState.Confirmed


def test_from_the_owners_own_phone_the_service_sends_only_the_proof(walk: Walk) -> None:
    zoe = add_zoe(walk)
    token = invitation_url(zoe).rpartition("/")[2]
    assert walk.after(days=3).sweep().take() == []

    accept_invitation(token=token, now=walk.now)
    assert walk.sweep().take_pairs() == [("zoe", "S03")]


def test_an_invitation_without_answer(walk: Walk) -> None:
    zoe, token = invited_by_text(walk)

    assert walk.after(hours=47).sweep().take() == []
    [reminder] = walk.after(hours=1).sweep().take()
    assert (reminder.text, token_in(reminder)) == ("S02", token)
    assert walk.after(days=5).sweep().take() == []
    assert state_of(zoe.pk) == ContactState.Lapsed

    invite_contact(owner=walk.ana, contact_id=zoe.pk, now=walk.now)
    [again] = walk.sweep().take()
    assert again.text == "S02"
    assert token_in(again) != token


def test_a_proof_that_nobody_confirms(walk: Walk) -> None:
    zoe, token = invited_by_text(walk)
    accept_invitation(token=token, now=walk.now)
    [first] = walk.sweep().take()

    [second] = walk.after(hours=24).sweep().take()
    assert (second.text, token_in(second)) == ("S03", token_in(first))
    assert walk.after(days=6).sweep().take() == []
    assert state_of(zoe.pk) == ContactState.Lapsed


def test_who_refused_gets_nothing_ever(walk: Walk) -> None:
    zoe, token = invited_by_text(walk)
    refuse_invitation(token=token, now=walk.now)
    assert walk.sweep().take_pairs() == [("ana", "S23")]

    walk.plan(due="21:00", contacts=["mia"]).at("21:40").sweep()
    walk.after(days=10).sweep()
    assert "zoe" not in {sent.to for sent in walk.take()}
    assert state_of(zoe.pk) == ContactState.Refused


def test_who_stops_during_an_alert_gets_one_text_and_then_silence(walk: Walk) -> None:
    _, proof = proven(walk)
    walk.plan(due="21:00", contacts=["zoe", "mia"]).at("21:10").sweep().take()

    stop_by_link(token=proof, now=walk.now)
    stopped = [sent for sent in walk.sweep().take() if sent.to == "zoe"]
    assert [(sent.text, token_in(sent)) for sent in stopped] == [("S15", proof)]

    texts = walk.at("21:50").sweep().take()
    assert {sent.to for sent in texts} == {"mia"}

    undo_stop(token=token_in(stopped[0]), now=walk.now)
    assert "zoe" in {sent.to for sent in walk.at("22:10").sweep().take()}


def test_who_erases_their_data_is_not_written_to_again(walk: Walk) -> None:
    zoe, proof = proven(walk)
    walk.plan(due="21:00", contacts=["zoe", "mia"]).at("21:10").sweep().take()

    erase_contact(token=proof, now=walk.now)

    told = walk.sweep().take() + walk.at("22:30").sweep().take()
    assert "zoe" not in {sent.to for sent in told}
    assert ("ana", "S23") in {(sent.to, sent.text) for sent in told}
    assert not contacts_of(walk.ana).filter(pk=zoe.pk).exists()


def test_a_changed_number_has_to_be_proven_anew(walk: Walk) -> None:
    zoe, token = invited_by_text(walk)
    accept_invitation(token=token, now=walk.now)  # the proof is queued, not sent
    walk.names[OTHER_NUMBER] = "other"
    update_contact(
        owner=walk.ana,
        contact_id=zoe.pk,
        changes={"phone": OTHER_NUMBER},
        pin=None,
        now=walk.now,
    )

    assert walk.sweep().take() == []
    assert state_of(zoe.pk) == ContactState.Invited
    invite_contact(owner=walk.ana, contact_id=zoe.pk, now=walk.now)
    [invitation] = walk.sweep().take()
    assert (invitation.to, invitation.text) == ("other", "S02")
    assert token_in(invitation) != token


def test_a_number_that_rejects_texts_counts_again_once_one_arrives(walk: Walk) -> None:
    zoe, proof = proven(walk)
    walk.network.failures[ZOES_NUMBER] = RecipientRejected("21610")
    send_drill(owner=walk.ana, contact_id=zoe.pk, now=walk.now)
    assert walk.sweep().take_pairs() == [("ana", "S23")]
    assert state_of(zoe.pk) == ContactState.Unreachable

    walk.network.failures.clear()
    send_drill(owner=walk.ana, contact_id=zoe.pk, now=walk.after(minutes=1).now)
    [drill] = walk.sweep().take()
    assert (drill.text, token_in(drill)) == ("S18", proof)
    confirm_number(token=token_in(drill), now=walk.now)
    assert state_of(zoe.pk) == ContactState.Confirmed


def test_the_owner_learns_that_nobody_is_left(walk: Walk) -> None:
    zoe, proof = proven(walk)
    walk.plan(due="23:00", contacts=["zoe"]).sweep().take()

    stop_by_link(token=proof, now=walk.now)

    assert ("ana", "S23") in walk.sweep().take_pairs()
    lost = Event.objects.get(kind=EventKind.NoReachableContact)
    assert lost.meetup_id == walk.meetup_now().pk
    assert state_of(zoe.pk) == ContactState.Stopped


@pytest.mark.parametrize(("pin", "texts"), [(PIN, set()), (DURESS_PIN, {("mia", "S07")})])
def test_a_contact_deleted_under_duress_is_told(
    walk: Walk, pin: str, texts: set[tuple[str, str]]
) -> None:
    walk.plan(due="23:00", contacts=["mia"]).after(minutes=30).sweep().take()

    delete_contact(owner=walk.ana, contact_id=walk.contacts["mia"].pk, pin=pin, now=walk.now)

    assert not contacts_of(walk.ana).filter(pk=walk.contacts["mia"].pk).exists()
    assert PinEntry.objects.count() == 1
    assert set(walk.sweep().take_pairs()) - {("ana", "S23")} == texts
