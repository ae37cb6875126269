"""What the launcher says to the person at the terminal."""

import contextlib
import sys
import time


class StackError(Exception):
    """The stack cannot go on; the message is one clear line for the person at the terminal."""


def say(text: str) -> None:
    """Print lines at once; a terminal that has gone away stops nothing."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def report(text: str) -> None:
    """Print one line with the time of day, for what happens while the stack runs."""
    say(f"{time.strftime('%H:%M:%S')} {text}")


def fail(error: Exception) -> int:
    """Print the one line that says why nothing runs, and return the exit code."""
    reason = str(error)
    if isinstance(error, OSError) and error.filename:
        reason = f"{error.filename}: {error.strerror}"
    with contextlib.suppress(OSError, ValueError):
        print(f"run: {reason}", file=sys.stderr, flush=True)
    return 1
