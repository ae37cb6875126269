"""`./run demo`: one missed check-in played on a compressed clock, then everything is removed."""

import os

from tools.stack.application import free_ports
from tools.stack.children import python_module, require_module
from tools.stack.commands.up import running_stack
from tools.stack.environment import without_application_settings
from tools.stack.interrupts import Interrupts
from tools.stack.layout import scratch_folder
from tools.stack.terminal import say

COMPRESSED_CLOCK = {
    "TIMER_MIN_SECONDS": "1",
    "TIMER_MAX_SECONDS": "43200",
    "GRACE_CHOICES_SECONDS": "2",
    "ESCALATION_SCALE": "0.01",
    "ACK_LAPSE_SECONDS": "6",
}


def main(arguments: list[str]) -> int:
    """Return the exit code of the demonstration: 0 only if it all happened."""
    require_module("tools.demo")
    say("A demonstration: a stack of its own, a compressed clock, nothing real is sent.")
    with Interrupts() as interrupts, scratch_folder() as folder:
        ports = free_ports()
        variables = without_application_settings(os.environ) | COMPRESSED_CLOCK
        variables |= {"VAR_DIR": str(folder / "var")}
        variables |= {"PORT": str(ports.web), "PHONES_PORT": str(ports.phones)}
        command = python_module("tools.demo", "--url", ports.web_url)
        command += ["--phones-url", ports.phones_url, *arguments]
        with running_stack(variables, interrupts) as supervisor:
            return supervisor.run(command, variables)
