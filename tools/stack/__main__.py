"""Runs one sub-command inside the virtual environment; `./run` comes here."""

import sys
from collections.abc import Callable

from tools.stack.commands import bench, check, demo, manage, test, up
from tools.stack.interrupts import StopRequested
from tools.stack.terminal import StackError, fail

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": up.main,
    "demo": demo.main,
    "test": test.main,
    "check": check.main,
    "bench": bench.main,
    "manage": manage.main,
}
STOPPED = 130


def main(arguments: list[str]) -> int:
    """Return the exit code of a sub-command; what prevents it is one clear line."""
    name, *rest = arguments
    try:
        return COMMANDS[name](rest)
    except (StopRequested, KeyboardInterrupt):
        return STOPPED
    except (StackError, OSError) as error:
        return fail(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
