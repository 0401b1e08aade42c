"""How the learning rate goes from epoch to epoch: the share of the set rate that holds in each."""

from math import cos, pi

from server.domain.spec import ScheduleSpec


def rate_share(schedule: ScheduleSpec, epoch: int) -> float:
    """The share in an epoch, counted from 1; 1.0 in the first.

    step: Keras' ExponentialDecay with staircase. cosine: Keras' CosineDecay (Loshchilov and Hutter, "SGDR", 2017,
    without restarts). Both are taken at the first step of the epoch and hold to its end.
    """
    before = epoch - 1
    if schedule.name == "step":
        return float(schedule.factor ** (before // schedule.every_epochs))
    if schedule.name == "cosine":
        way = min(before / schedule.epochs, 1.0)
        return schedule.final_fraction + (1 - schedule.final_fraction) * 0.5 * (1 + cos(pi * way))
    return 1.0
