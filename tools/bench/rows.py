"""Many rows at once by COPY, without asking for each whether what it refers to exists."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql


@transaction.atomic
def copy_in(*tables: Sequence[Model]) -> None:
    """Write rows that are known to fit together: foreign keys and triggers are passed over."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for rows in tables:
            if rows:
                _copy(cursor, rows)


def _copy(cursor: Any, rows: Sequence[Model]) -> None:  # noqa: ANN401 - Django's wrapper
    meta = type(rows[0])._meta  # noqa: SLF001 - Django's documented name
    fields = [f for f in meta.concrete_fields if getattr(rows[0], f.attname) is not None or f.null]
    columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    table = sql.Identifier(meta.db_table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
    names = [field.attname for field in fields]
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_plain(getattr(row, name)) for name in names])


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value
