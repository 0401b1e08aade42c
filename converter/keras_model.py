"""A live Keras model: read as plain data, and asked for answers.

Importing this file imports Keras, which takes seconds: import it where it is needed.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from converter.errors import InputRefused, ModelNotBuilt, UnreadableArchive, UnsupportedLayer, quoted
from converter.model_graph import Call, ModelGraph, Operation, OperationPath, Tensor, tensors_in

_HALF_FLOATS = ("bfloat16", "float16")
_OTHER_FLOATS = (*_HALF_FLOATS, "float64")

_Made = dict[int, Tensor]
"""Keras' symbolic tensors, by identity, to ours."""


def keras_version() -> str:
    """Version of the installed Keras."""
    return str(keras.__version__)


def refuse_no_model(model: Any) -> None:
    """Raise InputRefused unless this is a Keras model that has its weights."""
    if not isinstance(model, keras.Model):
        raise InputRefused(f"Expected a Keras 3 model or the path of a file, received {quoted(type(model).__name__)}.")
    for layer in model._flatten_layers():  # noqa: SLF001
        if getattr(layer, "quantization_mode", None):
            raise UnsupportedLayer(
                str(layer.name), type(layer).__name__, f"is quantized to {layer.quantization_mode} by Keras",
                instead="convert the model as it was before model.quantize(), with --quantize for small files",
            )  # fmt: skip
    if not model.built or (isinstance(model, keras.Sequential) and model._functional is None):  # noqa: SLF001
        raise ModelNotBuilt(
            f"Model {quoted(model.name)} does not know its input shape yet; start it with keras.Input(shape=...) "
            "or call it once on data before converting it."
        )


def load_trusted(path: Any) -> Any:
    """Let Keras load a file, code in it included. Raises UnreadableArchive when it cannot."""
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=False)
    except Exception as error:
        reason = " ".join(str(error).split())[:300]
        raise UnreadableArchive(f"Keras cannot load {quoted(str(path))}: {reason}") from error


@contextmanager
def in_float32(model: Any) -> Iterator[None]:
    """Let layers of mixed precision compute in float32, the precision of TensorFlow.js, and as before when done."""
    layers = [layer for layer in model._flatten_layers() if _is_mixed(layer)]  # noqa: SLF001
    policies = [layer.dtype_policy for layer in layers]
    try:
        for layer in layers:
            layer.dtype_policy = "float32"
        yield
    finally:
        for layer, policy in zip(layers, policies, strict=True):
            layer.dtype_policy = policy


def has_other_weights(model: Any) -> bool:
    """Say whether any weight is kept in another precision than float32."""
    return any(layer.variable_dtype in _OTHER_FLOATS for layer in model._flatten_layers())  # noqa: SLF001


def save(model: Any, path: str) -> None:
    """Write a model as a .keras file."""
    model.save(path)


def _is_mixed(layer: Any) -> bool:
    return bool(layer.variable_dtype == "float32" and layer.compute_dtype != "float32")


def build_rest(model: Any) -> None:
    """Make the weights that only the first real call makes, such as those of an activation that is a layer."""
    if all(layer.built for layer in model._flatten_layers()):  # noqa: SLF001
        return
    with suppress(Exception), with_its_states(model):  # what cannot be called yet is refused later, with its reason
        zeros = [np.zeros([size or 1 for size in tensor.shape], tensor.dtype) for tensor in model.inputs]
        model(_packed(model, zeros), training=False)


@contextmanager
def with_its_states(model: Any) -> Iterator[None]:
    """Give recurrent layers that remember back what they remembered."""
    remembered = [(state, np.array(state)) for layer in _stateful_layers(model) for state in _states_of(layer)]
    try:
        yield
    finally:
        for state, value in remembered:
            state.assign(value)


def _stateful_layers(model: Any) -> list[Any]:
    layers = model._flatten_layers()  # noqa: SLF001
    return [layer for layer in layers if getattr(layer, "stateful", False) and hasattr(layer, "states")]


def _states_of(layer: Any) -> list[Any]:
    return [state for state in keras.tree.flatten(layer.states) if state is not None]


def answer(model: Any, inputs: Sequence[NDArray[Any]]) -> list[NDArray[np.float32]]:
    """Ask a model for its outputs, as at inference and with empty states; in the order of the converted model."""
    for layer in _stateful_layers(model):
        layer.reset_state()
    outputs = keras.tree.flatten(model(_packed(model, inputs), training=False))
    return [np.asarray(keras.ops.convert_to_numpy(output), dtype=np.float32) for output in outputs]


def _packed(model: Any, inputs: Sequence[NDArray[Any]]) -> Any:
    """Inputs in the order of the model as the list, dictionary or single tensor that the model was made for."""
    structure = getattr(model, "_inputs_struct", None)
    return inputs[0] if structure is None else keras.tree.pack_sequence_as(structure, list(inputs))


# ---- The calls ------------------------------------------------------------------------------------------------


def read_graph(model: Any) -> ModelGraph:
    """Read a Sequential or functional model. Raises UnsupportedLayer for a model that does more than call layers."""
    return _GraphReader().read_model(model, (), None)


class _GraphReader:
    """Reads each layer once, however often it is called."""

    def __init__(self) -> None:
        self._operations: dict[int, Operation] = {}
        self._calls: list[Call] = []

    def read_model(self, model: Any, path: OperationPath, given: Sequence[Tensor] | None) -> ModelGraph:
        """Read all calls inside a model, on tensors given by the model around it or on inputs of its own."""
        functional = _functional_of(model, path)
        inputs = tuple(given) if given is not None else tuple(map(_new_tensor, functional.inputs))
        made: _Made = {id(theirs): ours for theirs, ours in zip(functional.inputs, inputs, strict=True)}
        for node in _nodes_in_order(functional):
            if not node.is_input:
                self._read_call(node, path, made)
        outputs = tuple(made[id(tensor)] for tensor in functional.outputs)
        return ModelGraph(
            name=str(model.name),
            calls=tuple(self._calls),
            inputs=inputs,
            outputs=outputs,
            input_names=tuple(_layer_of(tensor) for tensor in functional.inputs),
            output_names=tuple(_layer_of(tensor) for tensor in functional.outputs),
        )

    def _read_call(self, node: Any, path: OperationPath, made: _Made) -> None:
        arguments = _arguments_of(node, made)
        here = (*path, str(node.operation.name))
        if _is_plain_model(node.operation):
            outputs = self._inline(node.operation, here, arguments)
        else:
            outputs = tuple(_made_in_float32(node.operation, tensor, arguments) for tensor in node.outputs)
            self._calls.append(Call(self._operation(node.operation, here), arguments, outputs))
        made.update({id(theirs): ours for theirs, ours in zip(node.outputs, outputs, strict=True)})

    def _inline(self, model: Any, path: OperationPath, arguments: Mapping[str, Any]) -> tuple[Tensor, ...]:
        call = Call(Operation(path, type(model).__name__), arguments, ())
        if "mask" in call.extras:
            raise _refused(call.operation, "is a model inside the model that is handed a mask")
        given = _given(model, next(iter(arguments.values()), None))
        if len(given) != len(model.inputs) or not all(map(_fits, given, model.inputs)):
            raise _refused(call.operation, "is a model inside the model, called with other inputs than it was made for")
        return self.read_model(model, path, given).outputs

    def _operation(self, operation: Any, path: OperationPath) -> Operation:
        if id(operation) not in self._operations:
            self._operations[id(operation)] = read_operation(operation, path)
        return self._operations[id(operation)]


def _given(model: Any, value: Any) -> list[Any]:
    """What a model is called with in the order of its inputs, as Keras takes it: a dictionary may go by names."""
    structure = getattr(model, "_inputs_struct", None)
    names = [str(tensor.name) for tensor in model.inputs]
    if isinstance(value, Mapping) and not isinstance(structure, Mapping) and set(names) <= set(value):
        return [value[name] for name in names]
    return list(keras.tree.flatten(value))


def _fits(given: Any, own: Any) -> bool:
    """Keras casts what it is given, and adds or drops a last axis of one; nothing in a flat model would do that."""
    is_same_kind = isinstance(given, Tensor) and _kind(given.dtype) == _kind(str(own.dtype))
    return is_same_kind and len(given.shape) == len(own.shape)


def _kind(dtype: str) -> str:
    return dtype.rstrip("0123456789").removeprefix("u").removeprefix("b" if dtype.startswith("bfloat") else "")


def _functional_of(model: Any, path: OperationPath) -> Any:
    if _is_plain_model(model):
        functional = getattr(model, "_functional", model)  # a Sequential model keeps its calls there
        if functional is not None:
            return functional
    own = Operation(path or (str(model.name),), _class_name(model))
    raise _refused(own, "has code of its own instead of being a Sequential or functional model")


def _refused(operation: Operation, reason: str) -> UnsupportedLayer:
    return UnsupportedLayer(operation.name, operation.class_name, reason, instead="call its layers directly")


def _is_plain_model(operation: Any) -> bool:
    """A model that does nothing but call its layers; a class derived from it may do anything."""
    is_plain = isinstance(operation, keras.Sequential) or (
        isinstance(operation, keras.Model) and hasattr(operation, "_nodes_by_depth")
    )
    return is_plain and not _methods_of_others(operation.__class__) & {"call", "__call__"}


@lru_cache
def _methods_of_others(kind: Any) -> frozenset[str]:
    others = (base for base in kind.__mro__ if base.__module__.partition(".")[0] not in ("keras", "builtins"))
    return frozenset(name for base in others for name in vars(base))


def _nodes_in_order(functional: Any) -> Iterator[Any]:
    depths = functional._nodes_by_depth  # noqa: SLF001 - the only list of a model's calls
    for depth in sorted(depths, reverse=True):
        yield from depths[depth]


def _layer_of(tensor: Any) -> str:
    return str(tensor._keras_history.operation.name)  # noqa: SLF001 - which layer made it


def _new_tensor(tensor: Any) -> Tensor:
    return Tensor(tuple(tensor.shape), str(tensor.dtype))


def _made_in_float32(operation: Any, tensor: Any, arguments: Mapping[str, Any]) -> Tensor:
    """What a call makes once all layers compute in float32; functions answer in the dtype of what they take."""
    made, taken = _new_tensor(tensor), {one.dtype for one in tensors_in(arguments)}
    is_half = made.dtype in _HALF_FLOATS and (isinstance(operation, keras.Layer) or not taken & set(_HALF_FLOATS))
    return Tensor(made.shape, "float32") if is_half else made


def _arguments_of(node: Any, made: _Made) -> dict[str, Any]:
    """The arguments of a call by name, Keras' tensors replaced by ours."""
    arguments, options = node.arguments.convert(
        lambda value: made[id(value)] if isinstance(value, keras.KerasTensor) else value
    )
    try:
        bound = _signature(node.operation.__class__).bind(None, *arguments, **options)
    except TypeError:
        return {**{f"argument {number}": value for number, value in enumerate(arguments)}, **options}
    named = dict(list(bound.arguments.items())[1:])
    return {**named, **named.pop("kwargs", {})}


@lru_cache
def _signature(kind: Any) -> inspect.Signature:
    return inspect.signature(kind.call)


# ---- One layer ------------------------------------------------------------------------------------------------

_WRAPPED = ("activation", "backward_layer", "cell", "cells", "forward_layer", "layer")
"""Attributes that hold the layers a layer is made of."""

_WRAPPED_BY = {"Pipeline": ("layers",)}


def read_operation(operation: Any, path: OperationPath) -> Operation:
    """Read one layer or function: its class, arguments, weights and what it wraps."""
    class_name = _class_name(operation)
    if ">" in class_name:
        return Operation(path, class_name)
    try:
        config = _config_of(operation)
    # Keras raises the second of a layer whose arguments it cannot write down; the others come from layers inside it.
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        raise _refused(Operation(path, class_name), "cannot say what it is made of") from error
    is_model = _is_plain_model(operation)
    return Operation(
        path,
        class_name,
        config,
        _changed(operation.__class__, config),
        dict(_wrapped(operation, path)),
        _GraphReader().read_model(operation, path, None) if is_model else None,
        {} if is_model else _weights_of(operation),
    )


def _class_name(operation: Any) -> str:
    kind = type(operation)
    package = str(kind.__module__)
    if package.partition(".")[0] != "keras":
        registered = str(keras.saving.get_registered_name(kind))
        return registered if ">" in registered else f"{package}>{kind.__name__}"
    return kind.__name__ if isinstance(operation, keras.Layer) else f"ops.{kind.__name__}"


def _config_of(operation: Any) -> dict[str, Any]:
    if isinstance(operation, keras.Layer):
        functions = {name: _activation(getattr(operation, name, None)) for name in _ACTIVATIONS}
        return {**operation.get_config(), **{name: text for name, text in functions.items() if text}}
    return {name: value for name, value in vars(operation).items() if not name.startswith("_") and name != "name"}


_ACTIVATIONS = ("activation", "recurrent_activation")


def _activation(function: Any) -> str:
    """What to call an activation that is another function than Keras' own of that name; nothing for Keras' own."""
    name = getattr(function, "__name__", "")
    if not callable(function) or isinstance(function, keras.Layer) or getattr(keras.activations, name, 0) is function:
        return ""
    package = str(getattr(function, "__module__", "")).partition(".")[0]
    if package == "converter":  # an older formula that a file asked for
        return str(name)
    if package in ("keras", "tensorflow") and function is not keras.ops.gelu:  # which has another default
        return ""
    return f"{name or type(function).__name__} of {'keras.ops' if package == 'keras' else 'your own'}"


def _changed(kind: Any, config: Mapping[str, Any]) -> frozenset[str]:
    defaults = _defaults(kind)
    return frozenset(
        name for name, value in config.items() if name not in defaults or not _is_same(value, defaults[name])
    )


def _is_same(value: object, default: object) -> bool:
    if isinstance(default, (list, tuple)) and isinstance(value, (list, tuple)):
        return list(value) == list(default)
    if isinstance(value, np.ndarray):
        return False
    if isinstance(default, int) and isinstance(value, (list, tuple)):  # strides=1 is written as (1, 1)
        return all(item == default for item in value)
    return bool(value == default)


@lru_cache
def _defaults(kind: Any) -> dict[str, Any]:
    parameters = inspect.signature(kind).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not inspect.Parameter.empty}


def _wrapped(operation: Any, path: OperationPath) -> Iterable[tuple[str, Operation]]:
    for attribute in (*_WRAPPED, *_WRAPPED_BY.get(type(operation).__name__, ())):
        value = getattr(operation, attribute, None)
        several = value if isinstance(value, (list, tuple)) else [value]
        for number, layer in enumerate(several):
            if isinstance(layer, keras.Layer):
                key = f"{attribute}_{number}" if value is several else attribute
                yield key, read_operation(layer, (*path, str(layer.name)))


def _weights_of(operation: Any) -> dict[str, NDArray[np.generic]]:
    """Arrays by Keras' names; those of LoRA are merged into the kernel they belong to."""
    if isinstance(operation, keras.layers.Normalization):  # what it adapted to, ready to be spread over its input
        statistics = {"mean": operation.mean, "variance": operation.variance}
        return {name: keras.ops.convert_to_numpy(value) for name, value in statistics.items() if value is not None}
    variables: dict[str, Any] = {}
    for variable in getattr(operation, "weights", ()):  # its own come before those of layers inside it
        variables.setdefault(str(variable.name), variable)
    if any(name.startswith("lora_") for name in variables):
        merged = {name: getattr(operation, name, variable) for name, variable in variables.items()}
        variables = {name: value for name, value in merged.items() if not name.startswith("lora_")}
    return {name: keras.ops.convert_to_numpy(variable) for name, variable in variables.items() if variable is not None}
