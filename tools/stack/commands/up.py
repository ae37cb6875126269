"""`./run`: everything on this machine, until it is told to stop."""

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tools.stack import keys
from tools.stack.application import (
    application_children,
    is_listening,
    is_ready,
    manage_command,
    phones_child,
    require_free_port,
)
from tools.stack.environment import (
    Ports,
    application_environment,
    has_own_phones,
    is_given,
    without_application_settings,
)
from tools.stack.interrupts import Interrupts, StopRequested
from tools.stack.layout import Layout
from tools.stack.services import kept_services
from tools.stack.supervisor import Supervisor
from tools.stack.terminal import StackError, report, say

READY_SECONDS = 90.0
MIGRATION_CONNECT_SECONDS = "5"
PRIVATE_FILES = 0o077


def main(arguments: list[str]) -> int:
    """Run the stack until Ctrl-C or SIGTERM; returns 0 then, and raises StackError before."""
    if arguments:
        raise StackError(f"nothing more is expected after the command: {' '.join(arguments)}")
    with Interrupts() as interrupts:
        try:
            with running_stack(os.environ, interrupts) as supervisor:
                supervisor.serve()
        except StopRequested:
            report("stopped")
    return 0


@contextlib.contextmanager
def running_stack(variables: Mapping[str, str], interrupts: Interrupts) -> Iterator[Supervisor]:
    """Start every part, and stop all of them in order on leaving; raises StackError."""
    started_at = time.monotonic()
    os.umask(PRIVATE_FILES)
    layout, ports = Layout.of(variables), Ports.of(variables)
    layout.make()
    with layout.held():
        environment = application_environment(variables, secrets_of(layout), ports)
        require_free_port(ports.web, "PORT", interrupts)
        if has_own_phones(variables):
            require_free_port(ports.phones, "PHONES_PORT", interrupts)
        with kept_services(layout, environment, interrupts) as (supervisor, reached):
            say("Preparing the tables")
            supervisor.run_step(
                manage_command("migrate", "--no-input"),
                {"PGCONNECT_TIMEOUT": MIGRATION_CONNECT_SECONDS, **reached},
                "migrate",
            )
            with announced(layout.running, reached):
                start_application(supervisor, reached, ports, layout, has_own_phones(variables))
                welcome(environment, ports, layout, time.monotonic() - started_at)
                try:
                    yield supervisor
                finally:
                    report("stopping")


def secrets_of(layout: Layout) -> dict[str, str]:
    """Return the secrets of an installation; raises StackError when those of its data are lost."""
    if layout.postgres.exists() and not layout.secrets.exists():
        raise StackError(
            f"{layout.secrets} is missing, and without it the data in {layout.postgres} cannot be"
            " read: restore it, or remove both"
        )
    return keys.kept_secrets(layout.secrets)


def start_application(
    supervisor: Supervisor,
    environment: Mapping[str, str],
    ports: Ports,
    layout: Layout,
    has_phones: bool,  # noqa: FBT001 - one caller
) -> None:
    """Start Vigie's own parts and wait until they can be used; raises StackError."""
    if has_phones:
        supervisor.start(phones_child(environment, ports, layout.phones_journal))
    for spec in application_children(environment):
        supervisor.start(spec)
    wait = partial(supervisor.wait_until, seconds=READY_SECONDS)
    if has_phones:
        wait(lambda: is_listening(ports.phones), what="the simulated phone network")
    wait(lambda: is_ready(ports.web), what="the web app")
    wait(supervisor.has_settled, what="every part")


@contextlib.contextmanager
def announced(path: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Tell other commands of this installation how to reach the running stack."""
    own = environment.keys() - without_application_settings(environment).keys()
    told = {name: environment[name] for name in sorted(own)}
    path.write_text(json.dumps(told), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def welcome(environment: Mapping[str, str], ports: Ports, layout: Layout, seconds: float) -> None:
    """Print where everything is."""
    say(f"\nVigie is ready, after {seconds:.1f} s\n")
    say(f"  web app       {ports.web_url}/")
    say(f"  API           {ports.web_url}/api/v1/docs")
    if environment.get("TWILIO_API_URL") == ports.phones_url:
        say(f"  phones        {ports.phones_url}/   (simulated: nothing real is sent)")
    if is_given(environment, "DATABASE_URL"):
        say("  database      the one of DATABASE_URL")
    say(f"  data and logs {layout.var}\n\nCtrl-C stops everything.\n")
