"""Sealed columns: a JSON document under the row's data key, bound to table, row and column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.db import models

from alerts.conf import alerts_settings
from alerts.models.bulk import insert_rows
from alerts.models.data_key import DataKey
from alerts.sealing.keys import CannotOpen, decrypt, encrypt, new_data_key, unwrap, wrap

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

Document = dict[str, Any]
VERSION = 1


class SealedRow(Protocol):
    """A row with sealed columns."""

    pk: Any
    _meta: ClassVar[Any]


def create_data_key(*, now: datetime) -> DataKey:
    """Return a stored data key, wrapped by the current master key."""
    (key,) = create_data_keys(1, now=now)
    return key


def create_data_keys(count: int, *, now: datetime) -> list[DataKey]:
    """Return so many stored data keys, written at once."""
    keys = [DataKey(created_at=now) for _ in range(count)]
    for key in keys:
        key.wrapped, key.master_key_id = wrap(
            new_data_key(), row_id=str(key.id), master_keys=alerts_settings().master_keys
        )
    insert_rows(keys)
    return keys


def open_data_key(key: DataKey) -> bytes:
    """Return the data key itself, or raise CannotOpen."""
    return unwrap(
        None if key.wrapped is None else bytes(key.wrapped),
        key.master_key_id,
        row_id=str(key.id),
        master_keys=alerts_settings().master_keys,
    )


def destroy_data_key(key_id: UUID, *, now: datetime) -> None:
    """Erase everything sealed under this key, here and in every future backup."""
    DataKey.objects.filter(pk=key_id).update(wrapped=None, destroyed_at=now)


def seal_column(row: SealedRow, column: str, document: Document, *, key: DataKey) -> None:
    """Set the column to the sealed document; saving the row is the caller's."""
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    setattr(row, column, encrypt(open_data_key(key), plain, _context(row, column)))


def open_column(row: SealedRow, column: str, *, key: DataKey | None) -> Document:
    """Return the document of a sealed column, or raise CannotOpen."""
    sealed = getattr(row, column)
    if sealed is None or key is None:
        raise CannotOpen(f"{_context(row, column)} holds nothing that can be opened")
    document: Document = json.loads(
        decrypt(open_data_key(key), bytes(sealed), _context(row, column))
    )
    return document


def sealed_field() -> models.BinaryField[Any, Any]:
    """Return a column for a sealed document."""
    return models.BinaryField(null=True)


def data_key_field(**options: Any) -> models.ForeignKey[Any, Any]:  # noqa: ANN401
    """Return the reference to the key of a row; the key row outlives what it sealed."""
    return models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+", **options)


def _context(row: SealedRow, column: str) -> str:
    return f"{row._meta.db_table}:{row.pk}:{column}:{VERSION}"  # noqa: SLF001
