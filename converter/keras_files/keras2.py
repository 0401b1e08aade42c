"""What Keras 2 (and tf.keras) wrote about a model, brought into the form Keras 3 writes.

Everything here is untrusted and stays so: this file only moves and renames parts of a configuration, whatever they
are; `configuration` checks the result. What looks like nothing Keras 2 wrote is left as it is, to be refused there.
The old form of calls is that of `tf_keras/src/engine/functional.py` (`get_network_config`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from converter.errors import UnsupportedLayer
from converter.keras_files.layers import LAYERS

_RENAMED_CLASSES = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "Model": "Functional",
}
_RENAMED_ARGUMENTS = {
    "LeakyReLU": {"alpha": "negative_slope"},
    "ThresholdedReLU": {"theta": "threshold"},
}
# Arguments of Keras 2 that say how to go about it, not what to answer.
_FORGOTTEN = frozenset(
    [
        *("adjustment", "causal", "fused", "implementation", "input_dtype", "input_length", "input_spec"),
        *("key_shape", "query_shape", "time_major", "value_shape", "virtual_batch_size"),
    ]
)
_RECURRENT = frozenset(["LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"])
_OWN_PACKAGES = ("keras", "tf_keras", "tensorflow")
_LAYER_ARGUMENTS = ("layer", "backward_layer", "cell", "activation", "recurrent_activation")
MAX_NESTING = 40

_Entry = dict[str, Any]


def modernised(raw: object, nesting: int = 0) -> object:
    """Bring one entry, a layer or a model with all its layers, into the form of Keras 3.

    Raises UnsupportedLayer for what Keras 3 computes in another way than Keras 2 did.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("config"), (Mapping, list)) or nesting > MAX_NESTING:
        return raw
    class_name = _RENAMED_CLASSES.get(str(raw.get("class_name")), raw.get("class_name"))
    entry: _Entry = {**raw, "class_name": class_name, "module": _module(raw)}
    if class_name in ("Sequential", "Functional"):
        entry["config"] = _model(raw["config"], class_name, nesting)
    elif isinstance(raw["config"], Mapping):
        entry["config"] = _arguments(str(class_name), raw["config"], raw.get("name"), nesting)
    if class_name == "ThresholdedReLU":
        entry["class_name"] = "ReLU"
    return entry


def _module(raw: Mapping[str, Any]) -> object:
    module = raw.get("module")
    package = str(module).partition(".")[0]
    return "keras.layers" if module is None or package in _OWN_PACKAGES else module


# ---- Arguments ------------------------------------------------------------------------------------------------


def _arguments(class_name: str, config: Mapping[str, Any], name: object, nesting: int) -> _Entry:
    renamed = _RENAMED_ARGUMENTS.get(class_name, {})
    kind = LAYERS.get("ReLU" if class_name == "ThresholdedReLU" else class_name)
    arguments: _Entry = {}
    for key, value in config.items():
        key = renamed.get(key, key)
        is_known = kind is not None and kind.parser(key) is not None
        if key in _LAYER_ARGUMENTS or key in ("layers", "cells"):
            value = _inner(value, nesting)
        if is_known or not (key in _FORGOTTEN or (key == "groups" and value == 1)):
            arguments[key] = value
    _refuse_other_meaning(class_name, config, str(config.get("name", name)))
    return {**arguments, **_defaults(class_name, arguments)}


def _inner(value: object, nesting: int) -> object:
    if isinstance(value, list):
        return [modernised(item, nesting + 1) for item in value]
    if isinstance(value, Mapping) and value.get("class_name") != "function":
        return modernised(value, nesting + 1)
    return value


def _defaults(class_name: str, arguments: Mapping[str, Any]) -> _Entry:
    """What Keras 2 meant where Keras 3 has another default or another form."""
    changed: _Entry = {}
    if class_name in ("GRU", "GRUCell"):
        changed["reset_after"] = arguments.get("reset_after", False)
    for key in ("activation", "recurrent_activation"):
        if arguments.get(key) == "hard_sigmoid":
            changed[key] = "keras2_hard_sigmoid"
    axis = arguments.get("axis")
    if class_name == "BatchNormalization" and isinstance(axis, list) and len(axis) == 1:
        changed["axis"] = axis[0]
    for key in ("negative_slope", "threshold"):
        if class_name == "ReLU" and arguments.get(key, 0.0) is None:
            changed[key] = 0.0
    return changed


def _refuse_other_meaning(class_name: str, config: Mapping[str, Any], name: str) -> None:
    """Keras 3 would take these without a word and answer something else."""
    if config.get("causal") is True:
        reason = "looks at earlier steps only (causal), which Keras 3 says where the layer is called"
        raise UnsupportedLayer(name, class_name, reason, instead="call it with use_causal_mask=True in Keras 3")
    if config.get("time_major") is True:
        raise UnsupportedLayer(
            name, class_name, "has its time axis first (time_major)", instead="put the batch axis first"
        )
    if class_name.startswith("CuDNN"):
        instead = f"use {class_name[5:]} and copy the weights"
        raise UnsupportedLayer(name, class_name, "runs on graphics cards of Nvidia only", instead=instead)


# ---- Models ---------------------------------------------------------------------------------------------------


def _model(config: object, class_name: str, nesting: int) -> object:
    if isinstance(config, list):  # how the first versions wrote a Sequential model
        config = {"name": "sequential", "layers": config}
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), list):
        return config
    layers = [modernised(layer, nesting + 1) for layer in config["layers"]]
    if class_name == "Sequential":
        return {**config, "layers": _with_input(layers)}
    offsets = {str(layer.get("name")): _first_call(layer) for layer in layers if isinstance(layer, Mapping)}
    called = [_with_calls(layer, offsets) for layer in layers]
    outputs = _renumbered(_unpacked(config.get("output_layers")), offsets, layers)
    return {**config, "layers": called, "input_layers": _unpacked(config.get("input_layers")), "output_layers": outputs}


def _unpacked(value: object) -> object:
    """One tensor alone: Keras 2 writes it as a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) else value


def _with_input(layers: list[Any]) -> list[Any]:
    """Give a Sequential model the input that Keras 2 used to note in its first layer."""
    first = layers[0] if layers and isinstance(layers[0], Mapping) else {}
    config = first.get("config")
    shape = config.get("batch_input_shape") if isinstance(config, Mapping) else None
    if first.get("class_name") == "InputLayer" or shape is None or not isinstance(config, Mapping):
        return layers
    is_lookup = first.get("class_name") == "Embedding"
    given = {
        "name": f"{config.get('name')}_input",
        "batch_shape": shape,
        "dtype": "int32" if is_lookup else "float32",
    }
    return [{"class_name": "InputLayer", "module": "keras.layers", "config": given}, *layers]


def _first_call(layer: Mapping[str, Any]) -> int:
    """By which number the first call of a layer goes: models that know their input start from 1."""
    config = layer.get("config")
    if layer.get("class_name") not in ("Sequential", "Functional") or not isinstance(config, Mapping):
        return 0
    inner = config.get("layers")
    first = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Mapping) else {}
    return 1 if first.get("class_name") == "InputLayer" else 0


def _renumbered(value: object, offsets: Mapping[str, int], layers: list[Any]) -> object:
    """Count the calls in `output_layers` as Keras 3 does: of functional models from 1, of all others from 0."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and type(value[1]) is int:
        functional = [str(layer.get("name")) for layer in layers if _is_functional(layer)]
        return [value[0], value[1] - offsets.get(value[0], 0) + (value[0] in functional), value[2]]
    if isinstance(value, list):
        return [_renumbered(item, offsets, layers) for item in value]
    if isinstance(value, Mapping):
        return {key: _renumbered(item, offsets, layers) for key, item in value.items()}
    return value


def _is_functional(layer: object) -> bool:
    return isinstance(layer, Mapping) and layer.get("class_name") == "Functional"


# ---- Calls ----------------------------------------------------------------------------------------------------


def _with_calls(layer: object, offsets: Mapping[str, int]) -> object:
    nodes = layer.get("inbound_nodes") if isinstance(layer, Mapping) else None
    if not isinstance(layer, Mapping) or not isinstance(nodes, list):
        return layer
    name, class_name = str(layer.get("name")), str(layer.get("class_name"))
    calls = [_call(name, class_name, node, offsets) for node in nodes]
    return {**layer, "inbound_nodes": calls}


def _refuse_training(name: str, class_name: str, options: Mapping[str, Any]) -> None:
    """Keras 2 went on training such a layer whoever asked; Keras 3 does not."""
    if options.get("training") is True:
        reason = 'is called with "training"=true, although the model is converted to answer, not to train'
        raise UnsupportedLayer(name, class_name, reason, instead="leave training out of the call")


def _call(name: str, class_name: str, node: object, offsets: Mapping[str, int]) -> object:
    """One call: `[[layer, call, tensor, options], ...]` becomes args and kwargs."""
    if isinstance(node, Mapping):  # the newest Keras 2 wrote dictionaries of inputs so
        return node
    if not isinstance(node, list) or not node or not all(isinstance(one, list) and len(one) in (3, 4) for one in node):
        return {"args": None}
    options = node[0][3] if len(node[0]) == 4 and isinstance(node[0][3], Mapping) else {}
    _refuse_training(name, class_name, options)
    tensors = [_tensor(one[:3], offsets) for one in node]
    kwargs = {key: _option(value, offsets) for key, value in options.items()}
    if class_name in _RECURRENT and len(tensors) > 1:
        return {"args": [tensors[0]], "kwargs": {**kwargs, "initial_state": tensors[1:]}}
    return {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": kwargs}


def _tensor(ref: list[Any], offsets: Mapping[str, int]) -> _Entry:
    layer, call, index = ref
    if type(call) is int:
        call -= offsets.get(str(layer), 0)
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [layer, call, index]}}


def _option(value: object, offsets: Mapping[str, int]) -> object:
    """A tensor among the options is `[layer, call, tensor]`."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and type(value[1]) is int:
        return _tensor(value, offsets)
    if isinstance(value, list):
        return [_option(item, offsets) for item in value]
    return value
