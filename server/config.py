"""The settings of a server: every knob, its default, its environment variable and its option."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import inf
from pathlib import Path


def default_data_dir(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The user's data folder: XDG_DATA_HOME on Linux, Application Support on macOS."""
    home = Path(environment.get("HOME") or Path.home())
    if platform == "darwin":
        return home / "Library" / "Application Support" / "neural-playground"
    base = environment.get("XDG_DATA_HOME") or home / ".local" / "share"
    return Path(base) / "neural-playground"


@dataclass(frozen=True)
class Settings:
    """What the administrator chose. Each field can be set by `NEURAL_PLAYGROUND_<FIELD>`; options win over it."""

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = field(default_factory=lambda: default_data_dir(os.environ))
    database: str | None = None
    """An SQLAlchemy address; None: an SQLite file in the data folder."""
    scheduler: str | None = None
    """Address of a Dask scheduler that runs elsewhere; None: workers of our own."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    runs_per_worker: int = 128
    """Places in one worker process. A paused run needs none; another one that finds none free waits in line."""
    most_live_runs: int = 500
    """Runs that are queued, running or paused at once; further ones are refused for the moment."""
    most_streams: int = 256
    """Open event streams at once; further ones are refused for the moment."""
    most_epochs: int = 100_000
    """A run that names no number of epochs finishes here."""
    most_run_mb: float = 512.0
    """Memory that one run may take, in millions of bytes; a larger one is refused."""
    most_epoch_s: float = 60.0
    """Seconds that one epoch of a run may take alone on a core, as estimated; a slower one is refused."""
    heartbeat_s: float = 15.0
    """Longest silence on an event stream."""
    unwatched_minutes: float = 10.0
    """A run without a number of epochs that nobody watches is paused after this time."""
    idle_minutes: float = 60.0
    """A paused run that nobody watches is stopped after this time."""

    @property
    def database_url(self) -> str:
        """Where the runs are stored."""
        return self.database or f"sqlite:///{self.data_dir / 'playground.db'}"

    @property
    def run_limits(self) -> dict[str, int]:
        """What a worker has to know of these settings: told with every run, so that all workers go by this server's."""
        return {"most_epochs": self.most_epochs, "places": self.runs_per_worker}


class InvalidSetting(ValueError):
    """A setting that cannot be used; the sentence names it and what is expected."""


def settings_from(environment: Mapping[str, str], options: Mapping[str, object]) -> Settings:
    """Settings from environment variables and options that were given; others keep their default.

    Raises InvalidSetting.
    """
    chosen: dict[str, object] = {}
    for entry in fields(Settings):
        text = environment.get(f"NEURAL_PLAYGROUND_{entry.name.upper()}")
        if text:
            chosen[entry.name] = _parse_setting(entry.name, text)
    chosen |= {name: value for name, value in options.items() if value is not None}
    settings = Settings(**chosen)  # type: ignore[arg-type]
    _check(settings)
    return settings


_NUMBERS: dict[str, type[int] | type[float]] = {
    "port": int,
    "workers": int,
    "runs_per_worker": int,
    "most_live_runs": int,
    "most_streams": int,
    "most_epochs": int,
    "most_run_mb": float,
    "most_epoch_s": float,
    "heartbeat_s": float,
    "unwatched_minutes": float,
    "idle_minutes": float,
}


def _parse_setting(name: str, text: str) -> object:
    if name == "data_dir":
        return Path(text).expanduser()
    if name not in _NUMBERS:
        return text
    try:
        return _NUMBERS[name](text)
    except ValueError as error:
        raise InvalidSetting(f"NEURAL_PLAYGROUND_{name.upper()} must be a number, but {text!r} was given.") from error


def _check(settings: Settings) -> None:
    if not 0 <= settings.port <= 65535:
        raise InvalidSetting(f"The port must be 0 to 65535, but {settings.port} was given.")
    for name in _NUMBERS.keys() - {"port"}:
        if not 0 < getattr(settings, name) < inf:
            raise InvalidSetting(f"{name} must be more than 0, but {getattr(settings, name)} was given.")
