"""The first steps of `./run`, with nothing but Python's own library: install, then hand over."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from tools.stack.install import installed_python
from tools.stack.terminal import StackError, fail, say
from tools.stack.usage import COMMANDS, HELP

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> NoReturn:
    """Become the sub-command in the virtual environment, or exit with one clear line."""
    name, *rest = arguments or ["up"]
    if name in {"-h", "--help", "help"}:
        say(HELP)
        sys.exit(0)
    if name not in COMMANDS:
        print(f"run: there is no command {name!r}; ./run --help lists them", file=sys.stderr)
        sys.exit(2)
    try:
        python = installed_python(ROOT, COMMANDS[name].lock)
        fix_relative_paths(Path.cwd())
        os.chdir(ROOT)
        os.execv(python, [str(python), "-m", "tools.stack", name, *rest])  # noqa: S606 - no shell
    except (StackError, OSError) as error:
        sys.exit(fail(error))
    except KeyboardInterrupt:
        sys.exit(130)


def fix_relative_paths(folder: Path) -> None:
    """Let paths given in the environment mean what they meant where the command was typed."""
    names = [name for name in os.environ if name == "VAR_DIR" or name.endswith("_FILE")]
    for name in names:
        if os.environ[name]:
            os.environ[name] = str(folder / os.environ[name])
