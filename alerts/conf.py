"""Every setting of Vigie, read once from the environment, typed and checked."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

MASTER_KEY_BYTES = 32
LEAST_SECRET_LENGTH = 32
TWILIO_API_URL = "https://api.twilio.com"
REQUIRED = ("PUBLIC_URL", "SECRET_KEY", "MASTER_KEYS", "INDEX_KEY", "LINK_KEY", "PIN_PEPPER")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigurationError(Exception):
    """The environment does not allow a safe start; the message says which setting and why."""


@dataclass(frozen=True)
class MasterKeys:
    """The keys that wrap data keys: the first one seals, all of them open."""

    current_id: str
    by_id: Mapping[str, bytes]


@dataclass(frozen=True)
class TwilioSettings:
    """The account that sends; `is_two_way` says that replies by SMS reach us."""

    account_sid: str
    auth_tokens: tuple[str, ...]
    sender: str
    caller_id: str
    api_url: str
    is_two_way: bool


@dataclass(frozen=True)
class OperatorSettings:
    """Who runs this installation, and where they are told of trouble."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class AlertsSettings:
    """The whole configuration. Periods are timedeltas unless the name says otherwise."""

    public_url: str
    secret_key: str
    master_keys: MasterKeys
    index_key: bytes
    link_key: bytes
    pin_pepper: bytes
    twilio: TwilioSettings
    email_url: str
    default_from_email: str
    heartbeat_url: str
    operator: OperatorSettings
    allowed_countries: tuple[str, ...]
    codes_per_address_per_hour: int
    codes_per_phone_per_hour: int
    trusted_proxies: int
    timer_min_period: timedelta
    timer_max_period: timedelta
    grace_choices: tuple[timedelta, ...]
    escalation_scale: float
    ack_lapse_period: timedelta
    api_docs: bool
    metrics_token: str
    quick_exit_url: str
    is_simulated: bool

    @property
    def default_grace(self) -> timedelta:
        """Ten minutes if offered, else the first choice."""
        ten_minutes = timedelta(minutes=10)
        return ten_minutes if ten_minutes in self.grace_choices else self.grace_choices[0]

    @property
    def is_loopback(self) -> bool:
        """Whether this installation can be reached from this machine only."""
        return urlsplit(self.public_url).hostname in LOOPBACK_HOSTS

    def scaled(self, period: timedelta) -> timedelta:
        """Return a period of a plan on the clock of this installation."""
        return period * self.escalation_scale


class Environment:
    """Reads variables, each also as a file named by `NAME_FILE`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        """Return the value of a variable, or the content of the file it names."""
        path = self._variables.get(f"{name}_FILE", "")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigurationError(f"{name}_FILE cannot be read: {error.strerror}") from error
        return self._variables.get(name, default).strip()

    def required(self, name: str) -> str:
        """Return the value of a variable that has no safe default."""
        self.require(name)
        return self.text(name)

    def require(self, *names: str) -> None:
        """Raise ConfigurationError naming every variable that is missing."""
        missing = [name for name in names if not self.text(name)]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            raise ConfigurationError(f"{', '.join(missing)} {verb} missing")

    def secret(self, name: str) -> str:
        """Return a secret that is long and varied enough to be one."""
        value = self.required(name)
        if len(value) < LEAST_SECRET_LENGTH or len(set(value)) < LEAST_SECRET_LENGTH // 4:
            raise ConfigurationError(
                f"{name} is weak: {LEAST_SECRET_LENGTH} random characters at least"
            )
        return value

    def number(self, name: str, default: float, *, least: float) -> float:
        """Return a number not under `least`."""
        raw = self.text(name, str(default))
        try:
            value = float(raw)
        except ValueError as error:
            raise ConfigurationError(f"{name} is not a number: {raw!r}") from error
        if not least <= value < float("inf"):
            raise ConfigurationError(f"{name} must be {least:g} or more")
        return value

    def flag(self, name: str) -> bool:
        """Return whether a switch is on; anything but 1/0/true/false is refused."""
        raw = self.text(name, "0").lower()
        if raw not in {"0", "1", "true", "false", ""}:
            raise ConfigurationError(f"{name} is neither 1 nor 0: {raw!r}")
        return raw in {"1", "true"}

    def seconds(self, name: str, default: float, *, least: float = 0.001) -> timedelta:
        """Return a period given in seconds."""
        return timedelta(seconds=self.number(name, default, least=least))


def parse_master_keys(raw: str) -> MasterKeys:
    """Parse `id:base64,id:base64`; the first key seals, the others only open."""
    by_id: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in raw.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise ConfigurationError("MASTER_KEYS: a key is not base64") from error
        if not key_id or len(key) != MASTER_KEY_BYTES or len(set(key)) <= 1:
            raise ConfigurationError("MASTER_KEYS: each key is `id:` and 32 random bytes in base64")
        if key_id in by_id:
            raise ConfigurationError(f"MASTER_KEYS: the id {key_id} stands twice")
        by_id[key_id] = key
    if not by_id:
        raise ConfigurationError("MASTER_KEYS is missing")
    return MasterKeys(current_id=next(iter(by_id)), by_id=by_id)


def read_twilio(env: Environment) -> TwilioSettings:
    """Read the sending account; without one, timers would tell nobody."""
    tokens = tuple(filter(None, (t.strip() for t in env.text("TWILIO_AUTH_TOKEN").split(","))))
    account_sid = env.text("TWILIO_ACCOUNT_SID")
    sender = env.text("TWILIO_SENDER")
    missing = [
        name
        for name, value in (
            ("TWILIO_ACCOUNT_SID", account_sid),
            ("TWILIO_AUTH_TOKEN", tokens),
            ("TWILIO_SENDER", sender),
        )
        if not value
    ]
    if missing:
        raise ConfigurationError(
            f"{', '.join(missing)} missing: without a provider nobody would be told"
        )
    return TwilioSettings(
        account_sid=account_sid,
        auth_tokens=tokens,
        sender=sender,
        caller_id=env.text("TWILIO_CALLER_ID"),
        api_url=env.text("TWILIO_API_URL", TWILIO_API_URL).rstrip("/"),
        is_two_way=env.flag("TWILIO_TWO_WAY"),
    )


def read_grace_choices(env: Environment) -> tuple[timedelta, ...]:
    """Read the grace periods that owners may choose from, in seconds."""
    raw = env.text("GRACE_CHOICES_SECONDS", "300,600,900,1800")
    try:
        choices = tuple(timedelta(seconds=float(part)) for part in raw.split(","))
    except ValueError as error:
        raise ConfigurationError(
            f"GRACE_CHOICES_SECONDS is not a list of numbers: {raw!r}"
        ) from error
    if not choices or min(choices) <= timedelta(0):
        raise ConfigurationError("GRACE_CHOICES_SECONDS needs periods longer than nothing")
    return choices


def read_public_url(env: Environment) -> str:
    """Read the address that links, callbacks and signature checks use."""
    url = env.required("PUBLIC_URL").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("PUBLIC_URL is not an http(s) address")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ConfigurationError("PUBLIC_URL must be https off loopback")
    return url


def read_settings(variables: Mapping[str, str]) -> AlertsSettings:
    """Return the checked configuration, or raise ConfigurationError naming the setting."""
    env = Environment(variables)
    env.require(*REQUIRED)
    settings = AlertsSettings(
        public_url=read_public_url(env),
        secret_key=env.secret("SECRET_KEY"),
        master_keys=parse_master_keys(env.required("MASTER_KEYS")),
        index_key=env.secret("INDEX_KEY").encode(),
        link_key=env.secret("LINK_KEY").encode(),
        pin_pepper=env.secret("PIN_PEPPER").encode(),
        twilio=read_twilio(env),
        email_url=env.text("EMAIL_URL"),
        default_from_email=env.text("DEFAULT_FROM_EMAIL", "vigie@localhost"),
        heartbeat_url=env.text("HEARTBEAT_URL"),
        operator=OperatorSettings(
            name=env.text("OPERATOR_NAME", "Vigie"),
            phone=env.text("OPERATOR_PHONE"),
            email=env.text("OPERATOR_EMAIL"),
        ),
        allowed_countries=tuple(
            part.strip().upper() for part in env.text("ALLOWED_COUNTRIES", "FR").split(",")
        ),
        codes_per_address_per_hour=int(env.number("CODES_PER_ADDRESS_PER_HOUR", 60, least=1)),
        codes_per_phone_per_hour=int(env.number("CODES_PER_PHONE_PER_HOUR", 5, least=1)),
        trusted_proxies=int(env.number("TRUSTED_PROXIES", 0, least=0)),
        timer_min_period=env.seconds("TIMER_MIN_SECONDS", 600),
        timer_max_period=env.seconds("TIMER_MAX_SECONDS", 43200),
        grace_choices=read_grace_choices(env),
        escalation_scale=env.number("ESCALATION_SCALE", 1, least=0.0001),
        ack_lapse_period=env.seconds("ACK_LAPSE_SECONDS", 1200),
        api_docs=env.flag("API_DOCS"),
        metrics_token=env.text("METRICS_TOKEN"),
        quick_exit_url=env.text("QUICK_EXIT_URL", "https://www.wikipedia.org/"),
        is_simulated=env.flag("SIMULATE"),
    )
    refuse_what_is_unsafe(settings)
    return settings


def refuse_what_is_unsafe(settings: AlertsSettings) -> None:
    """Raise ConfigurationError for what may exist on loopback only."""
    if settings.timer_min_period > settings.timer_max_period:
        raise ConfigurationError("TIMER_MIN_SECONDS is over TIMER_MAX_SECONDS")
    if settings.is_loopback:
        return
    if settings.is_simulated:
        raise ConfigurationError("SIMULATE=1 is refused: PUBLIC_URL is not loopback")
    if settings.escalation_scale != 1:
        raise ConfigurationError("ESCALATION_SCALE other than 1 is refused off loopback")
    if settings.timer_min_period < timedelta(seconds=60):
        raise ConfigurationError("TIMER_MIN_SECONDS under 60 is refused off loopback")
    if not settings.operator.phone or not settings.operator.email:
        raise ConfigurationError("OPERATOR_PHONE and OPERATOR_EMAIL are required off loopback")


@lru_cache(maxsize=1)
def alerts_settings() -> AlertsSettings:
    """Return the configuration of this process."""
    return read_settings(os.environ)
