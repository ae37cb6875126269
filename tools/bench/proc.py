"""What processes have used, as the kernel tells it in /proc (proc(5))."""

import os
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PARENT, OWN_TIMES, REAPED_TIMES = 1, slice(11, 13), slice(13, 15)  # after the name, from its state
KB_IN_MB = 1024


def tree(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[PARENT])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_ms(root: int) -> float:
    """Return the processor time of a process tree, with its ended children, in milliseconds."""
    fields = [_stat(pid) for pid in tree(root)]
    ticks = sum(sum(map(int, f[OWN_TIMES] + f[REAPED_TIMES])) for f in fields)
    return ticks * TICK_MS


def busy_ms() -> float:
    """Return the processor time that the whole machine has spent working, in milliseconds."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    user, nice, system, _idle, _waiting, interrupts, soft, _stolen = map(int, fields[1:9])
    return (user + nice + system + interrupts + soft) * TICK_MS


def memory_mb(pid: int) -> tuple[float, float]:
    """Return the proportional (PSS) and the resident (RSS) size of one process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {name: int(rest.split()[0]) for name, _, rest in (x.partition(":") for x in lines[1:])}
    return sizes["Pss"] / KB_IN_MB, sizes["Rss"] / KB_IN_MB


def parent_of(pid: int) -> int:
    """Return the parent of a process."""
    return int(_stat(pid)[PARENT])


def _stat(pid: int) -> list[str]:
    """Return the fields after the name, nothing for a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
