"""The walk that stories are told with."""

import pytest

from tests.walks.walk import Walk


@pytest.fixture
def walk(db: None) -> Walk:
    """Return a quiet evening: Ana, with Mia in the first circle and Leo in the second."""
    return Walk().with_contact("mia").with_contact("leo", circle=2)
