"""Who runs PostgreSQL: it refuses root, and needs a user that the system knows."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.stack.bootstrap import ROOT
from tools.stack.launch import SAME_IDENTITY, launcher
from tools.stack.terminal import StackError

PROBE_SECONDS = 30


@dataclass(frozen=True)
class Identity:
    """How a process appears; `argument` is what the launcher understands."""

    argument: str = SAME_IDENTITY
    uid: int = -1
    gid: int = -1

    def give(self, path: Path) -> None:
        """Hand a path over, where this identity has other rights than the present one."""
        if self.is_another_user:
            os.chown(path, self.uid, self.gid)

    def adopt(self, folder: Path) -> None:
        """Take over a folder that another identity made, as root alone can."""
        wanted = (self.uid, self.gid) if self.is_another_user else (os.geteuid(), os.getegid())
        if os.geteuid() != 0 or folder.stat().st_uid == wanted[0]:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *wanted, follow_symlinks=False)

    def let_through(self, folder: Path) -> None:
        """Let this identity reach what lies in a folder, without listing it."""
        if self.is_another_user:
            folder.chmod(0o711)

    @property
    def is_another_user(self) -> bool:
        """Whether the rights on files differ from those of this process."""
        return self.argument.startswith("user:")


def unprivileged_identity(program: Path) -> Identity:
    """Return the first identity that can run a program of PostgreSQL; raises StackError."""
    if os.geteuid() != 0 and is_known(os.geteuid()):
        return Identity()
    for identity in candidates():
        if can_run(program, identity):
            return identity
    raise StackError(
        "PostgreSQL does not run as root, and here neither a user namespace nor another user"
        f" can run it from {ROOT}: start as an ordinary user, or give DATABASE_URL"
    )


def candidates() -> Iterator[Identity]:
    """Yield a namespace that keeps the rights on files, then users that have their own."""
    ordinary = [user for user in pwd.getpwall() if user.pw_uid != 0]
    ordinary.sort(key=lambda user: user.pw_name != "nobody")
    for user in ordinary[:1]:
        yield Identity(f"namespace:{user.pw_uid}:{user.pw_gid}", user.pw_uid, user.pw_gid)
    if os.geteuid() != 0:
        return
    owner = ROOT.stat()
    if owner.st_uid != 0 and is_known(owner.st_uid):
        yield Identity(f"user:{owner.st_uid}:{owner.st_gid}", owner.st_uid, owner.st_gid)
    for user in ordinary[:1]:
        yield Identity(f"user:{user.pw_uid}:{user.pw_gid}", user.pw_uid, user.pw_gid)


def is_known(uid: int) -> bool:
    """Tell whether the system has a name for a user id."""
    return any(user.pw_uid == uid for user in pwd.getpwall())


def can_run(program: Path, identity: Identity) -> bool:
    """Tell whether a program can be run under an identity."""
    command = launcher(os.getpid(), signal.SIGKILL, identity.argument, [str(program), "--version"])
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, timeout=PROBE_SECONDS, check=False
    )
    return done.returncode == 0
