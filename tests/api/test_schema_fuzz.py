"""Whatever fits the committed document, or does not, is answered as the document says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from alerts.models import Contact, Session, User
from backend.wsgi import application
from tests.factories import MeetupFactory, TimerFactory

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
EXAMPLES = 8

# What fits the document may still be refused: an impossible number, two PINs too alike.
EXCLUDED = [positive_data_acceptance]

schema = schemathesis.openapi.from_dict(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))
schema.app = application

bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep requests on the connection of the test's transaction."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def ids(ana: User, mia: Contact) -> dict[str, str]:
    """Return ids that exist, by the name of their path parameter."""
    meetup = MeetupFactory.create(owner=ana, contacts=[mia])
    TimerFactory.create(meetup=meetup)
    return {"meetup_id": str(meetup.pk), "contact_id": str(mia.pk)}


def headers_of(user: User) -> dict[str, str]:
    """Return the headers of a new session: the call before may have ended the former one."""
    _, token = Session.objects.create(user)
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.django_db
@schema.parametrize()
@bounded
def test_any_request_is_answered_as_documented(case: Any, ana: User) -> None:
    case.call_and_validate(headers=headers_of(ana), excluded_checks=EXCLUDED)


@pytest.mark.django_db
@schema.include(path_regex="meetup_id|contact_id").parametrize()
@bounded
def test_requests_for_what_exists_are_answered_as_documented(
    case: Any, ana: User, ids: dict[str, str]
) -> None:
    for name in ids.keys() & case.path_parameters.keys():
        case.path_parameters[name] = ids[name]
    case.call_and_validate(
        headers=headers_of(ana), excluded_checks=[*EXCLUDED, negative_data_rejection]
    )
