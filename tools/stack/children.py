"""One child process: how it is started, seen to end, told to stop."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.stack.bootstrap import ROOT
from tools.stack.launch import SAME_IDENTITY, launcher
from tools.stack.terminal import StackError

SETTLED_AFTER = 2.0  # seconds of life after which a death is news, not a failing start
SLOWEST_RETRY = 5.0
LARGEST_LOG = 20_000_000  # bytes
LAST_BYTES = 50_000


def python_module(*arguments: str) -> list[str]:
    """Return the command line of a module: console scripts break in long paths."""
    return [sys.executable, "-m", *arguments]


def require_module(name: str) -> None:
    """Raise StackError when a program of the repository is not in this copy."""
    if importlib.util.find_spec(name) is None:
        raise StackError(f"{name.replace('.', '/')} is missing in this copy")


def python_script(path: str, *arguments: str) -> list[str]:
    """Return the command line of a script of the repository."""
    return [sys.executable, path, *arguments]


def python_program(text: str) -> list[str]:
    """Return the command line of a few lines of Python."""
    return [sys.executable, "-c", text]


def do_nothing() -> None:
    """Return at once: most children need no preparation."""


@dataclass(frozen=True)
class Spec:
    """What a child is: `stop_rank` orders the stop, lowest first; times are in seconds."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    stop_rank: int
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    death_signal: signal.Signals = signal.SIGKILL
    identity: str = SAME_IDENTITY
    prepare: Callable[[], None] = field(default=do_nothing)


class Child:
    """A process that is started again when it ends."""

    def __init__(self, spec: Spec, log: Path) -> None:
        self.spec = spec
        self.log = log
        self.failures = 0
        self.due_at = 0.0  # when to start it again, on the monotonic clock
        self._started_at = 0.0
        self._log_offset = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process was alive when last looked at."""
        return self._process is not None

    @property
    def has_settled(self) -> bool:
        """Whether it has lived long enough for a failing start to have shown."""
        return self.is_running and time.monotonic() - self._started_at > SETTLED_AFTER

    @property
    def pid(self) -> int:
        """The process id; 0 when it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the process in a session of its own, its output appended to its log."""
        self.spec.prepare()
        rotate(self.log)
        with self.log.open("ab") as log:
            self._log_offset = log.tell()
            self._process = subprocess.Popen(
                launcher(
                    os.getpid(), self.spec.death_signal, self.spec.identity, self.spec.command
                ),
                cwd=ROOT,
                env=dict(self.spec.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started_at = time.monotonic()

    def ended(self) -> str | None:
        """Return how the process ended since the last look, or None.

        What is left of its group is killed first, while its id cannot belong to anyone else.
        """
        if self._process is None or not has_exited(self._process.pid):
            return None
        self.signal_group(signal.SIGKILL)
        code = self._process.wait()
        self._process = None
        lived = time.monotonic() - self._started_at
        self.failures = 0 if lived > SETTLED_AFTER else self.failures + 1
        self.due_at = time.monotonic() + min(0.1 * 2**self.failures, SLOWEST_RETRY)
        return describe_exit(code)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if it still is there."""
        if self._process is not None:
            self._process.send_signal(number)

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and to whatever it has started."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def said(self) -> str:
        """Return the last of what the process has written to its log since it was started."""
        with self.log.open("rb") as log:
            log.seek(max(self._log_offset, self.log.stat().st_size - LAST_BYTES))
            return log.read().decode("utf-8", "replace")


def has_exited(pid: int) -> bool:
    """Tell whether a child has ended, and leave its id reserved."""
    state = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return state is not None


def describe_exit(code: int) -> str:
    """Say how a process ended."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def rotate(log: Path) -> None:
    """Keep one earlier log when the present one has grown large."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
