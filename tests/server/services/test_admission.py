"""A run that would hurt everybody is refused before it begins."""

from dataclasses import replace
from typing import Any

import pytest

from server.app import Services
from server.config import Settings
from server.domain.errors import InvalidSpec, Problem, ServerFull
from server.domain.estimate import estimate_run
from server.domain.spec import FEATURE_NAMES, RunSpec
from server.services.admission import LARGE_MB, refuse_too_large, refuse_too_many_large
from tests.builders import make_spec
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient

HUGE: dict[str, Any] = {
    "dataset": {"name": "digits", "samples": 1797, "train_fraction": 0.8},
    "layers": [{"kind": "conv2d", "filters": 256, "kernel_size": 7, "padding": "same"}] * 7 + [{"kind": "flatten"}],
    "batch_size": 256,
    "optimizer": {"name": "adam"},
}


def _problems(spec: RunSpec, settings: Settings) -> list[Problem]:
    with pytest.raises(InvalidSpec) as caught:
        refuse_too_large(spec, settings)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="default"),
        pytest.param(
            {
                "features": list(FEATURE_NAMES),
                "layers": [{"units": 16}] * 8,
                "dataset": {"samples": 5000, "train_fraction": 0.9},
                "batch_size": 1,
            },
            id="the largest of the page",
        ),
        pytest.param(
            {
                "dataset": {"name": "digits", "samples": 1797},
                "layers": [
                    {"kind": "conv2d", "filters": 32},
                    {"kind": "conv2d", "filters": 64},
                    {"kind": "max_pooling2d"},
                    {"kind": "flatten"},
                    {"units": 64},
                ],
                "batch_size": 32,
                "optimizer": {"name": "adam"},
            },
            id="a usual network for pictures",
        ),
    ],
)
def test_what_a_class_trains_is_accepted(changes: dict[str, Any], settings: Settings) -> None:
    refuse_too_large(make_spec(**changes), settings)


def test_a_run_at_the_limits_is_accepted_and_one_beyond_is_not(settings: Settings) -> None:
    estimate = estimate_run(make_spec())
    tight = replace(settings, most_run_mb=estimate.memory_bytes / 1e6, most_epoch_s=estimate.epoch_s)

    refuse_too_large(make_spec(), tight)
    less_memory = replace(tight, most_run_mb=tight.most_run_mb * 0.99)
    less_time = replace(tight, most_epoch_s=tight.most_epoch_s * 0.99)
    assert [problem.code for problem in _problems(make_spec(), less_memory)] == ["too_much_memory"]
    assert [problem.code for problem in _problems(make_spec(), less_time)] == ["too_slow"]


def test_a_refusal_says_the_number_the_limit_and_what_to_do(settings: Settings) -> None:
    memory, time = _problems(make_spec(**HUGE), settings)

    assert memory == Problem(
        field="layers",
        code="too_much_memory",
        message="Training this network would need about 18,000 MB of memory, but a run may take 1,500 MB on this "
        "server. Take fewer units, filters or layers, a smaller kernel or a smaller batch size.",
        expected="at most 1,500 MB",
        received=18000,
    )
    assert time == Problem(
        field="layers",
        code="too_slow",
        message="One epoch of this network would take about 750 seconds, but it may take 600 seconds on this server. "
        "Take fewer units, filters or layers, fewer samples or a larger batch size.",
        expected="at most 600 seconds",
        received=750,
    )


def test_a_refused_run_is_neither_stored_nor_handed_to_the_cluster(services: Services, cluster: FakeCluster) -> None:
    with pytest.raises(InvalidSpec, match="18,000 MB"):
        services.runs.start_run({"spec": HUGE})

    assert services.runs.list_runs() == []
    assert cluster.submitted == []


def test_a_refusal_is_answered_as_a_spec_that_cannot_be_used(client: CheckedClient) -> None:
    answer = client.post("/api/runs", json={"spec": HUGE})

    assert answer.status_code == 422
    assert [problem["code"] for problem in answer.json["error"]["problems"]] == ["too_much_memory", "too_slow"]


def test_large_runs_together_have_a_limit_and_small_ones_are_never_in_the_way(settings: Settings) -> None:
    large = make_spec(
        dataset={"name": "digits", "samples": 1797},
        layers=[{"kind": "conv2d", "filters": 64, "kernel_size": 5, "padding": "same"}] * 3 + [{"kind": "flatten"}],
        batch_size=128,
    )
    needed_mb = estimate_run(large).memory_bytes / 1e6
    tight = replace(settings, most_runs_mb=2.5 * needed_mb)

    assert needed_mb > LARGE_MB
    refuse_too_many_large(large, lambda: [large, make_spec()], tight)
    with pytest.raises(ServerFull, match="Stop a run you no longer need"):
        refuse_too_many_large(large, lambda: [large, large], tight)
    refuse_too_many_large(make_spec(), lambda: [large] * 99, tight)
