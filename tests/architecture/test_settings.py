""".env.example names every setting that the code reads, and no other."""

import re
from pathlib import Path

import pytest

from alerts.conf import ConfigurationError, read_settings

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r'(?:env|ENVIRONMENT)\.[a-z]+\(\s*"([A-Z_]+)"')
ANNOUNCED = {"WEBPUSH_PRIVATE_KEY"}  # promised to operators, used once push is built
KEY = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SECRET = "abcdefghijklmnopqrstuvwxyz0123456789"
GOOD = {
    "PUBLIC_URL": "https://vigie.app",
    "SECRET_KEY": SECRET,
    "MASTER_KEYS": KEY,
    "INDEX_KEY": SECRET,
    "LINK_KEY": SECRET,
    "PIN_PEPPER": SECRET,
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_SENDER": "+33757050000",
    "OPERATOR_PHONE": "+33639987777",
    "OPERATOR_EMAIL": "operator@example.org",
}
LOOPBACK = {**GOOD, "PUBLIC_URL": "http://127.0.0.1:8000"}


def test_the_example_names_what_is_read() -> None:
    sources = [ROOT / "alerts" / "conf.py", ROOT / "backend" / "settings.py"]
    read = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE))
    assert named == read | ANNOUNCED


def test_a_complete_deployment_starts() -> None:
    settings = read_settings(GOOD)
    assert not settings.is_simulated
    assert settings.twilio.api_url == "https://api.twilio.com"


@pytest.mark.parametrize("missing", GOOD)
def test_a_deployment_without_it_is_refused_by_name(missing: str) -> None:
    with pytest.raises(ConfigurationError, match=missing):
        read_settings({k: v for k, v in GOOD.items() if k != missing})


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({"PUBLIC_URL": "https://vigie.app"})
    assert str(refusal.value) == (
        "SECRET_KEY, MASTER_KEYS, INDEX_KEY, LINK_KEY, PIN_PEPPER are missing"
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PIN_PEPPER": "a" * 40}, "PIN_PEPPER"),
        ({"MASTER_KEYS": "k1:AAAA"}, "MASTER_KEYS"),
        ({"MASTER_KEYS": f"{KEY},{KEY}"}, "MASTER_KEYS"),
        ({"PUBLIC_URL": "http://vigie.app"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "vigie"}, "PUBLIC_URL"),
        ({"SIMULATE": "1"}, "SIMULATE"),
        ({"SIMULATE": "perhaps"}, "SIMULATE"),
        ({"ESCALATION_SCALE": "0.5"}, "ESCALATION_SCALE"),
        ({"TIMER_MIN_SECONDS": "5"}, "TIMER_MIN_SECONDS"),
        ({"TIMER_MIN_SECONDS": "soon"}, "TIMER_MIN_SECONDS"),
        ({"GRACE_CHOICES_SECONDS": "0"}, "GRACE_CHOICES_SECONDS"),
        ({"LINK_KEY_FILE": "/nowhere/at/all"}, "LINK_KEY"),
    ],
)
def test_what_is_unsafe_is_refused_by_name(change: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        read_settings({**GOOD, **change})


def test_a_compressed_clock_and_a_simulation_are_allowed_on_loopback() -> None:
    settings = read_settings(
        {**LOOPBACK, "SIMULATE": "1", "ESCALATION_SCALE": "0.01", "TIMER_MIN_SECONDS": "1"}
    )
    assert settings.is_simulated
    assert settings.escalation_scale == 0.01


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "link_key"
    path.write_text(SECRET + "\n")
    settings = read_settings(
        {**{k: v for k, v in GOOD.items() if k != "LINK_KEY"}, "LINK_KEY_FILE": str(path)}
    )
    assert settings.link_key == SECRET.encode()
