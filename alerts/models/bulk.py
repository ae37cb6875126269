"""Many rows in one statement whose text does not grow with them: prepared once, planned once.

The rows travel as one JSON document. `bulk_create` and `bulk_update` write a placeholder for each
value instead, and a burst of deadlines spends most of its time on reading that text.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Model


def insert_rows(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Insert rows of one model; with `ignore_conflicts` those that are there already stay."""
    if not rows:
        return
    table, fields = _table(rows[0]), _given_fields(rows[0])
    names = ", ".join(_column(field) for field in fields)
    otherwise = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    _execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {_records(table)}{otherwise}",  # noqa: S608  # nosec B608 - names of columns
        rows,
        fields,
    )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as bulk_create


def update_rows(rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Write these columns of rows of one model, which the caller has locked."""
    if not rows:
        return
    table, meta = _table(rows[0]), rows[0]._meta  # noqa: SLF001 - Django's documented interface
    fields = [meta.get_field(name) for name in columns]
    key = _column(meta.pk)
    changes = ", ".join(f"{_column(field)} = given.{_column(field)}" for field in fields)
    given = f"{_records(table)} AS given WHERE {table}.{key} = given.{key}"
    _execute(
        f"UPDATE {table} SET {changes} FROM {given}",  # noqa: S608  # nosec B608 - names of columns
        rows,
        [meta.pk, *fields],
    )


def _execute(statement: str, rows: Sequence[Model], fields: Sequence[Any]) -> None:
    documents = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(documents, default=_written)])


def _given_fields(row: Model) -> list[Any]:
    """Return the stored columns, but a key that the database gives."""
    fields = row._meta.concrete_fields  # noqa: SLF001 - Django's documented interface
    return [field for field in fields if not isinstance(field, AutoField)]


def _written(value: object) -> str:
    """Return a value as PostgreSQL reads it from a JSON string."""
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat()
        case timedelta():
            return f"{value.total_seconds():f} seconds"
        case bytes() | bytearray() | memoryview():
            return f"\\x{bytes(value).hex()}"
    raise TypeError(f"{type(value).__name__} cannot be written in bulk")


def _records(table: str) -> str:
    return f"json_populate_recordset(NULL::{table}, %s::json)"


def _table(row: Model) -> str:
    return connection.ops.quote_name(row._meta.db_table)  # noqa: SLF001 - Django's documented interface


def _column(field: Any) -> str:  # noqa: ANN401 - a field of any kind
    return connection.ops.quote_name(field.column)
