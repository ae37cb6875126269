"""The sub-commands of `./run`, known before anything is installed."""

from dataclasses import dataclass

RUNTIME_LOCK = "requirements.txt"
DEVELOPMENT_LOCK = "requirements-dev.txt"


@dataclass(frozen=True)
class Usage:
    """One sub-command: how it is written, what it does, which lock it is installed from."""

    form: str
    summary: str
    lock: str = RUNTIME_LOCK


COMMANDS: dict[str, Usage] = {
    "up": Usage("", "start everything on this machine and print the URLs; Ctrl-C stops it"),
    "demo": Usage("demo", "play one missed check-in from sign-in to all-clear, about a minute"),
    "test": Usage(
        "test [pytest args]", "run the tests on a throw-away PostgreSQL", DEVELOPMENT_LOCK
    ),
    "check": Usage(
        "check", "lint, types, contracts, migrations, OpenAPI, deployment, tests", DEVELOPMENT_LOCK
    ),
    "bench": Usage(
        "bench [name] [--quick]", "run the benchmarks, as ratios to a reference", DEVELOPMENT_LOCK
    ),
    "manage": Usage("manage …", "run manage.py on the data of this installation"),
}

HELP = "\n".join(
    [
        "usage: ./run [command]",
        "",
        *(f"  ./run {usage.form:<23} {usage.summary}" for usage in COMMANDS.values()),
        "",
        "Settings come from the environment; those of the launcher itself:",
        "  PORT (8000)             where the web app listens, on 127.0.0.1",
        "  PHONES_PORT (PORT + 1)  where the simulated phone network listens",
        "  VAR_DIR (var)           where data, secrets and logs are kept",
        "  DATABASE_URL, CELERY_BROKER_URL   use these instead of the embedded ones",
    ]
)
