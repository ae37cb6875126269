"""What every test may ask for: the cast, and clients signed in as one of them."""

from datetime import datetime

import pytest
from rest_framework.test import APIClient

from alerts.clock import database_now
from alerts.models import Contact, User
from tests.factories import ContactFactory, UserFactory, sign_in


@pytest.fixture
def now(db: None) -> datetime:
    """Return the present instant."""
    return database_now()


@pytest.fixture
def ana(db: None) -> User:
    """Return the owner; her PIN is 2468, her duress PIN 1357."""
    return UserFactory.create()


@pytest.fixture
def mia(ana: User) -> Contact:
    """Return Ana's confirmed contact of the first circle."""
    return ContactFactory.create(owner=ana, name="Mia")


@pytest.fixture
def leo(ana: User) -> Contact:
    """Return Ana's confirmed contact of the second circle."""
    return ContactFactory.create(owner=ana, name="Leo", circle=2)


@pytest.fixture
def anonymous() -> APIClient:
    """Return a client that is not signed in."""
    return APIClient()


@pytest.fixture
def api(ana: User) -> APIClient:
    """Return a client signed in as Ana."""
    return sign_in(ana)
