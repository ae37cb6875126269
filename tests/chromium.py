"""The browser that pages are tried in."""

import os
import shutil

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find_chromium() -> str:
    """Return the browser's path; without one a newcomer's run skips, and CI fails."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None and os.environ.get("CI"):
        pytest.fail("no Chromium here, and pages are not tried without it")
    if path is None:
        pytest.skip("no Chromium here: install it, or name it in CHROMIUM")
    return path
