"""Early stopping ends where Keras' own callback ends, with the same best epoch."""

from math import nan
from typing import Any

import keras
import numpy as np
import pytest

from server.domain.spec import EarlyStoppingSpec
from server.training.early_stopping import EarlyStopping


class KerasJudge:
    """Feeds Keras' callback the metrics of a model that never trains."""

    def __init__(self, **options: Any) -> None:
        self._callback = keras.callbacks.EarlyStopping(restore_best_weights=True, **options)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.stop_training = False
        self._callback.set_model(model)
        self._callback.on_train_begin()
        self._model = model

    def judge(self, name: str, metrics: list[float]) -> tuple[int, int]:
        """The epoch at which the callback stops, or the last one, and its best epoch; counted from 1."""
        for epoch, metric in enumerate(metrics):
            self._callback.on_epoch_end(epoch, {name: metric})
            if self._model.stop_training:
                return epoch + 1, self._callback.best_epoch + 1
        return len(metrics), self._callback.best_epoch + 1


def judge_ours(spec: EarlyStoppingSpec, metrics: list[float]) -> tuple[int, int]:
    stopping = EarlyStopping(spec)
    for epoch, metric in enumerate(metrics, start=1):
        stopping.note(epoch, metric)
        if stopping.is_over(epoch):
            return epoch, stopping.best_epoch
    return len(metrics), stopping.best_epoch


RANDOM = np.random.default_rng(0).random(60)


@pytest.mark.parametrize("patience", [1, 3, 10])
@pytest.mark.parametrize("min_delta", [0.0, 0.05])
@pytest.mark.parametrize(
    ("metric", "mode", "metrics"),
    [
        pytest.param("val_loss", "min", [1.0, 0.5, 0.4, 0.39, 0.38, 0.5, 0.3, 0.3, 0.3, 0.3], id="falling"),
        pytest.param("loss", "min", (RANDOM * np.linspace(1, 0.2, 60)).tolist(), id="noisy"),
        pytest.param("accuracy", "max", (RANDOM * np.linspace(0.2, 1, 60)).tolist(), id="accuracy"),
        pytest.param("val_accuracy", "max", [0.5] * 20, id="flat"),
        pytest.param("val_loss", "min", [0.5, nan, 0.4, nan, nan, 0.3, nan, nan, nan, nan], id="not a number"),
    ],
)
def test_it_stops_where_keras_stops(
    metric: Any, mode: str, metrics: list[float], patience: int, min_delta: float
) -> None:
    spec = EarlyStoppingSpec(metric=metric, patience=patience, min_delta=min_delta)
    theirs = KerasJudge(monitor=metric, mode=mode, patience=patience, min_delta=min_delta).judge(metric, metrics)
    assert judge_ours(spec, metrics) == theirs
