"""What has served its time goes, once a minute, whoever sweeps."""

from datetime import datetime, timedelta

import pytest

from alerts.models import DataKey, SignInCode
from alerts.services.accounts.codes import request_code
from alerts.services.housekeeping import forget_past
from tests.factories import french_mobile

pytestmark = pytest.mark.django_db


def test_a_code_is_erased_when_its_time_is_over(now: datetime) -> None:
    request_code(phone=french_mobile(1), address="", language="fr", now=now)
    later = now + timedelta(minutes=10)
    assert forget_past(now=later, limit=10) == 1
    code = SignInCode.objects.select_related("data_key").get()
    assert (code.sealed_digits, code.sealed_destination, code.data_key.wrapped) == (None,) * 3
    assert DataKey.objects.filter(wrapped=None).count() == 1


def test_of_two_watchers_one_a_minute_takes_the_turn(now: datetime) -> None:
    request_code(phone=french_mobile(1), address="", language="fr", now=now)
    later = now + timedelta(minutes=10)
    assert forget_past(now=now, limit=10) == 0
    assert [forget_past(now=later, limit=10) for _ in range(2)] == [1, 0]
    assert forget_past(now=later + timedelta(seconds=59), limit=10) == 0
