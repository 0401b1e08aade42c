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
    "tls_ca": ("/etc/cluster/ca.pem", Path("/etc/cluster/ca.pem")),
    "tls_cert": ("/etc/cluster/host.pem", Path("/etc/cluster/host.pem")),
    "tls_key": ("/etc/cluster/host-key.pem", Path("/etc/cluster/host-key.pem")),
    "insecure_cluster": ("yes", True),
    "workers": ("3", 3),
    "runs_per_worker": ("5", 5),
    "most_live_runs": ("7", 7),
    "most_streams": ("9", 9),
    "most_epochs": ("11", 11),
    "most_run_mb": ("64.5", 64.5),
    "most_epoch_s": ("2", 2.0),
    "most_runs_mb": ("640.5", 640.5),
    "heartbeat_s": ("2.5", 2.5),
    "stalled_s": ("4.5", 4.5),
    "unwatched_minutes": ("0.25", 0.25),
    "idle_minutes": ("0.5", 0.5),
    "keep_days": ("30", 30.0),
    "keep_images_days": ("7", 7.0),
    "most_images_mb": ("500.5", 500.5),
    "most_uploads_per_minute": ("19", 19),
    "log_format": ("json", "json"),
    "metrics_for": ("everybody", "everybody"),
    "most_starts_per_minute": ("13", 13),
    "most_failures_per_minute": ("17", 17),
    "trusted_hosts": ("playground.example, .school.example", ("playground.example", ".school.example")),
    "frame_ancestors": ("self,https://moodle.example:8443", ("self", "https://moodle.example:8443")),
    "behind_proxy": ("2", 2),
}
NUMBERS = [name for name, (_, value) in CHOSEN.items() if type(value) in (int, float)]


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

    other = "no" if value is True else text + "9"
    assert getattr(settings_from({_variable(name): other}, {name: value}), name) == value


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


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in ("port", "behind_proxy")])
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


@pytest.mark.parametrize(("text", "is_on"), [("1", True), ("True", True), ("no", False), ("0", False)])
def test_a_switch_is_on_or_off(text: str, is_on: bool) -> None:
    assert settings_from({_variable("insecure_cluster"): text}, {}).insecure_cluster is is_on


def test_a_switch_that_is_neither_on_nor_off_is_told() -> None:
    variable = _variable("insecure_cluster")
    with pytest.raises(InvalidSetting, match=f"{variable} must be 1 or 0, but 'maybe' was given"):
        settings_from({variable: "maybe"}, {})


@pytest.mark.parametrize(
    ("name", "choices"), [("log_format", "text or json"), ("metrics_for", "loopback or everybody")]
)
def test_a_choice_that_does_not_exist_is_told_with_those_that_do(name: str, choices: str) -> None:
    with pytest.raises(InvalidSetting, match=f"{name} must be {choices}, but 'nonsense' was given"):
        settings_from({_variable(name): "nonsense"}, {})


@pytest.mark.parametrize(("count", "is_valid"), [(-1, False), (0, True), (10, True), (11, False)])
def test_there_are_0_to_10_proxies(count: int, is_valid: bool) -> None:
    if is_valid:
        assert settings_from({}, {"behind_proxy": count}).behind_proxy == count
    else:
        with pytest.raises(InvalidSetting, match=f"0 to 10, but {count} was given"):
            settings_from({}, {"behind_proxy": count})


@pytest.mark.parametrize(
    "text", ["http://playground.example", "playground.example:8000", "*", "a b", "a..b", "evil.example\r\nX: y", "."]
)
def test_a_trusted_host_is_a_name_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidSetting, match="trusted_hosts must be names such as"):
        settings_from({_variable("trusted_hosts"): text}, {})


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://*.school.example",
        "moodle.school.example",
        "https://moodle.school.example/course",
        "'self'",
        "none,self",
        "https://a.example; script-src *",
        "javascript:alert(1)",
    ],
)
def test_a_page_that_may_hold_ours_is_named_by_its_origin(text: str) -> None:
    with pytest.raises(InvalidSetting, match="frame_ancestors must be self, or origins such as"):
        settings_from({_variable("frame_ancestors"): text}, {})


def test_a_list_may_be_an_option_and_spaces_do_not_matter() -> None:
    assert settings_from({}, {"trusted_hosts": " a.example , b.example,"}).trusted_hosts == ("a.example", "b.example")
    assert settings_from({}, {"frame_ancestors": "none"}).frame_ancestors == ("none",)
