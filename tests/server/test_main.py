"""The command line: what it offers, and how it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server", *arguments]
    environment = os.environ | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("command", ["serve", "train", "images", "scheduler", "worker"])
def test_every_command_explains_itself(command: str) -> None:
    assert command in run("--help").stdout
    assert run(command, "--help").returncode == 0


@pytest.mark.parametrize("option", ["--host", "--port", "--data-dir", "--database", "--scheduler", "--workers"])
def test_serve_has_the_options_of_the_contract(option: str) -> None:
    assert option in run("serve", "--help").stdout


@pytest.mark.parametrize("arguments", [(), ("fly",), ("serve", "--port", "many"), ("train",)], ids=str)
def test_a_command_that_cannot_be_used_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


def test_looking_for_help_loads_neither_the_web_nor_tensorflow() -> None:
    script = "import sys, server.__main__ as main; main._parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"flask", "tensorflow", "distributed"} & set(done.stdout.split())


def test_a_worker_without_a_scheduler_says_so() -> None:
    done = run("worker", "--scheduler", "nonsense://nowhere")
    assert done.returncode == 2
    assert "No scheduler answers" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "scheduler", "worker"])
@pytest.mark.parametrize("option", ["--tls-ca", "--tls-cert", "--tls-key", "--insecure-cluster"])
def test_whoever_talks_in_a_cluster_can_be_given_certificates(command: str, option: str) -> None:
    assert option in run(command, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--port", "0", "--scheduler", "tcp://10.0.0.1:8786"),
        ("scheduler", "--host", "0.0.0.0"),
        ("worker", "--scheduler", "tcp://10.0.0.1:8786"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_cluster_that_is_open_to_other_machines_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*arguments, NEURAL_PLAYGROUND_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 2
    assert "is open to other machines" in done.stderr
    assert "docs/scale.md" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_worker_says_which_setting_cannot_be_used() -> None:
    done = run("worker", "--scheduler", "tcp://127.0.0.1:1", NEURAL_PLAYGROUND_RUNS_PER_WORKER="many")
    assert done.returncode == 2
    assert done.stderr == "NEURAL_PLAYGROUND_RUNS_PER_WORKER must be a number, but 'many' was given.\n"


def test_training_limits_the_threads_of_numpy_before_numpy_is_loaded() -> None:
    script = """
import os, sys

class Watch:
    def find_spec(self, name, *rest):
        if name == "numpy":
            print("threads", os.environ.get("OPENBLAS_NUM_THREADS"))

sys.meta_path.insert(0, Watch())
from server.__main__ import main
main(["train", "missing.json"])
"""
    variables = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.stdout.split() == ["threads", "1"], done.stderr
