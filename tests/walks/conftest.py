"""The walk that stories are told with."""

from collections.abc import Iterator

import pytest

from alerts.conf import alerts_settings
from tests.walks.walk import Walk


@pytest.fixture
def walk(db: None) -> Walk:
    """Return a quiet evening: Ana, with Mia in the first circle and Leo in the second."""
    return Walk().with_contact("mia").with_contact("leo", circle=2)


@pytest.fixture
def operator_phone(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the installation an operator who can be texted."""
    monkeypatch.setenv("OPERATOR_PHONE", "+33639987777")
    alerts_settings.cache_clear()
    yield "+33639987777"
    monkeypatch.undo()
    alerts_settings.cache_clear()
