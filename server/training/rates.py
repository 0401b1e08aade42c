"""What may change while a run goes on, without a new compilation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Of one epoch: the learning rate after its schedule, and the rates of the penalty on kernels."""

    learning_rate: float
    l1: float
    l2: float
