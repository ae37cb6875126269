"""Keeps children alive, and stops them in order."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.stack.bootstrap import ROOT
from tools.stack.children import Child, Spec, has_exited
from tools.stack.interrupts import Interrupts, StopRequested
from tools.stack.launch import SAME_IDENTITY, launcher
from tools.stack.terminal import StackError, report

POLL_SECONDS = 0.05
ONE_SHOT_STOP_SECONDS = 10.0
ERROR_LINE = re.compile(
    r"([\w.]+(Error|Exception|ImproperlyConfigured)\b:|\?: \(|Unknown command|.*\bFATAL:)"
)


class Supervisor:
    """Owns the children of this process; on leaving, all of them have ended."""

    def __init__(self, interrupts: Interrupts, logs: Path) -> None:
        self.children: list[Child] = []
        self._interrupts = interrupts
        self._logs = logs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, spec: Spec) -> Child:
        """Start a child that is kept alive from now on."""
        child = Child(spec, self._logs / f"{spec.name}.log")
        child.start()
        self.children.append(child)
        return child

    def wait_until(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Wait for the stack to be ready; a child that ends meanwhile is a StackError."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._require_all_alive()
            self._tend()
            if time.monotonic() > deadline:
                raise StackError(f"{what} was not ready after {seconds:.0f} s; see {self._logs}")
            self._interrupts.pause(POLL_SECONDS)

    def has_settled(self) -> bool:
        """Tell whether every child has outlived a failing start."""
        return all(child.has_settled for child in self.children)

    def serve(self) -> None:
        """Keep the children alive until StopRequested is raised."""
        while True:
            self._interrupts.pause(self._tend())

    def run(
        self,
        command: list[str],
        environment: Mapping[str, str],
        log: str = "",
        identity: str = SAME_IDENTITY,
    ) -> int:
        """Run a program to its end while the children are kept alive; returns its exit code.

        It has the terminal, unless its output goes to the named log. Raises StopRequested.
        """
        bound = launcher(os.getpid(), signal.SIGKILL, identity, command)
        if not log:
            return self._await(subprocess.Popen(bound, cwd=ROOT, env=dict(environment)))
        with (self._logs / f"{log}.log").open("wb") as output:
            process = subprocess.Popen(
                bound,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self._await(process)

    def run_step(
        self,
        command: list[str],
        environment: Mapping[str, str],
        log: str,
        identity: str = SAME_IDENTITY,
    ) -> None:
        """Run a program that has to succeed; raises StackError with the reason it gave."""
        if self.run(command, environment, log, identity) != 0:
            reason = f"{log} failed: {reason_in(self.output_of(log))}"
            raise StackError(f"{reason} (all of it: {self._logs / log}.log)")

    def output_of(self, log: str) -> str:
        """Return what is in a named log."""
        return (self._logs / f"{log}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Stop the children rank by rank; a second stop signal makes it immediate."""
        in_order = sorted(self.children, key=lambda child: child.spec.stop_rank)
        for _, rank in groupby(in_order, key=lambda child: child.spec.stop_rank):
            self._stop_together(list(rank))
        self.children.clear()

    def _await(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a program; when told to stop, tell it and leave it some seconds."""
        try:
            while not has_exited(process.pid):
                self._interrupts.pause(self._tend())
        except StopRequested:
            process.terminate()
            self._await_end(process)
            raise
        return exit_code(process.wait())

    def _await_end(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for a program that was told to stop, and kill it when it does not."""
        deadline = time.monotonic() + ONE_SHOT_STOP_SECONDS
        while not has_exited(process.pid) and time.monotonic() < deadline:
            self._tend()
            self._interrupts.wait(POLL_SECONDS)
        process.kill()
        process.wait()

    def _require_all_alive(self) -> None:
        """Raise StackError when a child has ended while the stack was starting."""
        for child in self.children:
            ending = child.ended()
            if ending:
                reason = f"{child.spec.name} {ending}: {reason_in(child.said())}"
                raise StackError(f"{reason} (all of it: {child.log})")

    def _tend(self) -> float:
        """Start again what has ended and is due; returns how long nothing more can be due."""
        for child in self.children:
            ending = child.ended()
            if ending:
                wait = max(0.0, child.due_at - time.monotonic())
                reason = reason_in(child.said()) if child.failures else ""
                report(f"{child.spec.name} {ending}; again in {wait:.1f} s {reason}".rstrip())
        resting = [child for child in self.children if not child.is_running]
        for child in resting:
            if child.due_at <= time.monotonic():
                self._start_again(child)
        return 0.1 if resting else 1.0

    def _start_again(self, child: Child) -> None:
        """Start an ended child; what prevents it now is tried again later."""
        try:
            child.start()
        except (OSError, StackError) as error:
            child.due_at = time.monotonic() + 1
            report(f"{child.spec.name} cannot be started: {error}")
        else:
            report(f"{child.spec.name} is started again")

    def _stop_together(self, children: list[Child]) -> None:
        """Ask some children to stop, and kill those that take longer than they may."""
        asked_at = time.monotonic()
        for child in children:
            child.send(child.spec.stop_signal)
        while running := [child for child in children if child.is_running]:
            for child in running:
                over = time.monotonic() > asked_at + child.spec.stop_seconds
                if over or self._interrupts.requests > 1:
                    child.signal_group(signal.SIGKILL)
                child.ended()
            if any(child.is_running for child in running):
                self._interrupts.wait(POLL_SECONDS)


def reason_in(output: str) -> str:
    """Return the line of a program's output that says best why it ended."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines[-200:] if ERROR_LINE.match(line)]
    chosen = telling[-1:] or lines[-1:] or ["it said nothing"]
    return chosen[0]


def exit_code(code: int) -> int:
    """Return a process's return code as a shell would."""
    return code if code >= 0 else 128 - code
