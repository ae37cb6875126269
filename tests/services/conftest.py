"""Settings that tests of services switch on."""

from collections.abc import Iterator

import pytest

from alerts.conf import alerts_settings


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the installation an operator who has a phone."""
    monkeypatch.setenv("OPERATOR_PHONE", "+33639989999")
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()


@pytest.fixture
def with_email(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make e-mail a channel that is set up."""
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.org:25")
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()
