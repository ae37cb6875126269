"""Signing in: five guesses, one use, ten minutes, the same answer for every number."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.clock import database_now
from alerts.domain.errors import (
    AlertsError,
    CodeWrong,
    CountryNotServed,
    ImpossiblePhone,
    QuotaExceeded,
)
from alerts.domain.states import Trigger
from alerts.models import Delivery, OwnerIncident, Session, SignInCode, User
from alerts.models.sealed import open_column
from alerts.sealing.digests import phone_index
from alerts.selectors.accounts import describe_sessions
from alerts.services.accounts.codes import forget_codes, request_code
from alerts.services.accounts.recovery import make_recovery_codes
from alerts.services.accounts.sign_in import sign_in_by_code, sign_in_by_recovery_code
from tests.factories import (
    PIN,
    IncidentFactory,
    MeetupFactory,
    UserFactory,
    french_mobile,
    sign_in,
)

PHONE = french_mobile(4242)
ADDRESS = "203.0.113.7"
MINUTE = timedelta(minutes=1)


def ask(now: datetime, *, phone: str = PHONE, address: str = ADDRESS) -> UUID:
    """Return the id of a new code."""
    return request_code(phone=phone, address=address, language="fr", now=now).id


def digits_of(code_id: UUID) -> str:
    """Return the digits that were sent."""
    code = SignInCode.objects.select_related("data_key").get(pk=code_id)
    return str(open_column(code, "sealed_digits", key=code.data_key)["digits"])


def wrong(digits: str) -> str:
    """Return six other digits."""
    return f"{(int(digits) + 1) % 10**6:06}"


def enter(code_id: UUID, digits: str, now: datetime) -> bool:
    """Return whether the digits opened a session."""
    try:
        sign_in_by_code(code_id=code_id, code=digits, device_name="", now=now)
    except CodeWrong:
        return False
    return True


def at_once(count: int, call: Callable[[], bool]) -> int:
    """Return how many of so many parallel calls said yes."""

    def in_thread(_: int) -> bool:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(in_thread, range(count)))


@pytest.mark.django_db(transaction=True)
def test_of_200_wrong_guesses_at_once_five_are_compared() -> None:
    now = database_now()
    code_id = ask(now)
    digits = digits_of(code_id)
    assert at_once(200, lambda: enter(code_id, wrong(digits), now)) == 0
    assert SignInCode.objects.get(pk=code_id).guesses == 5
    assert not enter(code_id, digits, now)


@pytest.mark.django_db(transaction=True)
def test_200_times_the_right_code_at_once_is_one_session() -> None:
    now = database_now()
    code_id = ask(now)
    digits = digits_of(code_id)
    assert at_once(200, lambda: enter(code_id, digits, now)) == 1
    assert (Session.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_codes_of_a_new_number_at_once_make_one_account() -> None:
    now = database_now()
    codes = [(code_id, digits_of(code_id)) for code_id in (ask(now), ask(now), ask(now))]
    assert at_once(3, lambda: enter(*codes.pop(), now)) == 3
    assert (Session.objects.count(), User.objects.count()) == (3, 1)


@pytest.mark.django_db
def test_the_fifth_guess_still_counts_and_the_sixth_does_not(now: datetime) -> None:
    for wrong_guesses, opens in ((4, True), (5, False)):
        code_id = ask(now)
        digits = digits_of(code_id)
        for _ in range(wrong_guesses):
            assert not enter(code_id, wrong(digits), now)
        assert enter(code_id, digits, now) is opens


@pytest.mark.django_db
def test_a_code_is_valid_once_and_for_ten_minutes(now: datetime) -> None:
    code_id = ask(now)
    digits = digits_of(code_id)
    assert not enter(code_id, digits, now + 10 * MINUTE)
    assert enter(code_id, digits, now + 9.99 * MINUTE)
    assert not enter(code_id, digits, now + 9.99 * MINUTE)


@pytest.mark.django_db
def test_nothing_else_is_a_code(now: datetime) -> None:
    code_id = ask(now)
    digits = digits_of(code_id)
    for guess in ("", digits[:5], f"{digits} ", "١٢٣٤٥٦", "\ud800"):
        assert not enter(code_id, guess, now)
    assert not enter(uuid4(), digits, now)
    other = ask(now)
    assert not enter(other, wrong(digits_of(other)), now)


@pytest.mark.django_db
def test_digits_and_number_stand_nowhere_in_clear(now: datetime) -> None:
    code_id = ask(now)
    digits = digits_of(code_id)
    row = SignInCode.objects.values().get(pk=code_id)
    stored = b"".join(bytes(value) for value in row.values() if isinstance(value, memoryview))
    assert digits.encode() not in stored
    assert PHONE[1:].encode() not in stored


@pytest.mark.django_db
def test_a_number_with_an_account_and_one_without_are_served_alike(now: datetime) -> None:
    UserFactory.create(phone=PHONE)
    statements = []
    for phone in (PHONE, french_mobile(4243)):
        with CaptureQueriesContext(connection) as queries:
            ask(now, phone=phone)
        statements.append([query["sql"].split(" (")[0].split('"s')[0] for query in queries])
    assert statements[0] == statements[1]
    assert Delivery.objects.filter(text="S17").count() == 2


@pytest.mark.django_db
def test_a_recovery_code_of_no_account_costs_the_same_statements(now: datetime) -> None:
    UserFactory.create(phone=PHONE)
    counts = []
    for phone in (PHONE, french_mobile(4243)):
        with CaptureQueriesContext(connection) as queries, pytest.raises(CodeWrong):
            recover(phone, "0000-0000-0000-0000", now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "refusal"),
    [
        ("0142000000", ImpossiblePhone),  # no text reaches a landline
        ("+336", ImpossiblePhone),
        ("call me", ImpossiblePhone),
        ("+447400123456", CountryNotServed),
    ],
)
def test_a_number_that_cannot_be_served_is_refused(
    now: datetime, phone: str, refusal: type[AlertsError]
) -> None:
    with pytest.raises(refusal):
        ask(now, phone=phone)
    assert not SignInCode.objects.exists()


@pytest.mark.django_db
def test_five_codes_an_hour_for_a_number_sixty_for_an_address(now: datetime) -> None:
    for _ in range(5):
        ask(now, address="198.51.100.1")
    with pytest.raises(QuotaExceeded):
        ask(now, address="198.51.100.2")
    for number in range(60):
        ask(now, phone=french_mobile(number), address="198.51.100.9")
    with pytest.raises(QuotaExceeded):
        ask(now, phone=french_mobile(61), address="198.51.100.9")


@pytest.mark.django_db
def test_the_first_sign_in_makes_the_account(now: datetime) -> None:
    code_id = ask(now)
    signed_in = sign_in_by_code(
        code_id=code_id, code=digits_of(code_id), device_name="Fairphone", now=now
    )
    user = User.objects.select_related("data_key").get()
    assert signed_in.user == user
    assert bytes(user.phone_index) == phone_index(PHONE)
    assert open_column(user, "sealed_profile", key=user.data_key)["phone"] == PHONE
    assert (user.language, user.country, user.time_zone) == ("fr", "FR", "Europe/Paris")
    (shown,) = describe_sessions(user, current=Session.objects.get())
    assert shown["device_name"] == "Fairphone"
    assert not Delivery.objects.filter(text="S24").exists()


@pytest.mark.django_db
def test_the_other_devices_owner_is_told_of_a_new_sign_in(now: datetime) -> None:
    ana = UserFactory.create(phone=PHONE)
    sign_in(ana)
    code_id = ask(now)
    assert enter(code_id, digits_of(code_id), now)
    notice = Delivery.objects.get(text="S24")
    assert (notice.user, notice.instant) == (ana, now)


@pytest.mark.django_db
def test_nothing_texts_the_owners_phone_during_an_sos(now: datetime) -> None:
    ana = UserFactory.create(phone=PHONE)
    sign_in(ana)
    incident = IncidentFactory.create(meetup=MeetupFactory.create(owner=ana), trigger=Trigger.Sos)
    OwnerIncident.objects.create(
        owner=ana, meetup=incident.meetup, incident=incident, trigger=Trigger.Sos, opened_at=now
    )
    code_id = ask(now)
    assert enter(code_id, digits_of(code_id), now)
    assert not Delivery.objects.filter(text="S24").exists()


def recover(phone: str, code: str, now: datetime) -> User:
    """Return whom a recovery code has signed in."""
    return sign_in_by_recovery_code(
        phone=phone, recovery_code=code, device_name="", address=ADDRESS, now=now
    ).user


@pytest.mark.django_db
def test_a_recovery_code_signs_in_once_however_it_is_written(now: datetime) -> None:
    ana = UserFactory.create(phone=PHONE)
    codes = make_recovery_codes(owner=ana, pin=PIN, now=now)
    assert len(set(codes)) == 10
    assert recover(PHONE, codes[0].lower().replace("-", " "), now) == ana
    with pytest.raises(CodeWrong):
        recover(PHONE, codes[0], now)
    assert recover(PHONE, codes[1], now) == ana


@pytest.mark.django_db
def test_new_recovery_codes_replace_the_former_ones(now: datetime) -> None:
    ana = UserFactory.create(phone=PHONE)
    former = make_recovery_codes(owner=ana, pin=PIN, now=now)
    make_recovery_codes(owner=ana, pin=PIN, now=now)
    with pytest.raises(CodeWrong):
        recover(PHONE, former[0], now)


@pytest.mark.django_db
def test_recovery_codes_are_somebodys_own(now: datetime) -> None:
    codes = make_recovery_codes(owner=UserFactory.create(phone=PHONE), pin=PIN, now=now)
    mia = french_mobile(4243)
    UserFactory.create(phone=mia)
    for phone in (mia, french_mobile(4244)):
        with pytest.raises(CodeWrong):
            recover(phone, codes[0], now)


@pytest.mark.django_db
def test_ten_recoveries_an_hour_are_tried(now: datetime) -> None:
    for _ in range(10):
        with pytest.raises(CodeWrong):
            recover(PHONE, "wrong", now)
    with pytest.raises(QuotaExceeded):
        recover(PHONE, "wrong", now)


@pytest.mark.django_db
def test_codes_past_their_time_are_forgotten_with_their_keys(now: datetime) -> None:
    code_id = ask(now)
    assert forget_codes(now=now + 9 * MINUTE) == 0
    assert digits_of(code_id)
    assert forget_codes(now=now + 10 * MINUTE) == 1
    code = SignInCode.objects.select_related("data_key").get(pk=code_id)
    assert code.sealed_digits is None
    assert forget_codes(now=now + 11 * MINUTE) == 0
