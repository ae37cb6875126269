"""A repeated request gets the first answer; nothing else does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from alerts.models import DataKey, IdempotencyKey
from alerts.services.idempotency import (
    Answer,
    Claim,
    claim_key,
    forget_answers,
    release_claim,
    settle_claim,
)
from tests.api import shapes
from tests.factories import UserFactory, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.shapes")]
COUNTED = "/api/v1/test/counted"


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[int]]:
    """Return what the action under test has done so far."""
    shapes.CALLS.clear()
    yield shapes.CALLS
    shapes.CALLS.clear()


def post(client: APIClient, key: str, body: dict[str, int]) -> Any:
    return client.post(COUNTED, body, HTTP_IDEMPOTENCY_KEY=key)


def test_a_repeat_gets_the_first_answer_and_does_nothing(api: APIClient, calls: list[int]) -> None:
    first = post(api, "k", {"minutes": 5})
    again = post(api, "k", {"minutes": 5})
    assert calls == [5]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_without_a_key_each_request_acts(api: APIClient, calls: list[int]) -> None:
    api.post(COUNTED, {"minutes": 5})
    api.post(COUNTED, {"minutes": 5})
    assert calls == [5, 5]


def test_a_refusal_is_repeated_too(api: APIClient) -> None:
    first = post(api, "k", {"minutes": 409})
    again = post(api, "k", {"minutes": 409})
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"


def test_the_key_of_another_body_is_refused(api: APIClient, calls: list[int]) -> None:
    post(api, "k", {"minutes": 5})
    answer = post(api, "k", {"minutes": 6})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert calls == [5]


def test_the_key_of_another_path_is_refused(api: APIClient) -> None:
    post(api, "k", {"minutes": 5})
    answer = api.post(f"{COUNTED}?x=1", {"minutes": 5}, HTTP_IDEMPOTENCY_KEY="k")
    assert answer.status_code == 422


def test_keys_of_two_owners_do_not_meet(api: APIClient, calls: list[int]) -> None:
    post(api, "k", {"minutes": 5})
    other = sign_in(UserFactory.create())
    assert post(other, "k", {"minutes": 6}).status_code == 201
    assert post(APIClient(), "k", {"minutes": 7}).status_code == 401
    assert calls == [5, 6]


@pytest.mark.parametrize("key", ["", "x" * 256, "clé", "tab\tbed", "\x7f"])
def test_a_key_that_is_none_is_refused(api: APIClient, calls: list[int], key: str) -> None:
    answer = post(api, key, {"minutes": 5})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")
    assert calls == []


def test_the_longest_key_is_taken(api: APIClient) -> None:
    assert post(api, "~" * 255, {"minutes": 5}).status_code == 201


def test_a_key_in_flight_is_refused_and_a_crashed_one_frees_itself(
    api: APIClient, calls: list[int]
) -> None:
    post(api, "k", {"minutes": 5})
    IdempotencyKey.objects.update(sealed_answer=None)
    answer = post(api, "k", {"minutes": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_flight")
    row = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(created_at=row.created_at - timedelta(seconds=60))
    assert post(api, "k", {"minutes": 5}).status_code == 201
    assert calls == [5, 5]


def test_what_failed_or_came_too_often_may_be_tried_again(api: APIClient, calls: list[int]) -> None:
    for minutes in (429, 503):
        assert post(api, "k", {"minutes": minutes}).status_code == minutes
        assert IdempotencyKey.objects.count() == 0
    assert calls == [429, 503]


def test_neither_body_nor_answer_stands_in_clear(api: APIClient) -> None:
    post(api, "secret-key", {"minutes": 424242})
    row = IdempotencyKey.objects.get()
    stored = bytes(row.key_digest) + bytes(row.request_digest) + bytes(row.sealed_answer or b"")
    assert b"424242" not in stored
    assert b"secret-key" not in stored


def test_answers_are_forgotten_after_a_day_with_their_keys(api: APIClient) -> None:
    keys_before = DataKey.objects.count()
    post(api, "k", {"minutes": 5})
    created_at = IdempotencyKey.objects.get().created_at
    assert forget_answers(now=created_at + timedelta(hours=23)) == 0
    assert forget_answers(now=created_at + timedelta(hours=24)) == 1
    assert DataKey.objects.count() == keys_before


def test_a_key_may_serve_anew_after_a_day(api: APIClient, calls: list[int]) -> None:
    post(api, "k", {"minutes": 5})
    row = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(created_at=row.created_at - timedelta(hours=24))
    assert post(api, "k", {"minutes": 6}).status_code == 201
    assert calls == [5, 6]


def test_a_claim_that_was_lost_settles_nothing(now: datetime) -> None:
    lost = claim_key(scope="ana", key="k", request_parts=("x",), now=now)
    assert isinstance(lost, Claim)
    later = now + timedelta(minutes=2)
    mine = claim_key(scope="ana", key="k", request_parts=("x",), now=later)
    assert isinstance(mine, Claim)
    settle_claim(lost, Answer(status=200, body="lost"))
    settle_claim(mine, Answer(status=201, body="mine"))
    release_claim(lost)
    kept = claim_key(scope="ana", key="k", request_parts=("x",), now=later)
    assert kept == Answer(status=201, body="mine")
