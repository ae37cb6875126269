"""`python -m tools.bench.sampled FILE command…`: a `manage.py` command, looked at often.

Every few milliseconds each thread's stack is noted; threads that wait for work are left out. What
waits for PostgreSQL is not: it is what a statement costs the thread that runs it.
"""

import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from django.core.management import execute_from_command_line

from tools.bench.tables import table
from tools.stack.bootstrap import ROOT

PERIOD = 0.002  # seconds
RESTING = ("selectors.py", "threading.py", "queue.py", "sampled.py", "concurrent/futures/thread.py")
WAITS = ("notifies", "_hears_within", "_wait_for_tstate_lock")
SHOWN = 40
LEAST_SHARE = 1.0  # percent


class Samples:
    """How often each function was on a thread's stack."""

    def __init__(self) -> None:
        self.threads: Counter[str] = Counter()
        self.functions: Counter[tuple[str, str]] = Counter()

    def note(self, thread: str, frame: FrameType) -> None:
        """Count the functions of a stack once each, unless the thread rests."""
        stack = stack_of(frame)
        if stack[0][0].endswith(RESTING) or any(name in WAITS for _, name, _ in stack[:4]):
            return
        self.threads[thread] += 1
        seen = {f"{shortened(path)}:{line} {name}" for path, name, line in stack}
        self.functions.update((thread, function) for function in seen)

    def text(self) -> str:
        """Return the shares of the busy time, function by function, callers included."""
        total = sum(self.threads.values()) or 1
        rows = [
            (f"{100 * count / total:.1f}", thread, function)
            for (thread, function), count in self.functions.most_common(400)
            if 100 * count / total >= LEAST_SHARE and is_telling(function)
        ]
        head = ", ".join(
            f"{name} {100 * n / total:.0f} %" for name, n in self.threads.most_common()
        )
        return f"Busy: {head}.\n\n{table(('%', 'thread', 'function'), rows[:SHOWN])}\n"


def stack_of(frame: FrameType | None) -> list[tuple[str, str, int]]:
    """Return file, function and first line of each frame, the innermost first."""
    found = []
    while frame is not None:
        code = frame.f_code
        found.append((code.co_filename, code.co_name, code.co_firstlineno))
        frame = frame.f_back
    return found


def shortened(path: str) -> str:
    """Return a path within the project, or within its package."""
    return path.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]


def is_telling(function: str) -> bool:
    """Tell whether a function is Vigie's, or one that much leads through."""
    return function.startswith("alerts/") or "compiler.py" in function or "twilio/" in function


def watch(samples: Samples) -> None:
    """Note the stacks of all threads for ever; for a daemon thread."""
    while True:
        names = {thread.ident: thread.name.partition("_")[0] for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():  # noqa: SLF001 - the documented name
            samples.note(names.get(ident, "?"), frame)
        time.sleep(PERIOD)


def main(output: Path, command: list[str]) -> None:
    """Run the command to its end, then write what was seen."""
    samples = Samples()
    threading.Thread(target=watch, args=(samples,), daemon=True).start()
    try:
        execute_from_command_line(["manage.py", *command])
    finally:
        output.write_text(samples.text(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
