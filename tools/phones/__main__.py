"""Start a simulated phone network: python -m tools.phones --help."""

import argparse
import os
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web

from tools.phones.config import Config
from tools.phones.web import create_app


def main() -> None:
    """Serve one network until a signal ends it."""
    options = parse_arguments()
    web.run_app(
        create_app(config_from(options)),
        host=options.host,
        port=options.port,
        access_log=None,
        shutdown_timeout=1.0,
    )


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; ends the process with a usage line when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.phones", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", type=loopback, default="127.0.0.1", help="loopback only")
    parser.add_argument("--account-sid", required=True)
    parser.add_argument(
        "--auth-token",
        default=os.environ.get("PHONES_AUTH_TOKEN"),
        help="or PHONES_AUTH_TOKEN in the environment, which other users cannot see",
    )
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--inbound-url", required=True, help="where inbound SMS are posted")
    parser.add_argument("--no-callbacks", action="store_true")
    parser.add_argument(
        "--callback-delay", type=delay, default=(0.1, 0.4), metavar="SECONDS[-SECONDS]"
    )
    parser.add_argument("--callback-statuses", type=names, default=names("queued,sent,delivered"))
    parser.add_argument("--callback-tries", type=int, default=3)
    parser.add_argument("--callback-workers", type=int, default=32)
    parser.add_argument("--speech-rate", type=float, default=15.0, help="characters a second")
    options = parser.parse_args(arguments)
    if not options.auth_token:
        parser.error("--auth-token or PHONES_AUTH_TOKEN is required")
    return options


def config_from(options: argparse.Namespace) -> Config:
    """Return the settings of a network from its command line."""
    return Config(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        journal=options.journal,
        inbound_url=options.inbound_url,
        callbacks=not options.no_callbacks,
        callback_delay=options.callback_delay,
        # What did not happen is always told; the option thins out the good news only.
        callback_statuses=options.callback_statuses | {"failed", "undelivered"},
        callback_tries=options.callback_tries,
        callback_workers=options.callback_workers,
        speech_rate=options.speech_rate,
    )


def loopback(text: str) -> str:
    """Return an address of this machine's own; raises ValueError for any other."""
    if not ip_address(text).is_loopback:
        raise ValueError(f"{text} is not a loopback address")
    return text


def delay(text: str) -> tuple[float, float]:
    """Read "0.2" or "0.1-0.4" as the shortest and longest delay in seconds."""
    shortest, _, longest = text.partition("-")
    return float(shortest), float(longest or shortest)


def names(text: str) -> frozenset[str]:
    """Read names separated by commas."""
    return frozenset(filter(None, text.split(",")))


if __name__ == "__main__":
    main()
