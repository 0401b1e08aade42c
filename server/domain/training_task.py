"""What a worker is told when it shall train a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from server.domain.controls import ControlState
from server.domain.events import Payload
from server.domain.spec import RunSpec

Loss: TypeAlias = Literal["worker", "scheduler", "training"]
"""What ended a run that has not said so itself: its process, its scheduler, or a fault in its training."""


@dataclass(frozen=True)
class TrainingTask:
    """A run from its beginning, or from a checkpoint on.

    `attempt` goes with every event that comes of it. `limits` is what a worker has to know of the server's settings.
    `told_epoch` is the last epoch the world has heard of: what is trained again up to it is not told again.
    `images_dir` is where the pictures of collections lie; a worker on another machine needs that folder, too.
    """

    run_id: str
    spec: RunSpec
    controls: ControlState
    limits: Mapping[str, int]
    attempt: int = 1
    checkpoint: Payload | None = None
    told_epoch: int = 0
    images_dir: str | None = None

    def to_payload(self) -> Payload:
        """Plain data, for the way to a worker."""
        return {
            "run_id": self.run_id,
            "spec": self.spec.model_dump(mode="json"),
            "controls": self.controls.model_dump(mode="json"),
            "limits": dict(self.limits),
            "attempt": self.attempt,
            "checkpoint": self.checkpoint,
            "told_epoch": self.told_epoch,
            "images_dir": self.images_dir,
        }


def task_from(payload: Payload) -> TrainingTask:
    """The inverse of `to_payload`."""
    spec, controls = RunSpec.model_validate(payload["spec"]), ControlState.model_validate(payload["controls"])
    return TrainingTask(**(payload | {"spec": spec, "controls": controls}))
