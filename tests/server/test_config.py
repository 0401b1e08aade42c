"""Settings: from the environment, from options, or their default."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from server.config import InvalidSetting, Settings, default_data_dir, settings_from

NAMES = [entry.name for entry in fields(Settings)]
# A value for every setting, as text of the environment and as it is understood.
CHOSEN: dict[str, tuple[str, Any]] = {
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("8123", 8123),
    "data_dir": ("/srv/playground", Path("/srv/playground")),
    "database": ("postgresql://db/playground", "postgresql://db/playground"),
    "scheduler": ("tcp://10.0.0.1:8786", "tcp://10.0.0.1:8786"),
    "workers": ("3", 3),
    "runs_per_worker": ("5", 5),
    "most_live_runs": ("7", 7),
    "most_streams": ("9", 9),
    "most_epochs": ("11", 11),
    "most_run_mb": ("64.5", 64.5),
    "most_epoch_s": ("2", 2.0),
    "heartbeat_s": ("2.5", 2.5),
    "unwatched_minutes": ("0.25", 0.25),
    "idle_minutes": ("0.5", 0.5),
}
NUMBERS = [name for name, (_, value) in CHOSEN.items() if isinstance(value, (int, float))]


def _variable(name: str) -> str:
    return f"NEURAL_PLAYGROUND_{name.upper()}"


def test_the_table_has_every_setting() -> None:
    assert sorted(CHOSEN) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_read_from_its_environment_variable(name: str) -> None:
    text, value = CHOSEN[name]
    chosen = getattr(settings_from({_variable(name): text}, {}), name)

    assert chosen == value
    assert type(chosen) is type(value) or isinstance(chosen, Path)
    assert chosen != getattr(Settings(), name)


@pytest.mark.parametrize("name", NAMES)
def test_an_option_wins_over_the_environment(name: str) -> None:
    text, value = CHOSEN[name]

    assert getattr(settings_from({_variable(name): text + "9"}, {name: value}), name) == value


def test_what_is_not_chosen_keeps_its_default() -> None:
    nothing = settings_from({}, {name: None for name in NAMES})

    assert nothing == Settings()
    assert settings_from({_variable("port"): ""}, {}).port == 8000


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = Settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.workers >= 1
    assert settings.scheduler is settings.database is None
    assert settings.heartbeat_s <= 20


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["many", "1,5", "0x10", "1e"])
def test_a_number_that_is_none_names_the_variable_and_the_text(name: str, text: str) -> None:
    with pytest.raises(InvalidSetting, match=rf"{_variable(name)} must be a number, but '{text}' was given\."):
        settings_from({_variable(name): text}, {})


@pytest.mark.parametrize("name", [name for name in NUMBERS if name != "port"])
@pytest.mark.parametrize("number", [0, -1])
def test_a_number_must_be_more_than_0(name: str, number: int) -> None:
    with pytest.raises(InvalidSetting, match=f"{name} must be more than 0, but {number} was given"):
        settings_from({}, {name: number})


@pytest.mark.parametrize("name", ["heartbeat_s", "idle_minutes"])
@pytest.mark.parametrize("text", ["nan", "inf"])
def test_a_time_must_be_finite(name: str, text: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        settings_from({_variable(name): text}, {})


@pytest.mark.parametrize(("port", "is_valid"), [(-1, False), (0, True), (65535, True), (65536, False)])
def test_a_port_is_0_to_65535(port: int, is_valid: bool) -> None:
    if is_valid:
        assert settings_from({}, {"port": port}).port == port
    else:
        with pytest.raises(InvalidSetting, match=f"0 to 65535, but {port} was given"):
            settings_from({}, {"port": port})


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        pytest.param({"HOME": "/h"}, "linux", "/h/.local/share/neural-playground", id="linux"),
        pytest.param({"HOME": "/h", "XDG_DATA_HOME": "/x"}, "linux", "/x/neural-playground", id="linux with XDG"),
        pytest.param({"HOME": "/h"}, "darwin", "/h/Library/Application Support/neural-playground", id="macos"),
    ],
)
def test_the_data_folder_is_where_the_system_keeps_data(
    environment: dict[str, str], platform: str, folder: str
) -> None:
    assert default_data_dir(environment, platform) == Path(folder)


def test_a_data_folder_may_begin_at_home() -> None:
    assert settings_from({_variable("data_dir"): "~/runs"}, {}).data_dir == Path.home() / "runs"


def test_a_worker_is_told_how_many_epochs_and_how_many_places_there_are() -> None:
    assert Settings(most_epochs=11, runs_per_worker=5).run_limits == {"most_epochs": 11, "places": 5}


def test_the_database_lies_in_the_data_folder_unless_told_otherwise() -> None:
    assert Settings(data_dir=Path("/d")).database_url == "sqlite:////d/playground.db"
    assert Settings(data_dir=Path("/d"), database="postgresql://db/p").database_url == "postgresql://db/p"
