"""A database of its own, the simulated phone network and watchers, each a real process."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.core.management import call_command
from django.db import connection

from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.domain.states import DeliveryState
from alerts.models import Delivery
from alerts.services.outbox import wake_watchers
from tests.services.sending import code_delivery

ROOT = Path(__file__).resolve().parents[2]
BOOT_SECONDS = 30.0


class Stage:
    """What a fault test talks to."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self._folder = folder
        self._port = free_port()
        self._children: list[subprocess.Popen[bytes]] = []
        twilio = alerts_settings().twilio
        self._account, self._token = twilio.account_sid, twilio.auth_tokens[0]
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "TWILIO_API_URL": f"http://127.0.0.1:{self._port}",
            "ESCALATION_SCALE": "0.01",
            "PYTHONPATH": str(ROOT),
        }

    def start_phones(self) -> None:
        """Start the network that takes messages; what it accepted is in its journal."""
        self._start(
            *(sys.executable, "-m", "tools.phones", "--port", str(self._port)),
            *("--account-sid", self._account, f"--auth-token={self._token}"),
            *("--journal", str(self._folder / "journal.jsonl"), "--no-callbacks"),
            *("--inbound-url", "http://127.0.0.1:9/inbound"),
        )
        eventually(self._phones_answer, seconds=BOOT_SECONDS)

    def behave(self, **behaviour: object) -> None:
        """Tell every number how to behave from now on."""
        self._control("POST", "behaviour", behaviour)

    def start_watcher(self, **environment: str) -> subprocess.Popen[bytes]:
        """Return a watcher that has begun to watch."""
        log = self._folder / f"watch-{uuid4().hex}.log"
        child = self._start(
            sys.executable, str(ROOT / "manage.py"), "watch", log=log, **environment
        )
        eventually(lambda: "watching" in log.read_text(), seconds=BOOT_SECONDS)
        return child

    def queue_codes(self, first: int, count: int) -> None:
        """Queue so many sign-in codes, each to a number of its own."""
        now = database_now()
        for number in range(first, first + count):
            code_delivery(now, number=number)
        wake_watchers()

    def accepted(self) -> Counter[str]:
        """Return how many messages the network has taken for each number."""
        events = self._control("GET", "journal?kind=message_accepted&limit=100000")["events"]
        return Counter(event["to"] for event in events)

    def forget(self) -> None:
        """Empty the journal and let every number behave normally again."""
        self._control("DELETE", "journal")
        self._control("DELETE", "behaviour")

    def close(self) -> None:
        """End every process that is still there."""
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            child.wait(timeout=10)

    def _start(
        self, *command: str, log: Path | None = None, **environment: str
    ) -> subprocess.Popen[bytes]:
        with (log or self._folder / "phones.log").open("ab") as output:
            child = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=output,
                stderr=output,
            )
        self._children.append(child)
        return child

    def _phones_answer(self) -> bool:
        try:
            self._control("GET", "journal?limit=1")
        except OSError:
            return False
        return True

    def _control(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/_phones/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)


def stop(child: subprocess.Popen[bytes]) -> int:
    """Ask a process to end; return its exit code."""
    child.send_signal(signal.SIGTERM)
    return child.wait(timeout=40)


def is_all_sent() -> bool:
    """Whether no delivery waits for anything any more."""
    return not Delivery.objects.filter(next_action_at__isnull=False).exists()


def end_leases() -> None:
    """Let the time pass that the leases of dead watchers run."""
    Delivery.objects.filter(state=DeliveryState.Sending).update(next_action_at=database_now())


def deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has broken in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def eventually(holds: Callable[[], bool], *, seconds: float) -> None:
    """Return once it holds, or fail."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def own_database() -> Iterator[str]:
    """Give the address of a fresh database, which this process's models use meanwhile."""
    name = f"vigie_faults_{uuid4().hex[:12]}"
    former = str(connection.settings_dict["NAME"])
    connection.close()
    with administration() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield address_of(name)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former
        with administration() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address_of(name: str) -> str:
    """Return the address of another database of the same server."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(server._replace(path=f"/{name}"))


@contextlib.contextmanager
def administration() -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor on the maintenance database, outside of any transaction."""
    with (
        psycopg.connect(address_of("postgres"), autocommit=True) as raw,
        raw.cursor() as cursor,
    ):
        yield cursor
