"""The calls in a configuration: which tensors, constants and options a layer or function is called with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from converter.errors import InvalidConfiguration, UnsupportedLayer, quoted
from converter.keras_files import arguments as parsers
from converter.keras_files.arguments import Argument
from converter.keras_files.checked_model import CheckedCall, CheckedLayer, TensorRef, refs_in
from converter.keras_files.operations import OperationKind

SAVE_AGAIN = "save the model again with Keras 3"
"""What to do about a configuration that Keras did not write like this."""

_MAX_NESTING = 6
_MAX_ITEMS = 10_000
_INPUTS = frozenset(["inputs", "sequence", "sequences"])


# ---- References -----------------------------------------------------------------------------------------------


def parse_structure(value: object, model: str, nesting: int = 0) -> object:
    """Check `input_layers` or `output_layers`: one reference, or lists or dictionaries of them."""
    if nesting > _MAX_NESTING:
        raise _malformed_ref(model, value)
    if isinstance(value, Mapping):
        return {str(key): parse_structure(item, model, nesting + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and value and not isinstance(value[0], str):
        return [parse_structure(item, model, nesting + 1) for item in value]
    return _parse_ref(value, model)


def _parse_ref(value: object, where: str) -> TensorRef:
    if isinstance(value, (list, tuple)) and len(value) == 3:
        layer, call, index = value
        if isinstance(layer, str) and parsers.is_whole(call, 0, _MAX_ITEMS) and parsers.is_whole(index, 0, _MAX_ITEMS):
            return TensorRef(layer, call, index)
    raise _malformed_ref(where, value)


def _malformed_ref(where: str, value: object) -> InvalidConfiguration:
    return InvalidConfiguration.of_argument(where, "tensor", "[layer name, call number, tensor number]", value)


# ---- Calls of layers ------------------------------------------------------------------------------------------


def parse_layer_call(layer: CheckedLayer, node: object, options: frozenset[str]) -> CheckedCall:
    """Check one call of a layer or model: tensors, and the options this kind of layer knows."""
    arguments, given = _parts(layer, node)
    allowed = options | _INPUTS
    kept = {}
    for name, value in given.items():
        # Whatever was written about training, a model that is asked for its answer is not training.
        if name != "training" and not _is_nothing(value):
            if name not in allowed:
                reason = f"is called with {quoted(name)}, which is not known"
                raise UnsupportedLayer(layer.name, layer.class_name, reason, instead=f"leave {quoted(name)} out")
            kept[name] = _tensors(value, layer)
    call = CheckedCall(tuple(_tensors(value, layer) for value in arguments), kept)
    return _with_tensors(layer, call)


def _is_nothing(value: object) -> bool:
    """None, or a list of nothing: a model with several inputs is called with a mask of as many None."""
    return value is None or (isinstance(value, (list, tuple)) and all(map(_is_nothing, value)))


def _tensors(value: object, layer: CheckedLayer) -> object:
    parsed = _parse_value(value, layer.name, 0)
    _refuse_constants(parsed, layer)
    return parsed


def _refuse_constants(value: object, layer: CheckedLayer) -> None:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _refuse_constants(item, layer)
    elif value is not None and not isinstance(value, (TensorRef, bool)):
        raise InvalidConfiguration.of_argument(layer.name, "args", "tensors only", value)


def _with_tensors(layer: CheckedLayer, call: CheckedCall) -> CheckedCall:
    if next(call.refs(), None) is None:
        raise InvalidConfiguration(
            f"Layer {quoted(layer.name)} is not connected to the model: it is called without a tensor; {SAVE_AGAIN}."
        )
    return call


def _parts(layer: CheckedLayer, node: object) -> tuple[list[object], Mapping[str, object]]:
    arguments = node.get("args") if isinstance(node, Mapping) else None
    options = node.get("kwargs", {}) if isinstance(node, Mapping) else None
    if not isinstance(arguments, (list, tuple)) or not isinstance(options, Mapping):
        raise InvalidConfiguration.of_argument(layer.name, "inbound_nodes", "a call with args and kwargs", node)
    return list(arguments), options


# ---- Calls of functions ---------------------------------------------------------------------------------------


def parse_operation_call(layer: CheckedLayer, node: object, kind: OperationKind) -> CheckedCall:
    """Check one call of a function: each argument a tensor, a list of tensors, or a constant, by its name."""
    arguments, options = _parts(layer, node)
    if kind.tensors[0].endswith("*"):
        operands = [_operand(layer, "operands", value) for value in arguments]
        return _with_tensors(layer, _without_options(layer, CheckedCall(tuple(operands)), options))
    if len(arguments) > len(kind.tensors):
        raise InvalidConfiguration.of_argument(
            layer.name, "args", f"at most {len(kind.tensors)} values", f"{len(arguments)} values"
        )
    named = {**dict(zip(kind.tensors, arguments, strict=False)), **options}
    parsed = {name: _by_name(layer, kind, name, value) for name, value in named.items()}
    return _with_tensors(layer, CheckedCall((), parsed))


def _by_name(layer: CheckedLayer, kind: OperationKind, name: str, value: object) -> object:
    if name in kind.tensors:
        return _operand(layer, name, value)
    parser = kind.takes.get(name)
    if parser is None:
        raise InvalidConfiguration.of_argument(layer.name, name, "one of " + ", ".join(kind.tensors), name)
    return parser(value, Argument(layer.name, layer.class_name, name, lambda _: None))


def _without_options(layer: CheckedLayer, call: CheckedCall, options: Mapping[str, object]) -> CheckedCall:
    if options:
        raise InvalidConfiguration.of_argument(layer.name, "kwargs", "empty", dict(options))
    return call


def _operand(layer: CheckedLayer, name: str, value: object) -> object:
    parsed = _parse_value(value, layer.name, 0)
    if name == "key":
        return _as_key(layer, parsed)
    if next(refs_in(parsed), None) is None:
        return _constant(layer, name, parsed)
    if isinstance(parsed, TensorRef):
        return parsed
    if isinstance(parsed, list) and all(isinstance(item, TensorRef) for item in parsed):
        return parsed
    raise InvalidConfiguration.of_argument(layer.name, name, "a tensor, a list of tensors, or a constant", value)


def _constant(layer: CheckedLayer, name: str, value: object) -> object:
    if value is None or isinstance(value, np.ndarray):
        return value
    return parsers.numbers(value, Argument(layer.name, layer.class_name, name, lambda _: None))


def _as_key(layer: CheckedLayer, value: object) -> object:
    """What stands in the brackets of `x[...]`: whole numbers, ranges, `...` and None."""
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        is_known = (
            part is None or part is Ellipsis or isinstance(part, slice) or parsers.is_whole(part, -(10**9), 10**9)
        )
        if not is_known:
            raise InvalidConfiguration.of_argument(layer.name, "key", "whole numbers and ranges", part)
    return tuple(parts) if isinstance(value, list) else value


# ---- Values ---------------------------------------------------------------------------------------------------


def _parse_value(value: object, layer: str, nesting: int) -> object:
    """Check a value in a call; Keras writes tensors, arrays and ranges as objects with a `class_name`."""
    if nesting > _MAX_NESTING or (isinstance(value, (list, tuple, Mapping)) and len(value) > _MAX_ITEMS):
        raise InvalidConfiguration.of_argument(layer, "args", "plainer values", value)
    if isinstance(value, Mapping):
        if "class_name" in value:
            return _parse_object(value, layer)
        return {str(key): _parse_value(item, layer, nesting + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_parse_value(item, layer, nesting + 1) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise InvalidConfiguration.of_argument(layer, "args", "tensors or numbers", value)


def _parse_object(value: Mapping[str, object], layer: str) -> object:
    class_name, config = value.get("class_name"), value.get("config")
    if class_name == "__ellipsis__":
        return Ellipsis
    if isinstance(config, Mapping):
        if class_name == "__keras_tensor__":
            return _parse_ref(config.get("keras_history"), layer)
        if class_name == "__slice__":
            return _parse_slice(config, layer)
        if class_name in ("__numpy__", "__tensor__"):
            return _parse_array(config, layer)
        if class_name == "__tuple__":
            return _parse_value(config.get("value"), layer, 1)
    raise InvalidConfiguration.of_argument(layer, "args", "tensors or numbers", class_name)


def _parse_slice(config: Mapping[str, object], layer: str) -> slice:
    bounds = [config.get(name) for name in ("start", "stop", "step")]
    if not all(bound is None or parsers.is_whole(bound, -(10**9), 10**9) for bound in bounds):
        raise InvalidConfiguration.of_argument(layer, "key", "whole numbers", bounds)
    return slice(*bounds)


def _parse_array(config: Mapping[str, object], layer: str) -> object:
    argument = Argument(layer, "array", "value", lambda _: None)
    values = parsers.numbers(config.get("value"), argument)
    dtype = parsers.dtype(config.get("dtype"), argument) or "float32"
    try:
        return np.asarray(values).astype(str(dtype))
    except (ValueError, OverflowError) as error:
        raise argument.refused("an array of numbers", config.get("value")) from error
