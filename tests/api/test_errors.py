"""Problems: their members, their languages, and a kind for every refusal of the domain."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from alerts.api.field_codes import FRENCH
from alerts.api.problems import DOMAIN_PROBLEMS, PROBLEMS, REQUEST_PROBLEMS, kind_of
from alerts.domain.errors import InvalidInput, all_error_classes
from alerts.domain.languages import Language
from alerts.models import Session, User
from tests.factories import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.shapes")]
ERRORS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
CLOSED = "/api/v1/test/closed"


def test_every_refusal_of_the_domain_has_a_status_and_a_french_title() -> None:
    missing = {error.__name__ for error in all_error_classes()} - {
        error.__name__ for error in DOMAIN_PROBLEMS
    }
    assert missing == set()


def test_no_two_problems_share_a_code() -> None:
    assert len(PROBLEMS) == len(DOMAIN_PROBLEMS) + len(REQUEST_PROBLEMS)


def test_a_refusal_without_a_kind_answers_as_its_parent() -> None:
    class NewRefusal(InvalidInput):
        code = "brand_new"

    assert kind_of(NewRefusal()).status == 400


def test_a_problem_has_all_members_and_a_stable_type(anonymous: APIClient) -> None:
    answer = anonymous.get(CLOSED)
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert problem.pop("trace_id")
    assert problem == {
        "type": "https://vigie.app/problems/not-authenticated",
        "title": "Sign in first.",
        "status": 401,
        "detail": "Sign in first.",
        "instance": CLOSED,
        "code": "not_authenticated",
        "errors": [],
    }


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("fr", "Connectez-vous d'abord."),
        ("fr-CA;q=0.9, en;q=0.8", "Connectez-vous d'abord."),
        ("de, en;q=0.5, fr;q=0.2", "Sign in first."),
        ("x" * 5000, "Sign in first."),
        (";;;=,\x00", "Sign in first."),
    ],
)
def test_titles_follow_the_reader(anonymous: APIClient, header: str, title: str) -> None:
    assert anonymous.get(CLOSED, HTTP_ACCEPT_LANGUAGE=header).json()["title"] == title


def test_fields_are_explained_in_french_too(anonymous: APIClient) -> None:
    answer = anonymous.post("/api/v1/test/plans", {"minutes": "x"}, HTTP_ACCEPT_LANGUAGE="fr")
    assert answer.json()["errors"][0]["detail"] == "Ce n'est pas le type attendu."


def test_a_wait_is_told_in_seconds(anonymous: APIClient) -> None:
    answer = anonymous.post("/api/v1/test/locked")
    assert (answer.status_code, answer["Retry-After"]) == (429, "42")


def test_a_database_that_is_away_is_a_503_with_a_time_to_come_back(anonymous: APIClient) -> None:
    answer = anonymous.post("/api/v1/test/outage")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0


def test_what_is_not_there_is_a_problem_under_api(anonymous: APIClient) -> None:
    for path in ("/api/v1/nothing", "/api/", "/api/v1/test/plans/not-a-uuid", "/api/v1/%00"):
        answer = anonymous.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer["Content-Type"] == "application/problem+json"


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(anonymous: APIClient) -> None:
    for method in (anonymous.put, anonymous.options, anonymous.trace, anonymous.delete):
        answer = method("/api/v1/test/plans")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer["Allow"] == "POST"


def test_an_answer_in_another_format_is_refused(anonymous: APIClient) -> None:
    answer = anonymous.post("/api/v1/test/plans", {}, HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Basic YTpi",
        "Token 00",
        "Bearer zzzz",
        "Bearer \xe9\xff",
        "Bearer " + "a" * 9000,
        "Bearer " + "0" * 64,
    ],
)
def test_a_token_that_opens_nothing_is_a_401(anonymous: APIClient, header: str) -> None:
    answer = anonymous.get(CLOSED, HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] in {"authentication_failed", "not_authenticated"}


def test_a_token_opens_with_one_query(
    ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(ana)
    with django_assert_num_queries(1):
        assert client.get(CLOSED).json() == {"id": str(ana.id)}


def test_a_device_is_noted_as_seen_once_an_hour(
    ana: User, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(ana)
    Session.objects.update(last_seen_at=now - timedelta(minutes=61))
    with django_assert_num_queries(3):
        client.get(CLOSED)
    assert now <= Session.objects.get().last_seen_at
    with django_assert_num_queries(1):
        client.get(CLOSED)


def test_nobody_on_the_way_keeps_an_answer(api: APIClient, anonymous: APIClient) -> None:
    for client in (api, anonymous):
        assert client.get(CLOSED)["Cache-Control"] == "no-store"


def test_a_revoked_session_and_an_inactive_owner_open_nothing(ana: User) -> None:
    client = sign_in(ana)
    User.objects.update(is_active=False)
    assert client.get(CLOSED).status_code == 401
    User.objects.update(is_active=True)
    assert client.get(CLOSED).status_code == 200
    Session.objects.all().delete()
    assert client.get(CLOSED).status_code == 401


def test_every_code_is_documented_with_its_status_and_title() -> None:
    page = ERRORS_PAGE.read_text(encoding="utf-8")
    rows = {
        f"| `{kind.code}` | {kind.status} | {kind.titles[Language.English]} |"
        for kind in PROBLEMS.values()
    }
    assert rows <= set(page.splitlines())
    assert {f"| `{code}` |" for code in FRENCH} <= {
        " ".join(line.split()[:3]) for line in page.splitlines()
    }


def test_titles_are_written_in_both_languages() -> None:
    for kind in PROBLEMS.values():
        assert set(kind.titles) == set(Language)
        assert kind.titles[Language.French] != kind.titles[Language.English]
