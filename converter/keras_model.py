"""The only file that speaks Keras: read a live model, rebuild a checked one, ask it for answers.

Importing this file imports Keras, which takes seconds: import it where it is needed. A model is rebuilt from checked
values with plain constructors; no configuration is handed to Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from converter.errors import UnsupportedLayer, WeightMismatch
from converter.layer_rules import SUPPORTED
from converter.model_config import (
    LayerConfig,
    LayerPath,
    ModelConfig,
    TensorRef,
    WeightSpec,
    calls_in_order,
    input_shapes,
)


def keras_version() -> str:
    """Version of the installed Keras."""
    return str(keras.__version__)


def describe_model(model: Any) -> dict[str, object]:
    """Get the raw configuration of a live model, in the form a .keras file has it.

    Raises UnsupportedLayer for anything but a plain Sequential or functional model.
    """
    class_name = type(model).__name__
    is_keras_class = type(model).__module__.partition(".")[0] == "keras"
    if not is_keras_class or class_name not in ("Sequential", "Functional"):
        name = str(getattr(model, "name", "model"))
        reason = "is not a plain keras.Sequential or functional keras.Model"
        raise UnsupportedLayer(name, class_name, reason, SUPPORTED)
    return {"class_name": class_name, "config": model.get_config()}


def read_weight(model: Any, spec: WeightSpec) -> NDArray[np.generic]:
    """Read one weight of a live model."""
    layer = _find_layer(model, spec.path)
    variable = getattr(layer, spec.name, None)
    if variable is None:
        raise WeightMismatch(f"Layer {spec.path[-1]!r} has no {spec.name} yet; call the model once on data.")
    array: NDArray[np.generic] = np.asarray(variable.numpy())
    return array


def _find_layer(model: Any, path: LayerPath) -> Any:
    for name in path:
        model = model.get_layer(name)
    return model


def answer(model: Any, inputs: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Ask a model for its outputs, as at inference; inputs and outputs in the order of the converted model."""
    structure = getattr(model, "_inputs_struct", None)
    packed = inputs[0] if structure is None else keras.tree.pack_sequence_as(structure, list(inputs))
    outputs = keras.tree.flatten(model(packed, training=False))
    return [np.asarray(keras.ops.convert_to_numpy(output), dtype=np.float32) for output in outputs]


# ---- Rebuilding -----------------------------------------------------------------------------------------------


def _build_dense(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.Dense(
        arguments["units"], activation=arguments["activation"], use_bias=arguments["use_bias"], dtype="float32"
    )


def _build_activation(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.Activation(arguments["activation"], dtype="float32")


def _build_dropout(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.Dropout(arguments["rate"], dtype="float32")


def _build_normalization(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.BatchNormalization(
        axis=arguments["axis"],
        momentum=arguments["momentum"],
        epsilon=arguments["epsilon"],
        center=arguments["center"],
        scale=arguments["scale"],
        dtype="float32",
    )


def _build_convolution(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.Conv2D(
        arguments["filters"],
        arguments["kernel_size"],
        strides=arguments["strides"],
        padding=arguments["padding"],
        data_format="channels_last",
        dilation_rate=arguments["dilation_rate"],
        activation=arguments["activation"],
        use_bias=arguments["use_bias"],
        dtype="float32",
    )


def _build_max_pooling(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.MaxPooling2D(**_window(arguments))


def _build_average_pooling(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.AveragePooling2D(**_window(arguments))


def _window(arguments: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {name: arguments[name] for name in ("pool_size", "strides", "padding")}
    return {**chosen, "data_format": "channels_last", "dtype": "float32"}


def _build_global_average(arguments: Mapping[str, Any]) -> Any:
    return keras.layers.GlobalAveragePooling2D(
        data_format="channels_last", keepdims=arguments["keepdims"], dtype="float32"
    )


def _build_flatten(_arguments: Mapping[str, Any]) -> Any:
    return keras.layers.Flatten(data_format="channels_last", dtype="float32")


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "Activation": _build_activation,
    "AveragePooling2D": _build_average_pooling,
    "BatchNormalization": _build_normalization,
    "Conv2D": _build_convolution,
    "Dense": _build_dense,
    "Dropout": _build_dropout,
    "Flatten": _build_flatten,
    "GlobalAveragePooling2D": _build_global_average,
    "MaxPooling2D": _build_max_pooling,
}


def rebuild_model(config: ModelConfig, arrays: Mapping[WeightSpec, NDArray[np.generic]]) -> Any:
    """Build a flat Keras model from a checked configuration and set its weights."""
    layers: dict[LayerPath, Any] = {}
    inputs = [keras.Input(batch_shape=shape, dtype="float32") for shape in input_shapes(config)]
    outputs = _replay(config, (), inputs, layers)
    for spec, array in arrays.items():
        getattr(layers[spec.path], spec.name).assign(array)
    return keras.Model(inputs, outputs)


def _replay(config: ModelConfig, path: LayerPath, inputs: Sequence[Any], layers: dict[LayerPath, Any]) -> list[Any]:
    """Make the calls of a (nested) model on Keras tensors, making each layer once."""
    made: dict[TensorRef, Any] = dict(zip(config.inputs, inputs, strict=True))
    for layer, call in calls_in_order(config):
        taken = [made[ref] for ref in layer.calls[call]]
        here = (*path, layer.name)
        results = _replay(layer.inner, here, taken, layers) if layer.inner else [_call(layer, here, taken, layers)]
        made.update({TensorRef(layer.name, call, index): tensor for index, tensor in enumerate(results)})
    return [made[ref] for ref in config.outputs]


def _call(layer: LayerConfig, path: LayerPath, taken: Sequence[Any], layers: dict[LayerPath, Any]) -> Any:
    if path not in layers:
        layers[path] = _BUILDERS[layer.class_name](layer.arguments)
    return layers[path](taken[0])
