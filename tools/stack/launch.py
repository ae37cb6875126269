"""Becomes another program that dies with its parent: `-m tools.stack.launch`.

A small program of its own, because between fork and exec Python code is not safe, and because
the identity has to change before the death signal is asked for.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

from tools.stack.deathsignal import die_with_parent

CLONE_NEWUSER = 0x10000000
SAME_IDENTITY = "same"


def launcher(parent: int, death_signal: int, identity: str, command: list[str]) -> list[str]:
    """Return the command line that runs `command` as `identity`, bound to process `parent`."""
    module = [sys.executable, "-S", "-E", "-m", "tools.stack.launch"]
    return [*module, str(parent), str(int(death_signal)), identity, *command]


def become(identity: str) -> None:
    """Take on `same`, `namespace:UID:GID` (a user namespace) or `user:UID:GID`; raises OSError."""
    if identity == SAME_IDENTITY:
        return
    kind, uid, gid = identity.split(":")
    if kind == "namespace":
        enter_user_namespace(int(uid), int(gid))
    else:
        os.setgroups([])
        os.setresgid(int(gid), int(gid), int(gid))
        os.setresuid(int(uid), int(uid), int(uid))


def enter_user_namespace(uid: int, gid: int) -> None:
    """Appear as `uid` and `gid` while keeping the rights on files; raises OSError."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    process = Path("/proc/self")
    (process / "setgroups").write_text("deny", encoding="ascii")
    (process / "uid_map").write_text(f"{uid} {outer_uid} 1", encoding="ascii")
    (process / "gid_map").write_text(f"{gid} {outer_gid} 1", encoding="ascii")


def main() -> None:
    """Change identity, bind to the parent, undo what Python changed, and become the program."""
    parent, death_signal, identity, *command = sys.argv[1:]
    try:
        become(identity)
        die_with_parent(int(death_signal), int(parent))
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(ignored_by_python, signal.SIG_DFL)
        os.execvp(command[0], command)  # noqa: S606 - there is no shell, on purpose
    except OSError as error:
        sys.exit(f"cannot start {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
