"""One database and one phone network for all fault tests; watchers are each test's own."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from alerts.models import Delivery
from tests.faults.stage import Stage, own_database


@pytest.fixture(scope="package")
def running_stage(
    django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Start the network over a fresh database."""
    with django_db_blocker.unblock(), own_database() as url:
        stage = Stage(tmp_path_factory.mktemp("faults"), url)
        try:
            stage.start_phones()
            yield stage
        finally:
            stage.close()


@pytest.fixture
def stage(running_stage: Stage) -> Stage:
    """Return the stage with an empty outbox and a network that has heard nothing."""
    Delivery.objects.all().delete()
    running_stage.forget()
    return running_stage
