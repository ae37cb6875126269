"""The parts of Vigie itself, as children."""

import contextlib
import http.client
import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from tools.stack.children import Spec, python_module, python_script
from tools.stack.environment import Ports, value_of
from tools.stack.interrupts import Interrupts
from tools.stack.terminal import StackError

ANSWER_SECONDS = 5.0
PORT_WAIT_SECONDS = 3.0  # a stack killed just now needs a moment to vanish
CELERY = ["--pool", "threads", "--concurrency", "4", "--loglevel", "INFO"]
CELERY_ALONE = ["--without-gossip", "--without-mingle"]


def manage_command(*arguments: str) -> list[str]:
    """Return the command line of a `manage.py` command."""
    return python_script("manage.py", *arguments)


def application_children(environment: Mapping[str, str]) -> list[Spec]:
    """Return web, watcher, worker and auditor, in the order of their start."""
    gunicorn = ["gunicorn", "backend.wsgi:application"]
    gunicorn += ["--config", "python:tools.stack.gunicorn_conf"]
    celery = ["celery", "-A", "backend", "worker", *CELERY, *CELERY_ALONE]
    return [
        Spec("web", python_module(*gunicorn), environment, stop_rank=0, stop_seconds=25.0),
        Spec("watcher", manage_command("watch"), environment, stop_rank=0, stop_seconds=25.0),
        Spec("auditor", manage_command("audit"), environment, stop_rank=0, stop_seconds=5.0),
        Spec("worker", python_module(*celery), environment, stop_rank=1, stop_seconds=15.0),
    ]


def phones_child(environment: Mapping[str, str], ports: Ports, journal: Path) -> Spec:
    """Return the simulated phone network; it outlives those who send through it."""
    command = python_module("tools.phones", "--port", str(ports.phones))
    command += ["--account-sid", value_of(environment, "TWILIO_ACCOUNT_SID")]
    # Not an argument: a token may begin with a dash, and the list of processes is no place for it.
    token = value_of(environment, "TWILIO_AUTH_TOKEN").partition(",")[0]
    environment = {**environment, "PHONES_AUTH_TOKEN": token}
    command += ["--journal", str(journal)]
    command += ["--inbound-url", f"{environment['PUBLIC_URL'].rstrip('/')}/webhooks/twilio/inbound"]
    return Spec("phones", command, environment, stop_rank=2, stop_seconds=5.0)


def is_ready(port: int) -> bool:
    """Tell whether the web app on a local port answers and reaches its database."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_listening(port: int) -> bool:
    """Tell whether something accepts connections on a local port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def require_free_port(port: int, setting: str, interrupts: Interrupts) -> None:
    """Raise StackError when another program holds a port."""
    deadline = time.monotonic() + PORT_WAIT_SECONDS
    while not is_free(port):
        if time.monotonic() > deadline:
            raise StackError(f"port {port} is in use; give another with {setting}=…")
        interrupts.pause(0.1)


def is_free(port: int) -> bool:
    """Tell whether a local port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports() -> Ports:
    """Return two ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(2)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        web, phones = (int(probe.getsockname()[1]) for probe in probes)
    return Ports(web, phones)
