"""Makes a process die with the one that started it, however that one ends."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int, parent: int) -> None:
    """Have the kernel send a signal to this process when process `parent` ends.

    To be called after any change of identity, which clears the wish. Raises OSError.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    if os.getppid() != parent:  # it ended before the kernel knew of the wish
        os.kill(os.getpid(), signal.SIGKILL)
