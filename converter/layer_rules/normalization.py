"""Rules of normalization and of scaling by constants."""

from __future__ import annotations

from typing import Any

import numpy as np

from converter.layer_rules.activations import scaled, to_the_end
from converter.layer_rules.core import known_size
from converter.layer_rules.rule import Answer, Emit, NotExpressible, layer_rule, no_rule, weights_named
from converter.model_graph import Call, Shape

no_rule(
    "normalizes in a way TensorFlow.js layers do not",
    *("GroupNormalization", "RMSNormalization", "UnitNormalization"),
)

_SMALLEST_DEVIATION = 1e-7
"""Keras divides by no less (`epsilon` of keras.config)."""


@layer_rule(
    "BatchNormalization",
    reads=[
        *("axis", "momentum", "epsilon", "center", "scale"),
        *("synchronized", "renorm", "renorm_clipping", "renorm_momentum"),  # how it learns; nothing once it has
    ],
)
def batch_normalization(call: Call, emit: Emit) -> Answer:
    """Along the last axis: along others TF.js answers wrongly on its CPU backend."""
    if call.config.get("renorm"):
        raise NotExpressible("has renorm=True")
    rank = len(call.input.shape)
    axis = _single(call.config["axis"]) % rank
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    weights = {name: call.weights[name] for name in names if name in call.weights}
    config = {
        "axis": -1,
        "momentum": call.config["momentum"],
        "epsilon": call.config["epsilon"],
        "center": call.config["center"],
        "scale": call.config["scale"],
    }
    if rank > 4 or rank < 2:
        raise NotExpressible(f"normalizes tensors of {rank} axes; TensorFlow.js layers know two to four")
    if axis == rank - 1:
        return emit("BatchNormalization", call.input, weights=weights, **config)
    there, back = to_the_end(axis, rank)
    turned = emit("Permute", call.input, dims=there)
    return emit("Permute", emit("BatchNormalization", turned, weights=weights, **config), dims=back)


def _single(axis: Any) -> int:
    return axis if isinstance(axis, int) else int(axis[0])


@layer_rule("LayerNormalization", reads=["axis", "epsilon", "center", "scale", "rms_scaling"])
def layer_normalization(call: Call, emit: Emit) -> Answer:
    """The same, with axes counted from the front."""
    rank = len(call.input.shape)
    if call.config.get("rms_scaling"):
        raise NotExpressible("has rms_scaling=True")
    if call.input.dtype not in ("float32", "float64"):
        raise NotExpressible(f"answers in the dtype of its input, {call.input.dtype}")
    if rank > 4:
        raise NotExpressible(f"normalizes tensors of {rank} axes; TensorFlow.js layers know up to four")
    axis = call.config["axis"]
    axes = sorted(one % rank for one in ([axis] if isinstance(axis, int) else axis))
    return emit(
        "LayerNormalization",
        call.input,
        weights={
            name: _in_order(array, call.input.shape, axes)
            for name, array in weights_named(call, "gamma", "beta").items()
        },
        axis=axes,
        epsilon=call.config["epsilon"],
        center=call.config["center"],
        scale=call.config["scale"],
    )


def _in_order(array: Any, shape: Shape, axes: list[int]) -> Any:
    # Keras reads them in this order, whatever the order of its axes and so the shape of its weights.
    return array.reshape([known_size(shape[axis]) for axis in axes])


@layer_rule("Rescaling", reads=["scale", "offset"])
def rescaling(call: Call, emit: Emit) -> Answer:
    """The same; numbers or nested lists."""
    return scaled(emit, call.input, _numbers(call.config["scale"]), _numbers(call.config["offset"]))


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):  # an array, as Keras writes one
        value = value.get("config", {}).get("value")
    return np.asarray(value, dtype=np.float64).tolist()


@layer_rule("Normalization", reads=["axis", "mean", "variance", "invert"])
def normalization(call: Call, emit: Emit) -> Answer:
    """A BatchNormalization that knows its mean and variance; along other axes a Rescaling."""
    mean, variance = _statistics(call)
    rank = len(call.input.shape)
    deviation = np.maximum(np.sqrt(variance), _SMALLEST_DEVIATION)
    if call.config.get("invert"):
        return scaled(emit, call.input, deviation.tolist(), mean.tolist())
    axis = call.config.get("axis")
    is_last = axis is not None and [one % rank for one in np.atleast_1d(axis)] == [rank - 1]
    if not is_last or not 2 <= rank <= 4:
        return scaled(emit, call.input, (1 / deviation).tolist(), (-mean / deviation).tolist())
    weights = {
        "moving_mean": mean.reshape(-1).astype(np.float32),
        "moving_variance": (deviation.reshape(-1) ** 2).astype(np.float32),
    }
    # Better conditioned than a product and a sum when the mean is much larger than the deviation.
    return emit("BatchNormalization", call.input, weights=weights, axis=-1, epsilon=0.0, center=False, scale=False)


def _statistics(call: Call) -> tuple[Any, Any]:
    """Mean and variance, shaped to be spread over the input."""
    mean, variance = call.weights.get("mean"), call.weights.get("variance")
    if mean is None or variance is None:
        mean, variance = call.config.get("mean"), call.config.get("variance")
    if mean is None or variance is None:
        raise NotExpressible("has not seen any data", "call adapt() on it, or give it mean and variance")
    rank, axis = len(call.input.shape), call.config.get("axis")
    kept = {one % rank for one in np.atleast_1d(axis)} if axis is not None else set()
    shape = [size if place in kept else 1 for place, size in enumerate(call.input.shape)]
    return tuple(_spread(np.asarray(value, np.float64), shape[1:]) for value in (mean, variance))


def _spread(value: Any, shape: list[int | None]) -> Any:
    sizes = [1 if size is None else size for size in shape]
    return value.reshape(sizes) if value.size == np.prod(sizes) else np.broadcast_to(value, sizes)
