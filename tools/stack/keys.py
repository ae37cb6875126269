"""The secrets that an installation makes for itself, once, and keeps."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.stack.terminal import StackError


def random_text() -> str:
    """Return 384 random bits as 64 characters."""
    return secrets.token_urlsafe(48)


def master_key() -> str:
    """Return one key in the form of MASTER_KEYS, `id:base64`."""
    return f"k1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode('ascii')}"


def account_sid() -> str:
    """Return an account id of the form that Twilio's have, for the simulated network."""
    return f"AC{secrets.token_hex(16)}"


SEALING: dict[str, Callable[[], str]] = {
    "SECRET_KEY": random_text,
    "MASTER_KEYS": master_key,
    "INDEX_KEY": random_text,
    "LINK_KEY": random_text,
    "PIN_PEPPER": random_text,
}
SIMULATED_ACCOUNT: dict[str, Callable[[], str]] = {
    "TWILIO_ACCOUNT_SID": account_sid,
    "TWILIO_AUTH_TOKEN": random_text,
}
MAKERS = SEALING | SIMULATED_ACCOUNT


def kept_secrets(path: Path) -> dict[str, str]:
    """Return the secrets of an installation; the missing ones are made and kept."""
    known = read_secrets(path)
    missing = {name: make() for name, make in MAKERS.items() if name not in known}
    if missing:
        known |= missing
        write_secrets(path, known)
    return known


def read_secrets(path: Path) -> dict[str, str]:
    """Read the `NAME=value` lines of a file that may not exist yet; raises StackError."""
    if not path.exists():
        return {}
    known: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if not separator or not value:
            raise StackError(f"{path} is damaged; restore it, without it nothing can be read")
        known[name] = value
    return known


def write_secrets(path: Path, known: Mapping[str, str]) -> None:
    """Write a file that its owner alone can read; whole, or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600, exist_ok=False)
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in known.items())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
