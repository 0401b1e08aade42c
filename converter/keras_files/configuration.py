"""The configuration Keras 3 writes about a model, untrusted, to a CheckedModel.

Only what stands in our tables passes: classes, their arguments, functions, plain calls. Nothing in the configuration
is imported, looked up or called. The format is that of `keras.Model.get_config`, `config.json` of a .keras file; what
Keras 2 wrote is brought into that form by `keras2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from converter.errors import InvalidConfiguration, ModelNotBuilt, UnsupportedLayer, quoted
from converter.keras_files import arguments as parsers
from converter.keras_files.arguments import Argument
from converter.keras_files.call_order import call_order, refuse_too_many_calls
from converter.keras_files.calls import SAVE_AGAIN, parse_layer_call, parse_operation_call, parse_structure
from converter.keras_files.checked_model import CheckedCall, CheckedLayer, CheckedModel, TensorRef, refs_in
from converter.keras_files.layers import ALIASES, INSTEAD, LAYERS, REFUSED
from converter.keras_files.operations import OPERATIONS

MAX_DEPTH = 16
MAX_LAYERS = 5_000
MAX_NAME_LENGTH = 200

MODELS = ("Sequential", "Functional")

_ENDINGS = ("_initializer", "_regularizer", "_constraint")
_IGNORED = frozenset(
    ["name", "trainable", "seed", "activity_regularizer", "autocast", "batch_input_shape", "batch_size"]
)
_SAVE_LIVE = "use layers of Keras itself, or convert the model where its code is: converter.convert(model, ...)"


def parse_configuration(raw: object) -> CheckedModel:
    """Check the configuration of a Sequential or functional model, nested models included.

    Raises UnsupportedLayer, InvalidConfiguration or ModelNotBuilt.
    """
    model = _parse_layer(raw, 0).inner
    if model is None:
        entry = raw if isinstance(raw, Mapping) else {}
        raise UnsupportedLayer("model", str(entry.get("class_name")), "is a layer, not a model", instead=SAVE_AGAIN)
    refuse_too_many_calls(model)
    if not refs_in_inputs(model):
        raise ModelNotBuilt(
            f"Model {quoted(model.name)} does not know its input shape yet; start it with keras.Input(shape=...) "
            "or call it once on data before saving it."
        )
    return model


def refs_in_inputs(model: CheckedModel) -> bool:
    """Say whether a model knows its inputs."""
    return next(refs_in(model.inputs), None) is not None


# ---- Models ---------------------------------------------------------------------------------------------------


def _parse_model(name: str, class_name: str, config: Mapping[str, object], depth: int) -> CheckedModel:
    if depth > MAX_DEPTH:
        raise InvalidConfiguration(f"Models are nested deeper than {MAX_DEPTH}; flatten the model.")
    if class_name == "Sequential":
        return _parse_sequential(name, config, depth)
    return _parse_functional(name, config, depth)


def _parse_sequential(name: str, config: Mapping[str, object], depth: int) -> CheckedModel:
    layers = [_parse_layer(entry, depth + 1) for entry in _entries(config)]
    if config.get("build_input_shape") is not None and (not layers or layers[0].class_name != "InputLayer"):
        layers.insert(0, _implied_input(name, config["build_input_shape"], layers))
    _refuse_repeated_names(layers)
    _refuse_operations(layers)
    inputs = TensorRef(layers[0].name, 0, 0) if layers and layers[0].class_name == "InputLayer" else None
    return CheckedModel(name, "Sequential", tuple(layers), inputs)


def _implied_input(name: str, shape: object, layers: Sequence[CheckedLayer]) -> CheckedLayer:
    """The input of a Sequential model that was built by its first data instead of by an InputLayer."""
    argument = Argument(name, "Sequential", "build_input_shape", _no_layer)
    taken = {layer.name for layer in layers}
    input_name = "input"
    while input_name in taken:
        input_name += "_"
    return CheckedLayer(input_name, "InputLayer", {"batch_shape": parsers.batch_shape(shape, argument)})


def _refuse_operations(layers: Sequence[CheckedLayer]) -> None:
    for number, layer in enumerate(layers):
        if layer.is_operation or (number and layer.class_name == "InputLayer"):
            raise InvalidConfiguration.of_argument(layer.name, "class_name", "a layer", layer.class_name)


def _parse_functional(name: str, config: Mapping[str, object], depth: int) -> CheckedModel:
    entries = _entries(config)
    layers = [_parse_layer(entry, depth + 1) for entry in entries]
    _refuse_repeated_names(layers)
    called = [_with_calls(layer, entry) for layer, entry in zip(layers, entries, strict=True)]
    inputs = parse_structure(config.get("input_layers"), name)
    functional = {layer.name for layer in layers if layer.class_name == "Functional"}
    outputs = _as_called(parse_structure(config.get("output_layers"), name), functional)
    model = CheckedModel(name, "Functional", tuple(called), inputs, outputs)
    return replace(model, order=call_order(model))


def _as_called(value: object, functional: set[str]) -> object:
    """Undo that Keras counts calls of a functional layer from 1 in output_layers, but from 0 in inbound_nodes."""
    if isinstance(value, TensorRef):
        return replace(value, call=value.call - 1) if value.layer in functional else value
    if isinstance(value, Mapping):
        return {key: _as_called(item, functional) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_called(item, functional) for item in value]
    return value


def _with_calls(layer: CheckedLayer, entry: Mapping[str, object]) -> CheckedLayer:
    nodes = entry.get("inbound_nodes", [])
    if not isinstance(nodes, (list, tuple)):
        raise InvalidConfiguration.of_argument(layer.name, "inbound_nodes", "a list of calls", nodes)
    if layer.class_name == "InputLayer":
        calls: tuple[CheckedCall, ...] = (CheckedCall(),)
    elif layer.is_operation:
        kind = OPERATIONS[layer.class_name]
        calls = tuple(parse_operation_call(layer, node, kind) for node in nodes)
    else:
        kind_of_layer = LAYERS.get(layer.class_name)
        options = kind_of_layer.options if kind_of_layer else frozenset(["mask"])
        calls = tuple(parse_layer_call(layer, node, options) for node in nodes)
    if not calls:
        raise InvalidConfiguration(
            f"Layer {quoted(layer.name)} is not connected to the model: nothing calls it; {SAVE_AGAIN}."
        )
    return replace(layer, calls=calls)


def _refuse_repeated_names(layers: Sequence[CheckedLayer]) -> None:
    seen: set[str] = set()
    for layer in layers:
        if layer.name in seen:
            raise InvalidConfiguration(f"Two layers are called {quoted(layer.name)}; give each its own name.")
        seen.add(layer.name)


def _entries(config: Mapping[str, object]) -> list[Mapping[str, object]]:
    entries = config.get("layers")
    if not isinstance(entries, (list, tuple)):
        raise InvalidConfiguration(
            f'Expected a list of "layers" in the model, received {quoted(entries)}; {SAVE_AGAIN}.'
        )
    if len(entries) > MAX_LAYERS:
        raise InvalidConfiguration(f"The model has {len(entries)} layers, but at most {MAX_LAYERS} can be converted.")
    return [_mapping(entry, "a layer") for entry in entries]


# ---- Layers ---------------------------------------------------------------------------------------------------


def _parse_layer(raw: object, depth: int) -> CheckedLayer:
    """Check one layer, function or model; its calls are checked by who lists it."""
    entry = _mapping(raw, "a layer")
    config = _mapping(entry.get("config"), "the config of a layer")
    is_model = depth == 0
    name = _name(entry.get("name", config.get("name", "model" if is_model else None)))
    class_name = _own_class(entry, name)
    layer = CheckedLayer(name, class_name, is_trainable=config.get("trainable") is not False, shared=_shared(entry))
    if class_name in MODELS:
        return replace(layer, inner=_parse_model(name, class_name, config, depth))
    if depth > 2 * MAX_DEPTH:
        raise InvalidConfiguration(f"Layers are nested deeper than {2 * MAX_DEPTH}; flatten the model.")
    if class_name == "InputLayer":
        return replace(layer, arguments=_input_arguments(name, config))
    if _is_operation(entry, config, class_name):
        return replace(layer, arguments=_operation_arguments(name, class_name, config), is_operation=True)
    return replace(layer, arguments=_layer_arguments(name, class_name, config, depth))


def _shared(entry: Mapping[str, object]) -> int | None:
    shared = entry.get("shared_object_id")
    return shared if type(shared) is int else None


def _own_class(entry: Mapping[str, object], layer: str) -> str:
    """The class name of an entry, if it is one of Keras' own and not a custom class of the same name."""
    class_name = entry.get("class_name")
    if not isinstance(class_name, str):
        raise InvalidConfiguration.of_argument(layer, "class_name", "a text", class_name)
    module = entry.get("module") or "keras"
    registered = entry.get("registered_name")
    is_own = isinstance(module, str) and module.partition(".")[0] == "keras"
    if not is_own or registered not in (None, class_name):
        shown = registered if isinstance(registered, str) else class_name
        raise UnsupportedLayer(
            layer, shown, "is a custom class, whose code is not in the file and would not be run", instead=_SAVE_LIVE
        )
    return "Functional" if class_name == "Model" else ALIASES.get(class_name, class_name)


def _is_operation(entry: Mapping[str, object], config: Mapping[str, object], class_name: str) -> bool:
    """Keras' functions and layers share names; their modules, or what is written about them, tell them apart."""
    module = entry.get("module")
    if isinstance(module, str):
        return module.startswith(("keras.src.ops", "keras.ops"))
    return "trainable" not in config and class_name in OPERATIONS


def _input_arguments(name: str, config: Mapping[str, object]) -> dict[str, object]:
    def argument(key: str) -> Argument:
        return Argument(name, "InputLayer", key, _no_layer)

    for key in ("sparse", "ragged"):
        parsers.nothing(config.get(key), argument(key))
    key = "batch_shape" if "batch_shape" in config else "batch_input_shape"
    dtype = config.get("dtype")
    if dtype == "string":
        raise argument("dtype").unsupported("takes texts, which cannot be converted", "feed the model with numbers")
    return {
        "batch_shape": parsers.batch_shape(config.get(key), argument(key)),
        "dtype": parsers.dtype(dtype, argument("dtype")) or "float32",
        "optional": parsers.flag(config.get("optional", False), argument("optional")),
    }


def _no_layer(value: object) -> object:
    raise InvalidConfiguration(f"A layer cannot stand here: {quoted(value)}; {SAVE_AGAIN}.")


def _layer_arguments(name: str, class_name: str, config: Mapping[str, object], depth: int) -> dict[str, object]:
    if class_name in REFUSED:
        raise UnsupportedLayer(name, class_name, REFUSED[class_name], instead=INSTEAD.get(class_name, ""))
    kind = LAYERS.get(class_name)
    if kind is None:
        raise UnsupportedLayer(name, class_name, "is not a layer this converter knows", instead=_SAVE_LIVE)
    missing = kind.needs.keys() - config.keys()
    if missing:
        raise InvalidConfiguration(
            f"Layer {quoted(name)} (class {quoted(class_name)}) lacks the argument {quoted(min(missing))}; "
            f"{SAVE_AGAIN}."
        )
    read_layer = partial(_read_inner_layer, depth=depth + 1)
    parsed: dict[str, object] = {}
    for key, value in config.items():
        argument = Argument(name, class_name, key, read_layer)
        if key == "dtype":
            parsed[key] = parsers.dtype(value, argument)
        elif key not in _IGNORED and not key.endswith(_ENDINGS):
            parser = kind.parser(key)
            if parser is None:
                raise _unknown(name, key, kind.needs.keys() | kind.takes.keys())
            if parser is not parsers.ignored:
                parsed[key] = parser(value, argument)
    return parsed


def _read_inner_layer(value: object, depth: int) -> object:
    layer = _parse_layer(value, depth)
    if layer.is_operation or layer.class_name == "InputLayer":
        raise InvalidConfiguration.of_argument(layer.name, "class_name", "a layer", layer.class_name)
    if layer.inner is not None:
        refuse_too_many_calls(layer.inner)
    return layer


def _operation_arguments(name: str, class_name: str, config: Mapping[str, object]) -> dict[str, object]:
    kind = OPERATIONS.get(class_name)
    if kind is None:
        raise UnsupportedLayer(
            name, class_name, "is a function this converter does not know", instead="use a layer of Keras instead"
        )
    parsed = {}
    for key, value in config.items():
        if key not in ("name", "dtype") or key in kind.takes:
            parser = kind.takes.get(key)
            if parser is None:
                raise _unknown(name, key, kind.takes.keys())
            parsed[key] = parser(value, Argument(name, class_name, key, _no_layer))
    return parsed


def _unknown(layer: str, argument: str, known: object) -> InvalidConfiguration:
    names = ", ".join(sorted(known))  # type: ignore[call-overload]
    return InvalidConfiguration(
        f"Layer {quoted(layer)} has the unknown argument {quoted(argument)}; known are: {names or 'none'}."
    )


# ---- Types ----------------------------------------------------------------------------------------------------


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise InvalidConfiguration(f"Expected an object for {what}, received {quoted(value)}; {SAVE_AGAIN}.")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_LENGTH or "/" in value:
        raise InvalidConfiguration(
            f"A layer has the name {quoted(value)}, but expected a text of 1 to {MAX_NAME_LENGTH} characters without a "
            "slash; rename the layer."
        )
    return value
