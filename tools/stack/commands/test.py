"""`./run test`: the tests, on a database and a broker that are gone afterwards."""

import os
import signal
from collections.abc import Mapping

from tools.stack.children import python_module
from tools.stack.environment import environment_of_tests
from tools.stack.interrupts import Interrupts
from tools.stack.services import throw_away_services

IN_PARALLEL = ["-n", "2", "--dist", "loadscope"]
OWN_CHOICE = ("-n", "-p", "--numprocesses", "--dist", "--pdb")


def main(arguments: list[str]) -> int:
    """Return pytest's exit code."""
    environment = environment_for_services(os.environ)
    with (
        Interrupts(ignored=[signal.SIGINT]) as interrupts,  # pytest answers Ctrl-C by itself
        throw_away_services(environment, interrupts) as (supervisor, reached),
    ):
        return supervisor.run(pytest_command(arguments), for_pytest(reached))


def environment_for_services(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the tests, with the services that were given for them."""
    environment = environment_of_tests(variables)
    if variables.get("TEST_DATABASE_URL"):
        environment["DATABASE_URL"] = variables["TEST_DATABASE_URL"]
    if variables.get("TEST_BROKER_URL"):
        environment["CELERY_BROKER_URL"] = variables["TEST_BROKER_URL"]
    return environment


def for_pytest(reached: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which the tests find their services."""
    return {
        **reached,
        "TEST_BROKER_URL": reached["CELERY_BROKER_URL"],
        "TEST_DATABASE_URL": reached["DATABASE_URL"],
    }


def pytest_command(arguments: list[str]) -> list[str]:
    """Return the command line of pytest; two processes unless something else is asked for."""
    has_choice = any(argument.startswith(OWN_CHOICE) for argument in arguments)
    return python_module("pytest", *([] if has_choice else IN_PARALLEL), *arguments)
