"""Data keys: made at random, wrapped by a master key, destroyed to erase what they sealed."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alerts.conf import MasterKeys

DATA_KEY_BYTES = 32
NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value cannot be opened: key lost or destroyed, value swapped or damaged."""


def encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    """Return nonce and AES-256-GCM ciphertext, bound to the context (NIST SP 800-38D)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """Return what was encrypted for this context, or raise CannotOpen."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"{context} does not open") from error


def new_data_key() -> bytes:
    """Return a fresh data key."""
    return AESGCM.generate_key(bit_length=DATA_KEY_BYTES * 8)


def wrap(data_key: bytes, *, row_id: str, master_keys: MasterKeys) -> tuple[bytes, str]:
    """Return the data key wrapped by the current master key, and that master key's id."""
    key_id = master_keys.current_id
    return encrypt(master_keys.by_id[key_id], data_key, f"data_key:{row_id}"), key_id


def unwrap(wrapped: bytes | None, key_id: str, *, row_id: str, master_keys: MasterKeys) -> bytes:
    """Return the data key, or raise CannotOpen when it or its master key is gone."""
    if wrapped is None:
        raise CannotOpen(f"data key {row_id} was destroyed")
    master_key = master_keys.by_id.get(key_id)
    if master_key is None:
        raise CannotOpen(f"master key {key_id} is not known here")
    return decrypt(master_key, bytes(wrapped), f"data_key:{row_id}")
