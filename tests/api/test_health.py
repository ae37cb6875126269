"""Alive and ready: what a load balancer asks."""

import pytest
from django.db import OperationalError
from django.test import Client

from alerts.api import health


def test_a_living_process_says_so_without_a_database() -> None:
    answer = Client().get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_means_that_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/readyz").json() == {"status": "ready"}

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(health, "ask_database", away)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["part"]) == (503, "database")


def test_monitors_only_read() -> None:
    assert Client().post("/livez").status_code == 405
