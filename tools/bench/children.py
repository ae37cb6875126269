"""Processes that a benchmark starts and ends; they die with it, whatever ends it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.stack.bootstrap import ROOT
from tools.stack.launch import SAME_IDENTITY, launcher

START_SECONDS = 60.0
STOP_SECONDS = 40.0


@dataclass(frozen=True)
class Process:
    """A running process and what it writes."""

    pid: int
    log: Path

    def said(self) -> str:
        """Return everything it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running(
    command: list[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    is_ready: Callable[[Process], bool],
) -> Iterator[Process]:
    """Give a process once it is ready; it is asked to end afterwards, and made to if need be."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            launcher(os.getpid(), signal.SIGKILL, SAME_IDENTITY, command),
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    process = Process(child.pid, log)
    try:
        _wait(child, process, is_ready)
        yield process
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(
    child: "subprocess.Popen[bytes]", process: Process, is_ready: Callable[[Process], bool]
) -> None:
    until = time.monotonic() + START_SECONDS
    while not is_ready(process):
        if child.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.log.stem} did not start: {process.said()[-2000:]}")
        time.sleep(0.05)
