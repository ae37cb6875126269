"""Makes the virtual environment from a hashed lock; with nothing but Python's own library."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.stack.launch import SAME_IDENTITY, launcher
from tools.stack.terminal import StackError, say

UNFINISHED = "install-unfinished"
LAST_LINES = 15
NEXT_PACKAGE = ("Collecting ", "Processing ")  # from an index, from a folder


def installed_python(root: Path, lock_name: str) -> Path:
    """Return the interpreter of `root`/.venv, with everything of the lock installed.

    Takes no time when nothing changed, and is safe when several start at once.
    Raises StackError.
    """
    venv = root / ".venv"
    if is_installed(venv, root, lock_name):
        return venv / "bin" / "python"
    require_venv_module()
    venv.mkdir(exist_ok=True)
    with locked(venv):
        if not is_installed(venv, root, lock_name):
            install(venv, root, lock_name)
    return venv / "bin" / "python"


def is_installed(venv: Path, root: Path, lock_name: str) -> bool:
    """Tell whether the last finished installation was made from the lock as it is now."""
    python = venv / "bin" / "python"
    stamp = venv / f"installed-{lock_name}.sha256"
    if not (python.exists() and stamp.exists()) or (venv / UNFINISHED).exists():
        return False
    return stamp.read_text(encoding="ascii") == digest(root / lock_name)


def digest(lock: Path) -> str:
    """Return the fingerprint of a lock."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def require_venv_module() -> None:
    """Raise StackError where the distribution ships Python without its venv parts."""
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        raise StackError(
            "Python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv"
        )


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder alone; says so when another `./run` holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another ./run is installing; waiting for it.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def install(venv: Path, root: Path, lock_name: str) -> None:
    """Install a lock; what an interrupted installation left behind is thrown away first."""
    python = venv / "bin" / "python"
    unfinished = venv / UNFINISHED
    if unfinished.exists() or not python.exists():
        say("Making the virtual environment .venv")
        unfinished.touch()
        remove_contents(venv, but=unfinished)
        run_quietly([sys.executable, "-m", "venv", str(venv)], root)
    unfinished.touch()
    install_packages(python, root, lock_name)
    for name in implied_locks(root, lock_name):
        stamp = venv / f"installed-{name}.sha256"
        stamp.write_text(digest(root / name), encoding="ascii")
    unfinished.unlink()


def remove_contents(folder: Path, but: Path) -> None:
    """Empty a folder, except for one entry; the folder itself is locked and stays."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != but:
            entry.unlink()


def implied_locks(root: Path, lock_name: str) -> list[str]:
    """Return the locks that an installed lock covers with the same versions."""
    wanted = requirements(root / lock_name)
    return [lock.name for lock in root.glob("requirements*.txt") if requirements(lock) <= wanted]


def requirements(lock: Path) -> set[str]:
    """Return the `name==version` of each package of a lock."""
    return set(re.findall(r"^[\w.-]+==\S+", lock.read_text(encoding="utf-8"), re.MULTILINE))


def install_packages(python: Path, root: Path, lock_name: str) -> None:
    """Run pip on a lock and show how far it is; raises StackError with pip's last lines."""
    pip = [str(python), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    pip += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(root / lock_name)]
    total = len(requirements(root / lock_name))
    say(f"Installing {total} packages of {lock_name} (only when it has changed)")
    lines: list[str] = []
    with subprocess.Popen(
        launcher(os.getpid(), signal.SIGKILL, SAME_IDENTITY, pip),
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            show_progress(lines, total)
    if process.returncode != 0:
        raise StackError("\n".join(["pip could not install the packages:", *lines[-LAST_LINES:]]))


def show_progress(lines: list[str], total: int) -> None:
    """Print every tenth package that pip begins with, and the step that follows."""
    step = lines[-1]
    if step.startswith("Installing collected"):
        say("  unpacking")
    elif step.startswith(NEXT_PACKAGE):
        done = sum(line.startswith(NEXT_PACKAGE) for line in lines)
        if done % 10 == 0:
            say(f"  {done} of {total}")


def run_quietly(command: list[str], root: Path) -> None:
    """Run a step to its end; raises StackError with what it said."""
    bound = launcher(os.getpid(), signal.SIGKILL, SAME_IDENTITY, command)
    done = subprocess.run(bound, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise StackError("\n".join([f"{' '.join(command[1:3])} failed:", *said[-LAST_LINES:]]))
