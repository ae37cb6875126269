"""`python -m tools.bench`: brings the services up, then measures in a process of its own."""

import os
import sys

from tools.bench.arguments import parse
from tools.bench.services import durable_services
from tools.stack.children import python_module
from tools.stack.environment import environment_of_tests
from tools.stack.interrupts import Interrupts, StopRequested
from tools.stack.terminal import StackError, fail


def main(arguments: list[str]) -> int:
    """Return the exit code of the measurements."""
    parse(arguments)
    environment = environment_of_tests(os.environ) | {"PYTHONUNBUFFERED": "1", "METRICS_TOKEN": ""}
    try:
        with (
            Interrupts() as interrupts,
            durable_services(environment, interrupts) as (supervisor, reached),
        ):
            return supervisor.run(python_module("tools.bench.measure", *arguments), reached)
    except StopRequested:
        return 130
    except (StackError, OSError) as error:
        return fail(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
