"""The web process must start without the training stack, the worker without the web."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("front_door", "unwanted"),
    [
        pytest.param("server.app", {"tensorflow", "keras", "converter", "PIL"}, id="web"),
        pytest.param("server.__main__", {"tensorflow", "keras", "converter"}, id="command-line"),
        pytest.param("server.worker", {"flask"}, id="worker"),
        pytest.param("server.collecting.__main__", {"tensorflow", "keras", "flask", "sqlalchemy"}, id="collecting"),
        pytest.param("converter", {"flask", "server", "tensorflow"}, id="converter"),
    ],
)
def test_a_process_loads_only_its_own_stack(front_door: str, unwanted: set[str]) -> None:
    script = f"import sys, {front_door}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & unwanted
