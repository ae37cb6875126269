"""After a whole story the database holds nothing that tells who, where or how to get in."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tools.demo.owner import PLACE, STRANGER
from tools.stack.application import free_ports
from tools.stack.children import python_module
from tools.stack.commands.demo import COMPRESSED_CLOCK
from tools.stack.commands.up import running_stack
from tools.stack.environment import without_application_settings
from tools.stack.interrupts import Interrupts
from tools.stack.layout import Layout

LINK = re.compile(r"/[act]/(\w{16})")
CODE = re.compile(r"\b\d{6}\b")
NAMES = ("Léo", "Mia")


@pytest.mark.timeout(180)
def test_the_database_after_the_demo_tells_nothing(tmp_path: Path) -> None:
    ports = free_ports()
    variables = without_application_settings(os.environ) | COMPRESSED_CLOCK
    variables |= {"VAR_DIR": str(tmp_path / "var")}
    variables |= {"PORT": str(ports.web), "PHONES_PORT": str(ports.phones)}
    layout = Layout.of(variables)
    command = python_module("tools.demo", "--url", ports.web_url, "--phones-url", ports.phones_url)
    with Interrupts() as interrupts, running_stack(variables, interrupts) as supervisor:
        assert supervisor.run(command, variables, "demo") == 0
        address = json.loads(layout.running.read_text(encoding="utf-8"))["DATABASE_URL"]
        dump = "\n".join(rows_of(address))
        told = set(secrets_told(layout.phones_journal))

    assert len(told) > 12
    assert "missed_check_in" in dump
    assert {secret for secret in told if secret in dump} == set()
    assert {secret for secret in told if secret.encode().hex() in dump} == set()


def rows_of(address: str) -> Iterator[str]:
    """Yield every row of every table as text, bytes in hex."""
    with psycopg.connect(address) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
            for (row,) in connection.execute(query):
                yield row


def secrets_told(journal: Path) -> Iterator[str]:
    """Yield what the story knows: names, places, numbers, and every code and link sent."""
    yield from (str(v) for v in (*PLACE.values(), *STRANGER.values()) if len(str(v)) > len("FR"))
    yield from NAMES
    for line in journal.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        yield from (event[name].lstrip("+") for name in ("to", "phone") if event.get(name))
        yield from LINK.findall(event.get("body") or "")
        yield from CODE.findall(event.get("body") or "")
