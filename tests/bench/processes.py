"""What processes and the whole machine use, as the operating system counts it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Usage:
    """What processes have used: processor seconds since they began, and memory now."""

    cpu_s: float
    memory_mb: float


def usage(processes: Sequence[psutil.Process]) -> Usage:
    """Sums over processes."""
    times = [process.cpu_times() for process in processes]
    memory = sum(process.memory_info().rss for process in processes)
    return Usage(sum(time.user + time.system for time in times), memory / 1e6)


@dataclass(frozen=True)
class Moment:
    """What kinds of processes, and the whole machine, have used so far."""

    at_s: float
    machine_cpu_s: float
    usages: tuple[Usage, ...]


def look(*kinds: Usage) -> Moment:
    """Now, with the usage of each kind of process."""
    times = psutil.cpu_times()
    idle_s = times.idle + getattr(times, "iowait", 0.0)
    return Moment(time.monotonic(), sum(times) - idle_s, kinds)


def cpu_percent(begin: Moment, end: Moment) -> list[float]:
    """Percent of one core between two moments: of each kind of process, and of all others on the machine."""
    used_s = [after.cpu_s - before.cpu_s for before, after in zip(begin.usages, end.usages, strict=True)]
    used_s.append(max(end.machine_cpu_s - begin.machine_cpu_s - sum(used_s), 0.0))
    return [100 * seconds / (end.at_s - begin.at_s) for seconds in used_s]
