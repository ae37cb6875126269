"""Compares the committed OpenAPI document with what the code says: `-m tools.stack.openapi`."""

import difflib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.stack.application import manage_command
from tools.stack.bootstrap import ROOT
from tools.stack.launch import SAME_IDENTITY, launcher

COMMITTED = ROOT / "docs" / "openapi.yaml"
WRITE = "./run manage spectacular --validate --fail-on-warn --file docs/openapi.yaml"


def main() -> int:
    """Return 0 when both are the same; print what differs otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        command = manage_command("spectacular", "--validate", "--fail-on-warn")
        command += ["--file", str(fresh)]
        bound = launcher(os.getpid(), signal.SIGKILL, SAME_IDENTITY, command)
        code = subprocess.run(bound, cwd=ROOT, check=False).returncode
        if code != 0:
            return code
        difference = changes(COMMITTED, fresh)
    if difference:
        print(*difference[:60], sep="\n")
        print(f"\n{COMMITTED.relative_to(ROOT)} is not up to date: {WRITE}")
    return 1 if difference else 0


def changes(old: Path, new: Path) -> list[str]:
    """Return the difference between two files; a missing old one counts as empty."""
    before = old.read_text(encoding="utf-8").splitlines() if old.exists() else []
    after = new.read_text(encoding="utf-8").splitlines()
    return list(difflib.unified_diff(before, after, "committed", "from the code", lineterm=""))


if __name__ == "__main__":
    sys.exit(main())
