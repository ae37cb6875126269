"""Whatever a client sends, the answer is a problem with a code, never a 500."""

from typing import Any

import pytest
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.shapes")]
PLANS = "/api/v1/test/plans"


def post(body: bytes, content_type: str = "application/json") -> Any:
    return APIClient().generic("POST", PLANS, body, content_type=content_type)  # type: ignore[arg-type]


def first_error(body: bytes) -> tuple[int, str, str]:
    """Return the status, and the pointer and code of the only wrong field."""
    answer = post(body)
    (error,) = answer.json()["errors"]
    return answer.status_code, error["pointer"], error["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"nul",
        b'{"minutes": NaN}',
        b'{"minutes": Infinity}',
        b'{"minutes": 1e999}',
        b'{"minutes": ' + b"9" * 5000 + b"}",
        b'{"minutes": 1, "minutes": 2}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"place":' * 40 + b"1" + b"}" * 40,
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
def test_what_is_not_json_is_a_parse_error(body: bytes) -> None:
    answer = post(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_huge_body_is_refused_as_such() -> None:
    answer = post(b'"' + b"x" * 300_000 + b'"')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_only_json_is_read() -> None:
    for content_type in ("text/plain", "multipart/form-data; boundary=x", "x"):
        answer = post(b"a=1", content_type)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b"[]", "", "wrong_type"),
        (b'"text"', "", "wrong_type"),
        (b'{"colour": 1}', "/colour", "unknown_field"),
        (b'{"a/b~c": 1}', "/a~1b~0c", "unknown_field"),
        (b'{"minutes": "5"}', "/minutes", "wrong_type"),
        (b'{"minutes": true}', "/minutes", "wrong_type"),
        (b'{"minutes": 5.5}', "/minutes", "wrong_type"),
        (b'{"minutes": 99999999999999999999}', "/minutes", "too_large"),
        (b'{"minutes": null}', "/minutes", "null_not_allowed"),
        (b'{"is_long": 1}', "/is_long", "wrong_type"),
        (b'{"is_long": "true"}', "/is_long", "wrong_type"),
        (b'{"at": 5}', "/at", "wrong_type"),
        (b'{"at": "tomorrow"}', "/at", "invalid_value"),
        (b'{"at": "2026-13-41T00:00:00Z"}', "/at", "invalid_value"),
        (b'{"at": "2026-11-21T22:00:00"}', "/at", "offset_required"),
        (b'{"at": "0001-01-01T00:00:00+14:00"}', "/at", "out_of_range"),
        (b'{"place": {}}', "/place/name", "required"),
        (b'{"place": {"name": ""}}', "/place/name", "blank"),
        (b'{"place": {"name": 7}}', "/place/name", "wrong_type"),
        (b'{"place": {"name": "12345678901"}}', "/place/name", "too_long"),
        (b'{"place": {"name": "x", "latitude": true}}', "/place/latitude", "wrong_type"),
        (b'{"place": {"name": "x", "latitude": 91}}', "/place/latitude", "too_large"),
        (b'{"places": [{"name": "x"}, {"name": 1}]}', "/places/1/name", "wrong_type"),
        (b'{"places": {}}', "/places", "wrong_type"),
        (b'{"contacts": {}}', "/contacts", "wrong_type"),
        (b'{"contacts": ["x"]}', "/contacts/0", "invalid_value"),
        (b'{"contacts": [1]}', "/contacts/0", "wrong_type"),
        (b'{"place": {"name": "a\\u0000"}}', "/place/name", "invalid_text"),
        (b'{"place": {"name": "\\ud800"}}', "/place/name", "invalid_text"),
        (b'{"\\udfff": 1}', "", "invalid_text"),
    ],
)
def test_each_wrong_field_is_named(body: bytes, pointer: str, code: str) -> None:
    assert first_error(body) == (400, pointer, code)


def test_a_code_that_all_fields_share_is_the_problems_own() -> None:
    assert post(b'{"at": "2026-11-21T22:00:00"}').json()["code"] == "offset_required"
    assert post(b'{"colour": 1, "size": 2}').json()["code"] == "unknown_field"
    assert post(b'{"colour": 1, "minutes": true}').json()["code"] == "invalid"


def test_every_wrong_field_is_told_at_once() -> None:
    errors = post(b'{"minutes": true, "colour": 1, "place": {}}').json()["errors"]
    assert {error["pointer"] for error in errors} == {"/minutes", "/colour", "/place/name"}


def test_what_is_absent_stays_absent_and_what_is_right_passes() -> None:
    assert post(b"{}").json() == {"fields": []}
    body = b'{"at": "2026-11-21T22:00:00+01:00", "place": {"name": "x", "latitude": null}}'
    assert post(body).json() == {"fields": ["at", "place"]}
