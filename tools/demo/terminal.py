"""What is shown on the terminal: steps, messages as they arrive, and what was missing."""

import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from time import monotonic

from tools.demo.expectations import StepMissing
from tools.demo.phones import Phone, Text

WIDEST = 110
INDENT = " " * 8
BOLD, DIM, RED, GREEN, CYAN = "1", "2", "1;31", "32", "36"


class Terminal:
    """Prints the story with the seconds since it began."""

    def __init__(self, *, started_at: float) -> None:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a text stream
        self._started_at = started_at
        self._width = min(shutil.get_terminal_size().columns, WIDEST)
        self._has_colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def say(self, words: str) -> None:
        """Print a paragraph."""
        self._print(words, indent="")

    def begin(self, place: int, total: int, title: str) -> None:
        """Announce a step."""
        self._print(f"\n{place:2}/{total}  {title}", indent=" " * 7, style=BOLD)

    def note(self, words: str) -> None:
        """Print what somebody does or sees in a step."""
        self._print(f"{INDENT}{self._time(monotonic())}  {words}", indent=INDENT + " " * 7)

    def show(self, phone: Phone, text: Text) -> None:
        """Print a text that has arrived."""
        body = " ".join(text.body.split())
        line = f"{INDENT}{self._time(text.monotonic)}  SMS to {phone.name}: {body}"
        self._print(line, indent=INDENT + " " * 7, style=CYAN)

    def end(self, seconds: float) -> None:
        """Say that a step was seen."""
        self._print(f"{INDENT}seen, after {seconds:.1f} s", indent=INDENT, style=GREEN)

    def missing(self, title: str, what: StepMissing) -> None:
        """Say which step failed, what was expected and what was seen."""
        lines = (f"MISSING in: {title}", f"  expected  {what.expected}", f"  seen      {what.seen}")
        for line in lines:
            self._print(line, indent=" " * 12, style=RED)

    def _time(self, instant: float) -> str:
        return f"{instant - self._started_at:5.1f}"

    def _print(self, words: str, *, indent: str, style: str = "") -> None:
        paint: Callable[[str], str] = self._painter(style)
        for paragraph in words.split("\n"):
            wrapped = textwrap.wrap(
                paragraph,
                self._width,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            for line in wrapped or [""]:
                print(paint(line), flush=True)

    def _painter(self, style: str) -> Callable[[str], str]:
        if not style or not self._has_colours:
            return str
        return lambda line: f"\033[{style}m{line}\033[0m"
