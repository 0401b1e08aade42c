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


@pytest.mark.parametrize("command", ["serve", "train", "worker"])
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


def test_a_worker_says_which_setting_cannot_be_used() -> None:
    done = run("worker", "--scheduler", "tcp://127.0.0.1:1", NEURAL_PLAYGROUND_RUNS_PER_WORKER="many")
    assert done.returncode == 2
    assert done.stderr == "NEURAL_PLAYGROUND_RUNS_PER_WORKER must be a number, but 'many' was given.\n"
