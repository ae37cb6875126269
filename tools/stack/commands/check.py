"""`./run check`: everything that has to hold before a change goes in."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tools.stack import keys
from tools.stack.application import manage_command
from tools.stack.children import python_module, python_program
from tools.stack.commands.test import environment_for_services, for_pytest, pytest_command
from tools.stack.interrupts import Interrupts
from tools.stack.services import throw_away_services
from tools.stack.supervisor import Supervisor
from tools.stack.terminal import StackError, say

IMPORT_CONTRACTS = "from importlinter.cli import lint_imports_command as main; main()"
PRODUCTION = {
    "API_DOCS": "0",
    "OPERATOR_EMAIL": "operator@vigie.example",
    "OPERATOR_NAME": "Vigie",
    "OPERATOR_PHONE": "+33123456789",
    "PUBLIC_URL": "https://vigie.app",
    "SIMULATE": "0",
    "TWILIO_API_URL": "https://api.twilio.com",
}


@dataclass(frozen=True)
class Check:
    """One thing to verify: a program that ends with 0 when it holds."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_shown: bool = False


def checks() -> Iterator[Check]:
    """Yield the checks, quick ones first."""
    yield Check("lint", python_module("ruff", "check", ".", "run"))
    yield Check("format", python_module("ruff", "format", "--check", ".", "run"))
    yield Check("spelling", python_module("codespell_lib"))
    yield Check("import contracts", python_program(IMPORT_CONTRACTS))
    security = ["-q", "-r", "alerts", "backend", "tools", "--severity-level", "medium"]
    yield Check("security lint", python_module("bandit", *security))
    yield Check("types", python_module("mypy"))
    yield Check("migrations", manage_command("makemigrations", "--check", "--dry-run"))
    yield Check("OpenAPI document", python_module("tools.stack.openapi"))
    deployment = manage_command("check", "--deploy", "--fail-level", "WARNING")
    yield Check("deployment", deployment, production_environment())
    yield Check("tests", pytest_command([]), is_shown=True)


def production_environment() -> dict[str, str]:
    """Return settings like those of a real installation, with secrets made for the moment."""
    return {**PRODUCTION, **{name: make() for name, make in keys.MAKERS.items()}}


def main(arguments: list[str]) -> int:
    """Run every check and return 0 only if all hold; raises StackError for any argument."""
    if arguments:
        raise StackError(f"check takes no arguments: {' '.join(arguments)}")
    environment = environment_for_services(os.environ)
    with (
        Interrupts() as interrupts,
        throw_away_services(environment, interrupts) as (supervisor, reached),
    ):
        failed = [
            check.name for check in checks() if not holds(check, supervisor, for_pytest(reached))
        ]
    say(f"\nfailed: {', '.join(failed)}" if failed else "\nEverything holds.")
    return 1 if failed else 0


def holds(check: Check, supervisor: Supervisor, environment: Mapping[str, str]) -> bool:
    """Run one check and say how it went; what a failing one printed is shown."""
    say(f"· {check.name}")
    started_at = time.monotonic()
    log = "" if check.is_shown else "check"
    code = supervisor.run(check.command, {**environment, **check.environment}, log)
    if code != 0 and log:
        say(supervisor.output_of(log))
    outcome = "ok" if code == 0 else f"FAILED (code {code})"
    say(f"  {outcome}, {time.monotonic() - started_at:.1f} s")
    return code == 0
