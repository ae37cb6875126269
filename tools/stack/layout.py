"""Where one installation keeps its data, and who holds it."""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.stack.bootstrap import ROOT
from tools.stack.terminal import StackError

LONGEST_SOCKET_PATH = 107  # bytes, of which the socket's own name needs some
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
SCRATCH_PREFIX = "vigie-"
LEAST_FREE_BYTES = 200_000_000
YOUNGEST_LEFT_BEHIND = 60.0  # seconds: a folder is made a moment before it is held


@dataclass(frozen=True)
class Layout:
    """The folders and files under VAR_DIR."""

    var: Path

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> "Layout":
        """Return the layout that the environment asks for."""
        return cls(Path(variables.get("VAR_DIR") or ROOT / "var").absolute())

    @property
    def secrets(self) -> Path:
        """The file of the secrets that this installation made for itself."""
        return self.var / "secrets"

    @property
    def logs(self) -> Path:
        """The folder of the children's output."""
        return self.var / "log"

    @property
    def postgres(self) -> Path:
        """The data folder of the embedded PostgreSQL."""
        return self.var / "postgres"

    @property
    def running(self) -> Path:
        """The file that says how to reach the parts of a running stack."""
        return self.var / "running.json"

    @property
    def phones_journal(self) -> Path:
        """Where the simulated phone network writes what it did."""
        return self.var / "phones" / "journal.jsonl"

    def make(self) -> None:
        """Make the folders, for this user alone; raises OSError or StackError."""
        for folder in (self.var, self.logs, self.phones_journal.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.var).free < LEAST_FREE_BYTES:
            raise StackError(f"less than 200 MB are free on the disk of {self.var}")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold this installation alone; raises StackError when another process does."""
        lock = (self.var / "lock").open("a+", encoding="ascii")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                holder = lock.read().strip()
                raise StackError(f"{self.var} is in use by process {holder}") from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def is_held(self) -> bool:
        """Tell whether a stack runs on this installation."""
        try:
            with self.held():
                return False
        except StackError:
            return True
        except FileNotFoundError:
            return False


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder for this user alone that is gone afterwards; a short, plain path.

    What killed processes left behind is removed on the way.
    """
    remove_left_behind(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def remove_left_behind(parent: Path) -> None:
    """Remove scratch folders of this user that nobody holds any more."""
    for folder in parent.glob(f"{SCRATCH_PREFIX}????????"):
        with contextlib.suppress(OSError):  # another user's, another process was faster, in use
            status = folder.stat()
            is_new = time.time() - status.st_mtime < YOUNGEST_LEFT_BEHIND
            if status.st_uid != os.geteuid() or is_new:
                continue
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(descriptor)


@contextlib.contextmanager
def socket_folder(preferred: Path) -> Iterator[Path]:
    """Give a folder for sockets: the preferred one, or a short one where its path will not do."""
    path = os.fsencode(preferred)
    is_short = len(path) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH
    if is_short and re.fullmatch(rb"[\w./-]+", path):
        preferred.mkdir(mode=0o700, exist_ok=True)
        yield preferred
        return
    with scratch_folder() as folder:
        yield folder
