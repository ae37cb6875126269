"""The supervisor, with children that only sleep."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.stack.stand_in import eventually, is_alive
from tools.stack.children import Spec
from tools.stack.interrupts import Interrupts, StopRequested
from tools.stack.supervisor import Supervisor, reason_in
from tools.stack.terminal import StackError

NOTE_AND_SLEEP = """
import signal, sys, time
def stop(*_):
    print(sys.argv[1], file=open(sys.argv[2], "a"))
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
time.sleep(60)
"""


def sleeper(name: str, *, rank: int, notes: Path) -> Spec:
    """Return a child that notes when it is told to stop."""
    command = [sys.executable, "-c", NOTE_AND_SLEEP, name, str(notes)]
    return Spec(name, command, os.environ, stop_rank=rank)


def deaf(seconds: float) -> Spec:
    """Return a child that does not listen when it is told to stop."""
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)"
    command = [sys.executable, "-c", f"{code}; time.sleep(60)"]
    return Spec("deaf", command, os.environ, stop_rank=0, stop_seconds=seconds)


def test_children_stop_in_the_order_of_their_ranks(tmp_path: Path, interrupts: Interrupts) -> None:
    notes = tmp_path / "notes"
    with Supervisor(interrupts, tmp_path) as supervisor:
        for name, rank in (("last", 9), ("first", 0), ("second", 1)):
            supervisor.start(sleeper(name, rank=rank, notes=notes))
        eventually(lambda: all("up" in child.said() for child in supervisor.children))
    assert notes.read_text().split() == ["first", "second", "last"]


def test_a_child_that_does_not_stop_in_time_is_killed(
    tmp_path: Path, interrupts: Interrupts
) -> None:
    with Supervisor(interrupts, tmp_path) as supervisor:
        child = supervisor.start(deaf(seconds=0.3))
        eventually(lambda: "up" in child.said())
        pid = child.pid
    assert not is_alive(pid)


def test_a_second_stop_signal_waits_for_nobody(tmp_path: Path, interrupts: Interrupts) -> None:
    with Supervisor(interrupts, tmp_path) as supervisor:
        child = supervisor.start(deaf(seconds=60))
        eventually(lambda: "up" in child.said())
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        eventually(lambda: interrupts.requests == 2)
        asked_at = time.monotonic()
    assert time.monotonic() - asked_at < 5


def test_a_child_that_ends_while_the_stack_starts_says_why(
    tmp_path: Path, interrupts: Interrupts
) -> None:
    command = [sys.executable, "-c", "raise ValueError('no such thing')"]
    with Supervisor(interrupts, tmp_path) as supervisor:
        supervisor.start(Spec("part", command, os.environ, stop_rank=0))
        with pytest.raises(StackError, match="part ended with code 1: ValueError: no such thing"):
            supervisor.wait_until(lambda: False, what="it", seconds=20)


def test_what_is_never_ready_is_given_up(tmp_path: Path, interrupts: Interrupts) -> None:
    with Supervisor(interrupts, tmp_path) as supervisor:
        supervisor.start(deaf(seconds=0.1))
        with pytest.raises(StackError, match="it was not ready after 0 s"):
            supervisor.wait_until(lambda: False, what="it", seconds=0.2)


def test_a_program_runs_to_its_end_and_its_code_is_returned(
    tmp_path: Path, interrupts: Interrupts
) -> None:
    with Supervisor(interrupts, tmp_path) as supervisor:
        command = [sys.executable, "-c", "import sys; print('said'); sys.exit(7)"]
        assert supervisor.run(command, os.environ, log="step") == 7
        assert supervisor.output_of("step") == "said\n"
        killed = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
        assert supervisor.run(killed, os.environ, log="step") == 128 + signal.SIGKILL


def test_a_stop_signal_ends_the_program_that_is_run(tmp_path: Path, interrupts: Interrupts) -> None:
    started = tmp_path / "started"
    code = f"import os, time; open({str(started)!r}, 'w').close(); os.kill({os.getpid()}, 15)"
    command = [sys.executable, "-c", f"{code}; time.sleep(60)"]
    with Supervisor(interrupts, tmp_path) as supervisor, pytest.raises(StopRequested):
        supervisor.run(command, os.environ, log="step")
    assert started.exists()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "it said nothing"),
        ("one\ntwo\n\n", "two"),
        ("Traceback:\n  line\nValueError: wrong\n[12] [INFO] bye\n", "ValueError: wrong"),
        ("a.b.ImproperlyConfigured: X is missing\nmore", "a.b.ImproperlyConfigured: X is missing"),
        ("[7] LOG:  up\n[7] FATAL:  no space left\n[7] LOG:  down", "[7] FATAL:  no space left"),
        ("Unknown command: 'x'\nType 'manage.py help' for usage.", "Unknown command: 'x'"),
    ],
)
def test_the_line_that_says_why_is_found(output: str, reason: str) -> None:
    assert reason_in(output) == reason
