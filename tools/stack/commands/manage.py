"""`./run manage …`: manage.py on the data of this installation."""

import json
import os
import signal

from tools.stack.application import manage_command
from tools.stack.commands.up import secrets_of
from tools.stack.environment import Ports, application_environment
from tools.stack.interrupts import Interrupts
from tools.stack.layout import Layout
from tools.stack.services import kept_services
from tools.stack.terminal import StackError


def main(arguments: list[str]) -> int:
    """Run manage.py with the running stack's services, or with services started for it."""
    layout = Layout.of(os.environ)
    if layout.is_held():
        run_beside(layout, arguments)
    layout.make()
    # Ctrl-C belongs to the command that has the terminal.
    with Interrupts(ignored=[signal.SIGINT]) as interrupts, layout.held():
        secrets = secrets_of(layout)
        environment = application_environment(os.environ, secrets, Ports.of(os.environ))
        with kept_services(layout, environment, interrupts) as (supervisor, reached):
            return supervisor.run(manage_command(*arguments), reached)


def run_beside(layout: Layout, arguments: list[str]) -> None:
    """Become manage.py in the environment of the running stack; raises StackError."""
    try:
        reached = json.loads(layout.running.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StackError(f"{layout.var} is in use, and its stack is not ready yet") from error
    command = manage_command(*arguments)
    os.execve(command[0], command, {**os.environ, **reached})  # noqa: S606 - there is no shell
