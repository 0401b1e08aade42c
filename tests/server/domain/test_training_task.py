"""What a worker is told when it shall train."""

import json
from dataclasses import replace

import pytest

from server.domain.training_task import TrainingTask, task_from
from tests.builders import make_controls, make_spec

TASK = TrainingTask("a" * 20, make_spec(seed=3), make_controls(speed=60), {"most_epochs": 500, "places": 3})


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(TASK, id="from the beginning"),
        pytest.param(replace(TASK, attempt=3, checkpoint={"epoch": 7, "weights": "AA=="}, told_epoch=9), id="resumed"),
    ],
)
def test_a_task_arrives_as_it_was_sent(task: TrainingTask) -> None:
    assert task_from(json.loads(json.dumps(task.to_payload()))) == task
