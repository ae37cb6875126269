"""What `manage.py check --deploy` says."""

from collections.abc import Iterator

import pytest

from alerts.apps import check_public_url
from alerts.conf import alerts_settings


@pytest.fixture
def public_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the installation another address."""
    monkeypatch.setenv("PUBLIC_URL", request.param)
    monkeypatch.setenv("OPERATOR_PHONE", "+33639987777")
    monkeypatch.setenv("OPERATOR_EMAIL", "operator@example.org")
    for name in ("SIMULATE", "ESCALATION_SCALE", "TIMER_MIN_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()


@pytest.mark.parametrize(
    ("public_url", "warnings"),
    [("https://vigie.app", []), ("https://vigie.example", ["alerts.W001"])],
    indirect=["public_url"],
)
@pytest.mark.usefixtures("public_url")
def test_a_long_address_is_warned_of(warnings: list[str]) -> None:
    assert [message.id for message in check_public_url(None)] == warnings
