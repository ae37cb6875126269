"""What the figures were measured on: never which machine, only what kind."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

KB_IN_GB = 1024 * 1024
PACKAGES = ("Django", "psycopg", "gunicorn", "celery", "aiohttp")


def describe_machine() -> str:
    """Return date, processor, memory, versions and how busy it was before, on one line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    today = datetime.now(UTC).date()  # noqa: TID251 - a date for people
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{today}: {os.cpu_count()} cores ({value_in('/proc/cpuinfo', 'model name')}),"
        f" {int(value_in('/proc/meminfo', 'MemTotal').split()[0]) / KB_IN_GB:.0f} GB,"
        f" load before {os.getloadavg()[0]:.1f}."
        f" PostgreSQL {postgres} (fsync {fsync}, synchronous_commit {commit}),"
        f" Python {platform.python_version()}, {packages}."
        " Clients, servers, database and the provider's stand-in share the cores."
    )


def value_in(path: str, name: str) -> str:
    """Return the first value under a name in one of the kernel's tables, "?" without one."""
    for line in Path(path).read_text(encoding="ascii", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "?"
