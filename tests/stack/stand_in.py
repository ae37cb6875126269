"""A copy of the launcher in a folder of its own, around parts that start in no time."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.stack.application import free_ports
from tools.stack.bootstrap import ROOT
from tools.stack.environment import without_application_settings

FILES = {
    "manage.py": """
import os, sys, time
import psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS seen (command text)")
    connection.execute("INSERT INTO seen VALUES (%s)", [sys.argv[1]])
    print(connection.execute("SELECT count(*) FROM seen WHERE command = 'migrate'").fetchone()[0])
while sys.argv[1] in ("watch", "audit"):
    time.sleep(60)
sys.exit(int(sys.argv[2]) if sys.argv[1] == "exit" else 0)
""",
    "backend/__init__.py": """
import os
from celery import Celery
app = Celery("backend", broker=os.environ["CELERY_BROKER_URL"])
""",
    "backend/settings.py": "",
    "backend/wsgi.py": """
import os
import psycopg
def application(request, start):
    psycopg.connect(os.environ["DATABASE_URL"]).close()
    start("200 OK", [])
    return [str(os.getpid()).encode()]
""",
    "tools/phones/__init__.py": "",
    "tools/phones/__main__.py": """
import http.server, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), http.server.BaseHTTPRequestHandler).serve_forever()
""",
}


class StandIn:
    """One copy: its folder, its ports, the launcher in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ports = free_ports()
        self.user: int | None = None  # who runs it; None: the same as here
        self.output = root / "output.txt"
        self.environment = without_application_settings(os.environ) | {
            "PORT": str(self.ports.web),
            "PHONES_PORT": str(self.ports.phones),
        }
        shutil.copytree(ROOT / "tools" / "stack", root / "tools" / "stack")
        for name in ("run", "tools/__init__.py", "requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, root / name)
        for name, text in FILES.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that the launcher becomes once everything is installed."""
        return [sys.executable, "-m", "tools.stack", *arguments]

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a sub-command to its end."""
        return finished(
            self.command(*arguments), cwd=self.root, env={**self.environment, **variables}
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Start the whole stack and return its supervisor once it says that it is ready."""
        with self.output.open("wb") as output:
            supervisor = subprocess.Popen(  # noqa: S603 - our own launcher
                self.command("up"),
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )
        eventually(lambda: "is ready" in self.said() or supervisor.poll() is not None, seconds=60)
        assert supervisor.poll() is None, self.said()
        return supervisor

    def said(self) -> str:
        """Return what the supervisor printed."""
        return self.output.read_text(encoding="utf-8")


def finished(
    command: list[str], *, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return what it said."""
    return subprocess.run(  # noqa: S603 - our own programs
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def eventually(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until something holds; an assertion fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def children_of(pid: int) -> dict[str, int]:
    """Return the direct children of a process, by what tells them apart in their command."""
    marks = ("gunicorn", "watch", "audit", "celery", "tools.phones", "postgres", "valkey")
    found = {}
    for child in processes():
        if parent_of(child) == pid:
            line = command_line(child)
            found[next((mark for mark in marks if mark in line), line)] = child
    return found


def descendants_of(pid: int) -> set[int]:
    """Return every process below a process."""
    parents = {child: parent_of(child) for child in processes()}
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return below - {pid}


def processes() -> list[int]:
    """Return the ids of all processes."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def parent_of(pid: int) -> int:
    """Return the parent of a process; 0 when it is gone or has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    state, parent = status.rpartition(")")[2].split()[:2]
    return 0 if state == "Z" else int(parent)


def command_line(pid: int) -> str:
    """Return the arguments of a process."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return " ".join(Path(part).name for part in raw.decode("utf-8", "replace").split("\0"))


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    return parent_of(pid) != 0
