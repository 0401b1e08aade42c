"""What a server takes on: a run that would hurt everybody is refused before it is stored."""

from collections.abc import Callable, Iterable

from server.config import Settings
from server.domain.errors import InvalidSpec, Problem, ServerFull
from server.domain.estimate import Estimate, estimate_run
from server.domain.spec import RunSpec

_MB = 1_000_000


LARGE_MB = 50.0
"""Runs below this are not added up: their number is limited anyway."""


def refuse_too_large(spec: RunSpec, settings: Settings) -> None:
    """Raise InvalidSpec when a run needs more memory, or more time for an epoch, than this server gives to one."""
    estimate = estimate_run(spec)
    problems = [*_too_much_memory(spec, estimate, settings.most_run_mb), *_too_slow(estimate, settings.most_epoch_s)]
    if problems:
        raise InvalidSpec(problems)


def refuse_too_many_large(spec: RunSpec, live: Callable[[], Iterable[RunSpec]], settings: Settings) -> None:
    """Raise ServerFull when a large run would need more memory than the other live ones, `live()`, leave."""
    needed_mb = _large_mb(spec)
    if not needed_mb or needed_mb + sum(map(_large_mb, live())) <= settings.most_runs_mb:
        return
    raise ServerFull(
        f"Other runs with large networks take the memory that is left on this server, and this one needs about "
        f"{_rounded(needed_mb):,g} MB. Stop a run you no longer need, take a smaller network, or try again in a moment."
    )


def _large_mb(spec: RunSpec) -> float:
    needed_mb = estimate_run(spec).memory_bytes / _MB
    return needed_mb if needed_mb > LARGE_MB else 0.0


def _advice(spec: RunSpec) -> str:
    if spec.base is not None:
        return "Take fewer samples, fewer unfrozen layers or a smaller base."
    return "Take fewer units, filters or layers, a smaller kernel or a smaller batch size."


def _too_much_memory(spec: RunSpec, estimate: Estimate, most_mb: float) -> list[Problem]:
    needed_mb = _rounded(estimate.memory_bytes / _MB)
    if estimate.memory_bytes <= most_mb * _MB:
        return []
    message = (
        f"Training this network would need about {needed_mb:,g} MB of memory, but a run may take {most_mb:,g} MB "
        f"on this server. {_advice(spec)}"
    )
    return [
        Problem("base" if spec.base else "layers", "too_much_memory", message, f"at most {most_mb:,g} MB", needed_mb)
    ]


def _too_slow(estimate: Estimate, most_s: float) -> list[Problem]:
    needed_s = _rounded(estimate.epoch_s)
    if estimate.epoch_s <= most_s:
        return []
    message = (
        f"One epoch of this network would take about {needed_s:,g} seconds, but it may take {most_s:,g} seconds "
        "on this server. Take fewer units, filters or layers, fewer samples or a larger batch size."
    )
    return [Problem("layers", "too_slow", message, f"at most {most_s:,g} seconds", needed_s)]


def _rounded(number: float) -> float:
    """Two digits that count, as it is only an estimate: 1600, 72, 0.35."""
    return float(f"{number:.2g}")
