"""The settings of a server: every knob, its default, its environment variable and its option."""

import os
import re
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
    trusted_hosts: tuple[str, ...] = ()
    """Names under which the server may be asked, beside addresses in digits and this machine's own names."""
    frame_ancestors: tuple[str, ...] = ("self",)
    """Origins whose pages may hold ours in a frame: `self`, `none`, or such as `https://moodle.school.example`."""
    behind_proxy: int = 0
    """Proxies in front that tell who asks (X-Forwarded-For, -Proto, -Prefix); with 0 nobody's word is taken for it."""
    tls_ca: Path | None = None
    """The authority that signed the certificates of a cluster; needed for addresses that begin with tls://."""
    tls_cert: Path | None = None
    """The certificate with which this machine joins a cluster."""
    tls_key: Path | None = None
    """The key of that certificate."""
    insecure_cluster: bool = False
    """Join a cluster on other machines without TLS: whoever reaches its ports can run programs on them."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    runs_per_worker: int = 128
    """Places in one worker process. A paused run needs none; another one that finds none free waits in line."""
    most_live_runs: int = 500
    """Runs that are queued, running or paused at once; further ones are refused for the moment."""
    most_streams: int = 256
    """Open event streams at once; further ones are refused for the moment."""
    most_epochs: int = 100_000
    """A run that names no number of epochs finishes here."""
    most_run_mb: float = 1_500.0
    """Memory that one run may take, in millions of bytes; a larger one is refused."""
    most_runs_mb: float = 6_000.0
    """Memory that all large runs together may take, in millions of bytes; a further one is refused for the moment."""
    most_epoch_s: float = 600.0
    """Seconds that one epoch of a run may take alone on a core, as estimated; a slower one is refused."""
    most_starts_per_minute: int = 6_000
    """Runs that one address may start within a minute; a class of 200 shares the address of its school's router."""
    most_failures_per_minute: int = 600
    """Failed requests of one address that are told their reason; further ones are answered with 429."""
    heartbeat_s: float = 15.0
    """Longest silence on an event stream."""
    stalled_s: float = 20.0
    """A browser that takes no byte for this long is disconnected (Linux)."""
    unwatched_minutes: float = 10.0
    """A run without a number of epochs that nobody watches is paused after this time."""
    idle_minutes: float = 60.0
    """A paused run that nobody watches is stopped after this time."""
    keep_days: float = 90.0
    """An ended run that nobody has opened for so long is removed, with its curve and its files."""
    keep_images_days: float = 30.0
    """Own images that nobody has opened for so long are removed."""
    most_images_mb: float = 4_000.0
    """What all images together may take in the data folder, in millions of bytes; more are refused."""
    most_uploads_per_minute: int = 60
    """Archives of images that one address may send, and sets it may ask for, within a minute."""
    log_format: str = "text"
    """The log on standard error: `text` for people, `json` for machines."""
    metrics_for: str = "loopback"
    """Who may read /metrics: `loopback`, only this machine; `everybody`, whoever reaches the server."""

    @property
    def database_url(self) -> str:
        """Where the runs are stored."""
        return self.database or f"sqlite:///{self.data_dir / 'playground.db'}"

    @property
    def images_dir(self) -> Path:
        """Where the pictures are that runs learn from."""
        return self.data_dir / "images"

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
    given = {name: value for name, value in options.items() if value is not None}
    chosen |= {
        name: _parse_list(value) if name in _LISTS and isinstance(value, str) else value
        for name, value in given.items()
    }
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
    "most_runs_mb": float,
    "most_epoch_s": float,
    "most_starts_per_minute": int,
    "most_failures_per_minute": int,
    "behind_proxy": int,
    "heartbeat_s": float,
    "stalled_s": float,
    "unwatched_minutes": float,
    "idle_minutes": float,
    "keep_days": float,
    "keep_images_days": float,
    "most_images_mb": float,
    "most_uploads_per_minute": int,
}


_CHOICES = {"log_format": ("text", "json"), "metrics_for": ("loopback", "everybody")}


_PATHS = ("data_dir", "tls_ca", "tls_cert", "tls_key")
_MOST_PROXIES = 10
_FROM_0 = frozenset({"port", "behind_proxy"})
_HOST_NAME = re.compile(r"\.?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII | re.IGNORECASE)
_ORIGIN = re.compile(r"self|https?://[a-z0-9_-]+(\.[a-z0-9_-]+)*(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_LISTS = {
    "trusted_hosts": (_HOST_NAME, "names such as playground.school.example, without http:// and without a port"),
    "frame_ancestors": (_ORIGIN, "self, or origins such as https://moodle.school.example, or none alone"),
}
_SWITCHES = ("insecure_cluster",)
_SWITCH_TEXTS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _parse_setting(name: str, text: str) -> object:
    if name in _PATHS:
        return Path(text).expanduser()
    if name in _SWITCHES:
        return _parse_switch(name, text)
    if name in _LISTS:
        return _parse_list(text)
    if name not in _NUMBERS:
        return text
    try:
        return _NUMBERS[name](text)
    except ValueError as error:
        raise InvalidSetting(f"NEURAL_PLAYGROUND_{name.upper()} must be a number, but {text!r} was given.") from error


def _parse_list(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(",") if entry.strip())


def _parse_switch(name: str, text: str) -> bool:
    try:
        return _SWITCH_TEXTS[text.lower()]
    except KeyError as error:
        raise InvalidSetting(f"NEURAL_PLAYGROUND_{name.upper()} must be 1 or 0, but {text!r} was given.") from error


def _check(settings: Settings) -> None:
    if not 0 <= settings.port <= 65535:
        raise InvalidSetting(f"The port must be 0 to 65535, but {settings.port} was given.")
    if not 0 <= settings.behind_proxy <= _MOST_PROXIES:
        raise InvalidSetting(f"behind_proxy must be 0 to {_MOST_PROXIES}, but {settings.behind_proxy} was given.")
    for name in _NUMBERS.keys() - _FROM_0:
        if not 0 < getattr(settings, name) < inf:
            raise InvalidSetting(f"{name} must be more than 0, but {getattr(settings, name)} was given.")
    for name, choices in _CHOICES.items():
        if getattr(settings, name) not in choices:
            given = getattr(settings, name)
            raise InvalidSetting(f"{name} must be {' or '.join(choices)}, but {given!r} was given.")
    for name in _LISTS:
        _check_list(name, getattr(settings, name))


def _check_list(name: str, entries: tuple[str, ...]) -> None:
    """What stands here goes into a header or is compared with one: nothing but what it is meant to be."""
    known, expected = _LISTS[name]
    if name == "frame_ancestors" and entries == ("none",):
        return
    for entry in entries:
        if not known.fullmatch(entry):
            raise InvalidSetting(f"{name} must be {expected}, separated by commas, but {entry!r} was given.")
