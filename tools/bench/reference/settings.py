"""Vigie's settings with one more address: the reference that it is compared with."""

from backend.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench.reference.urls"
