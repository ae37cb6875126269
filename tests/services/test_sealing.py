"""What is sealed stays sealed: bound to its row, gone with its key."""

from datetime import datetime

import pytest
from django.db import connection

from alerts.conf import MasterKeys
from alerts.models import Contact, Meetup, User
from alerts.models.sealed import destroy_data_key, open_column
from alerts.sealing.digests import phone_index
from alerts.sealing.keys import CannotOpen, new_data_key, unwrap, wrap
from alerts.sealing.tokens import ALPHABET, LinkPurpose, derive_token
from tests.factories import ContactFactory, MeetupFactory

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


@pytest.mark.django_db
def test_destroying_one_meetups_key_makes_exactly_that_meetup_unreadable(now: datetime) -> None:
    lost, kept = MeetupFactory.create(), MeetupFactory.create()
    destroy_data_key(lost.data_key_id, now=now)
    lost, kept = (Meetup.objects.select_related("data_key").get(pk=m.pk) for m in (lost, kept))
    with pytest.raises(CannotOpen):
        open_column(lost, "sealed_details", key=lost.data_key)
    assert open_column(kept, "sealed_details", key=kept.data_key)["stranger"]["name"] == "Sam"


@pytest.mark.django_db
def test_swapping_two_sealed_values_makes_both_fail(ana: User) -> None:
    mia, leo = ContactFactory.create(owner=ana), ContactFactory.create(owner=ana)
    leo.data_key = mia.data_key  # even under the same key
    mia.sealed_profile, leo.sealed_profile = leo.sealed_profile, mia.sealed_profile
    for contact in (mia, leo):
        with pytest.raises(CannotOpen):
            open_column(contact, "sealed_profile", key=contact.data_key)


@pytest.mark.django_db
def test_the_database_holds_no_name_number_or_place(ana: User) -> None:
    ContactFactory.create(owner=ana, name="Canarina", phone="+33639981234", email="c@nary.example")
    MeetupFactory.create(owner=ana)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - our own tables
            rows += [row[0] for row in cursor.fetchall()]
    dump = "\n".join(rows)
    assert str(ana.pk) in dump
    for secret in ("Canarina", "639981234", "nary.example", "Lilas", "Sam", "sam75", "48.86"):
        assert secret not in dump
        assert secret.encode().hex() not in dump


def test_a_data_key_opens_under_the_master_key_that_wrapped_it_only() -> None:
    both = MasterKeys(current_id="new", by_id={"new": NEW, "old": OLD})
    old = MasterKeys(current_id="old", by_id={"old": OLD})
    key = new_data_key()
    wrapped, key_id = wrap(key, row_id="1", master_keys=old)
    assert unwrap(wrapped, key_id, row_id="1", master_keys=both) == key
    with pytest.raises(CannotOpen):
        unwrap(wrapped, key_id, row_id="2", master_keys=both)
    with pytest.raises(CannotOpen):
        unwrap(wrapped, key_id, row_id="1", master_keys=MasterKeys("new", {"new": NEW}))


def test_a_number_is_looked_up_by_a_keyed_digest() -> None:
    assert phone_index("+33639981234") == phone_index("+33639981234")
    assert phone_index("+33639981234") != phone_index("+33639981235")
    assert len(phone_index("+33639981234")) == 32


def test_a_link_token_can_be_derived_again_and_a_new_version_is_another() -> None:
    token = derive_token(LinkPurpose.Responder, "7", 1)
    assert token == derive_token(LinkPurpose.Responder, "7", 1)
    assert len(token) == 16
    assert set(token) <= set(ALPHABET)
    others = {
        derive_token(LinkPurpose.Responder, "7", 2),
        derive_token(LinkPurpose.Contact, "7", 1),
        derive_token(LinkPurpose.Responder, "8", 1),
    }
    assert token not in others
    assert len(others) == 3


@pytest.mark.django_db
def test_a_contact_is_found_by_number_without_the_number(ana: User) -> None:
    mia = ContactFactory.create(owner=ana, phone="+33639981234")
    assert Contact.objects.get(phone_index=phone_index("+33639981234")) == mia
