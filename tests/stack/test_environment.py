"""What the parts of Vigie are told, depending on what was given."""

import re
from pathlib import Path

import pytest

from alerts.conf import ConfigurationError, read_settings
from tools.stack.bootstrap import ROOT
from tools.stack.commands.check import production_environment
from tools.stack.environment import (
    Ports,
    application_environment,
    environment_of_tests,
    has_own_phones,
    is_simulated,
    without_application_settings,
)
from tools.stack.keys import MAKERS
from tools.stack.terminal import StackError

SECRETS = {name: make() for name, make in MAKERS.items()}
FOREIGN = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "given",
    "TWILIO_SENDER": "Vigie",
    "TWILIO_API_URL": "http://127.0.0.1:9999",
}


def environment(given: dict[str, str]) -> dict[str, str]:
    """Return what the parts are told when `given` is in the environment."""
    return application_environment(given, SECRETS, Ports.of(given))


def test_nothing_given_means_a_simulation_that_vigie_accepts() -> None:
    settings = read_settings(environment({}))
    assert settings.is_simulated
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.twilio.api_url == "http://127.0.0.1:8001"
    assert settings.twilio.account_sid == SECRETS["TWILIO_ACCOUNT_SID"]
    assert settings.api_docs
    assert has_own_phones({})


def test_a_given_account_means_no_simulation_and_no_phones() -> None:
    settings = read_settings(environment(FOREIGN))
    assert not settings.is_simulated
    assert settings.twilio.api_url == "http://127.0.0.1:9999"
    assert settings.twilio.sender == "Vigie"
    assert not has_own_phones(FOREIGN)


def test_an_account_given_by_file_counts_as_given(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("from a file\n", encoding="utf-8")
    given = {"SIMULATE": "1", "TWILIO_AUTH_TOKEN_FILE": str(token)}
    assert "TWILIO_AUTH_TOKEN" not in environment(given)
    assert read_settings(environment(given)).twilio.auth_tokens == ("from a file",)


def test_a_foreign_network_may_be_asked_to_be_marked_as_simulated() -> None:
    given = {**FOREIGN, "SIMULATE": "1"}
    assert read_settings(environment(given)).is_simulated
    assert not has_own_phones(given)


def test_no_simulation_and_no_account_is_refused() -> None:
    given = {"SIMULATE": "0"}
    assert not is_simulated(given)
    with pytest.raises(ConfigurationError, match="without a provider nobody would be told"):
        read_settings(environment(given))


def test_what_is_given_wins_over_what_was_made() -> None:
    given = {"SECRET_KEY": "given", "PUBLIC_URL": "http://localhost:1", "API_DOCS": "0"}
    told = environment(given)
    assert {name: told[name] for name in given} == given


@pytest.mark.parametrize("raw", ["0", "65536", "80x", "-1", "\uff18\uff10"])
def test_a_port_that_is_none_is_refused(raw: str) -> None:
    with pytest.raises(StackError, match="PORT is not a port"):
        Ports.of({"PORT": raw})


def test_the_tests_know_nothing_of_the_installation_around_them() -> None:
    around = {"PATH": "/bin", "DATABASE_URL": "postgres://real", "TWILIO_CALLER_ID": "real"}
    told = environment_of_tests({**around, "OPERATOR_PHONE": "real", "SECRET_KEY_FILE": "/real"})
    assert "real" not in told.values()
    assert told["PATH"] == "/bin"
    assert "SECRET_KEY_FILE" not in told
    assert read_settings(told).is_simulated


def test_the_deployment_check_is_made_with_settings_that_vigie_accepts() -> None:
    assert not read_settings({**production_environment(), "TWILIO_SENDER": "Vigie"}).is_loopback


def test_every_setting_of_vigie_is_known_to_the_launcher() -> None:
    source = (ROOT / "alerts" / "conf.py").read_text(encoding="utf-8")
    names = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    assert len(names) > 20
    assert without_application_settings(dict.fromkeys(names, "given")) == {}
