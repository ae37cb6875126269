"""Which statements PostgreSQL ran, how often and for how long (pg_stat_statements)."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from tools.bench.figures import written
from tools.bench.tables import table

TRANSACTION = re.compile(
    r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|DEALLOCATE)\b", re.IGNORECASE
)
REFERENCE_CHECK = re.compile(r"SELECT .{1,3} FROM ONLY ")  # PostgreSQL's own, within a statement
SHOWN = 12
LONGEST = 110
READ = """
SELECT query, calls, total_exec_time, rows FROM pg_stat_statements
WHERE query NOT LIKE '%%pg_stat_statements%%' ORDER BY total_exec_time DESC
"""


@dataclass(frozen=True)
class Statement:
    """One kind of statement; the time is in milliseconds, all calls together."""

    text: str
    calls: int
    total_ms: float
    rows: int

    @property
    def is_query(self) -> bool:
        """Whether it is more than the bracket of a transaction or a setting."""
        return not (TRANSACTION.match(self.text) or self.is_internal)

    @property
    def is_internal(self) -> bool:
        """Whether PostgreSQL ran it by itself, to see that a referred row exists."""
        return bool(REFERENCE_CHECK.match(self.text))


@dataclass
class Count:
    """What ran while it was counted."""

    statements: list[Statement] = field(default_factory=list)

    @property
    def queries(self) -> int:
        """The number of queries, without BEGIN, COMMIT and the like."""
        return sum(s.calls for s in self.statements if s.is_query)

    @property
    def brackets(self) -> int:
        """The number of BEGIN, COMMIT and the like."""
        return sum(s.calls for s in self.statements if TRANSACTION.match(s.text))

    def by_calls(self, operations: int) -> str:
        """Return every statement with its calls for each operation, as a table."""
        rows = [
            (written(s.calls / operations), written(s.total_ms / operations), shortened(s.text))
            for s in sorted(self.statements, key=lambda s: -s.calls)
            if s.calls * 2 >= operations
        ]
        return table(("calls each", "ms each", "statement"), rows)

    def by_time(self) -> str:
        """Return the statements that took longest, as a table."""
        rows = [
            (written(s.total_ms), str(s.calls), str(s.rows), shortened(s.text))
            for s in self.statements[:SHOWN]
        ]
        return table(("ms", "calls", "rows", "statement"), rows)


@contextlib.contextmanager
def counted() -> Iterator[Count]:
    """Count what runs meanwhile; what this process itself runs is counted too."""
    count = Count()
    _track("top")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_statements_reset()")
    yield count
    with connection.cursor() as cursor:
        cursor.execute(READ)
        count.statements = [Statement(*row) for row in cursor.fetchall()]
    stop_counting()


def stop_counting() -> None:
    """Let statements run uncounted, as they do in an installation."""
    _track("none")


def shortened(text: str) -> str:
    """Return a statement on one line, its lists and quotes left out."""
    plain = " ".join(text.replace('"', "").split())
    plain = re.sub(r"^(SELECT) .*? (FROM )", r"\1 … \2", plain)
    plain = re.sub(r"\((\$\d+(::\w+)?(, )?)+\)", "(…)", plain)
    plain = re.sub(r"(INSERT INTO \w+) \([^)]*\)", r"\1", plain)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


def _track(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        cursor.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'")
        cursor.execute("SELECT pg_reload_conf(), pg_sleep(0.1)")
