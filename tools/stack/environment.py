"""The environment in which the parts of Vigie run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.stack import keys
from tools.stack.terminal import StackError

DEFAULT_PORT = 8000
SIMULATED_SENDER = "+33757050000"
HIGHEST_PORT = 65535
APPLICATION_PREFIXES = ("TWILIO_", "OPERATOR_", "CODES_PER_", "TIMER_", "WEBPUSH_", "PG")
APPLICATION_SETTINGS = {
    "ACK_LAPSE_SECONDS", "ALLOWED_COUNTRIES", "API_DOCS", "CELERY_BROKER_URL", "DATABASE_URL",
    "DEFAULT_FROM_EMAIL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL", "ESCALATION_SCALE",
    "GRACE_CHOICES_SECONDS", "HEARTBEAT_URL", "INDEX_KEY", "LINK_KEY", "MASTER_KEYS",
    "METRICS_TOKEN", "PHONES_PORT", "PIN_PEPPER", "PORT", "PUBLIC_URL", "QUICK_EXIT_URL",
    "SECRET_KEY", "SIMULATE", "TRUSTED_PROXIES", "VAR_DIR",
}  # fmt: skip


def is_given(variables: Mapping[str, str], name: str) -> bool:
    """Tell whether a setting is in the environment, by value or by file."""
    return bool(variables.get(name) or variables.get(f"{name}_FILE"))


def value_of(variables: Mapping[str, str], name: str) -> str:
    """Return a setting given by value or by file; raises StackError when the file is not there."""
    path = variables.get(f"{name}_FILE")
    if not path:
        return variables.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StackError(f"{name}_FILE cannot be read: {error.strerror}") from error


def with_defaults(variables: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with each default that is not given in either form."""
    missing = {name: value for name, value in defaults.items() if not is_given(variables, name)}
    return {**variables, **missing}


@dataclass(frozen=True)
class Ports:
    """Where the web app and the simulated phone network listen, on 127.0.0.1."""

    web: int
    phones: int

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> "Ports":
        """Return the ports that the environment asks for; raises StackError."""
        web = port_of(variables, "PORT", DEFAULT_PORT)
        phones = port_of(variables, "PHONES_PORT", web + 1 if web < HIGHEST_PORT else web - 1)
        return cls(web, phones)

    @property
    def web_url(self) -> str:
        """The address of the web app on this machine."""
        return f"http://127.0.0.1:{self.web}"

    @property
    def phones_url(self) -> str:
        """The address of the simulated phone network."""
        return f"http://127.0.0.1:{self.phones}"


def port_of(variables: Mapping[str, str], name: str, default: int) -> int:
    """Return a port from the environment; raises StackError."""
    raw = variables.get(name) or str(default)
    if not (raw.isascii() and raw.isdecimal()) or not 0 < int(raw) <= HIGHEST_PORT:
        raise StackError(f"{name} is not a port: {raw!r}")
    return int(raw)


def is_simulated(variables: Mapping[str, str]) -> bool:
    """Tell whether nothing real is sent: asked for, or nothing to send with was given."""
    if variables.get("SIMULATE"):
        return variables["SIMULATE"].lower() in {"1", "true"}
    return not is_given(variables, "TWILIO_ACCOUNT_SID")


def has_own_phones(variables: Mapping[str, str]) -> bool:
    """Tell whether the simulated phone network has to be started here."""
    return is_simulated(variables) and not is_given(variables, "TWILIO_API_URL")


def application_environment(
    variables: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
) -> dict[str, str]:
    """Return the environment of an installation; what is given always wins."""
    defaults = {
        "API_DOCS": "1",
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "PORT": str(ports.web),
        "PUBLIC_URL": ports.web_url,
        "PYTHONUNBUFFERED": "1",
    }
    defaults |= {name: secrets[name] for name in keys.SEALING}
    if is_simulated(variables):
        defaults |= {"SIMULATE": "1", "TWILIO_SENDER": SIMULATED_SENDER}
        defaults |= {name: secrets[name] for name in keys.SIMULATED_ACCOUNT}
    if has_own_phones(variables):
        defaults |= {"TWILIO_API_URL": ports.phones_url, "TWILIO_TWO_WAY": "1"}
    return with_defaults(variables, defaults)


def environment_of_tests(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the tests: always the same, whatever surrounds it."""
    settings = {
        "API_DOCS": "1",
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "SIMULATE": "1",
        "SECRET_KEY": "tests-only-secret-key-0123456789-abcdefghijk",
        "MASTER_KEYS": "tests:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "INDEX_KEY": "tests-only-index-key-0123456789-abcdefghijkl",
        "LINK_KEY": "tests-only-link-key-0123456789-abcdefghijklm",
        "PIN_PEPPER": "tests-only-pin-pepper-0123456789-abcdefghijk",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "TWILIO_AUTH_TOKEN": "tests-only-twilio-token-0123456789",
        "TWILIO_SENDER": SIMULATED_SENDER,
        "TWILIO_API_URL": "http://127.0.0.1:9",  # nothing listens there
        "TWILIO_TWO_WAY": "1",
    }
    return {**without_application_settings(variables), **settings}


def without_application_settings(variables: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that says nothing about any installation of Vigie."""
    return {
        name: value
        for name, value in variables.items()
        if not name.startswith(APPLICATION_PREFIXES)
        and name.removesuffix("_FILE") not in APPLICATION_SETTINGS
    }
