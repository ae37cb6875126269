"""`./run bench`: the benchmarks, which bring their own services."""

import importlib.util
import os

from tools.stack.bootstrap import ROOT
from tools.stack.children import python_module
from tools.stack.terminal import StackError


def main(arguments: list[str]) -> int:
    """Become the benchmarks; raises StackError when this copy has none."""
    if importlib.util.find_spec("tools.bench") is None:
        raise StackError("this copy has no benchmarks (tools/bench is missing)")
    os.chdir(ROOT)
    command = python_module("tools.bench", *arguments)
    os.execv(command[0], command)  # noqa: S606 - there is no shell
