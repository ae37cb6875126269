"""`./run bench`: the benchmarks, which bring their own services."""

import os

from tools.stack.children import python_module, require_module


def main(arguments: list[str]) -> int:
    """Become the benchmarks; raises StackError when this copy has none."""
    require_module("tools.bench")
    command = python_module("tools.bench", *arguments)
    os.execv(command[0], command)  # noqa: S606 - there is no shell
