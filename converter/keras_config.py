"""The configuration Keras writes about a model, untrusted, to a checked ModelConfig.

Only what stands in the rules passes: class names, arguments, plain calls. Nothing in the configuration is imported,
looked up or called. The format is that of Keras 3 (`keras.Model.get_config`, `config.json` of a .keras file).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from converter.arguments import Argument, parse_batch_shape
from converter.errors import InvalidConfiguration, ModelNotBuilt, UnsupportedLayer, quoted
from converter.layer_rules import SUPPORTED, check_arguments
from converter.model_config import LayerConfig, ModelConfig, TensorRef

MAX_DEPTH = 16
MAX_LAYERS = 5_000

_REPAIR = "save the model again with Keras 3"


def parse_model(raw_config: object, depth: int = 0) -> ModelConfig:
    """Check the configuration of a Sequential or functional model, nested models included.

    Raises UnsupportedLayer, InvalidConfiguration or ModelNotBuilt.
    """
    entry = _mapping(raw_config, "the model")
    class_name = _own_class(entry, "the model")
    config = _mapping(entry.get("config"), "the config of the model")
    if depth > MAX_DEPTH:
        raise InvalidConfiguration(f"Models are nested deeper than {MAX_DEPTH}; flatten the model.")
    name = _text(config.get("name", "model"), "the name of the model")
    if class_name == "Sequential":
        return _parse_sequential(name, config, depth)
    if class_name == "Functional":
        return _parse_functional(name, config, depth)
    raise UnsupportedLayer(name, class_name, "is not a model that can be converted", SUPPORTED)


def _parse_sequential(name: str, config: Mapping[str, object], depth: int) -> ModelConfig:
    entries = _layer_entries(config)
    layers = [_parse_layer(entry, depth) for entry in entries]
    if not layers or layers[0].class_name != "InputLayer":
        layers.insert(0, _implied_input(name, config, {layer.name for layer in layers}))
    chain = [layers[0]]
    for layer in layers[1:]:
        before = (TensorRef(chain[-1].name, 0, 0),)
        chain.append(LayerConfig(layer.name, layer.class_name, layer.arguments, (before,), layer.inner))
    _refuse_repeated_names(chain)
    first, last = TensorRef(chain[0].name, 0, 0), TensorRef(chain[-1].name, 0, 0)
    return ModelConfig(name, "Sequential", tuple(chain), (first,), (last,))


def _implied_input(name: str, config: Mapping[str, object], taken: set[str]) -> LayerConfig:
    """The input of a Sequential model that was built by its first data instead of by an InputLayer."""
    shape = config.get("build_input_shape")
    if shape is None:
        raise ModelNotBuilt(
            f"Model {quoted(name)} does not know its input shape yet; start it with keras.Input(shape=...) "
            "or call it once on data before converting it."
        )
    argument = Argument(name, "Sequential", "build_input_shape")
    arguments = {"batch_shape": parse_batch_shape(shape, argument)}
    input_name = "input"
    while input_name in taken:
        input_name += "_"
    return LayerConfig(input_name, "InputLayer", arguments)


def _parse_functional(name: str, config: Mapping[str, object], depth: int) -> ModelConfig:
    layers = []
    for entry in _layer_entries(config):
        layer = _parse_layer(entry, depth)
        calls = tuple(_parse_call(layer, node) for node in _sequence(entry.get("inbound_nodes", []), layer.name))
        layers.append(LayerConfig(layer.name, layer.class_name, layer.arguments, calls, layer.inner))
    _refuse_repeated_names(layers)
    inputs = tuple(_flat_refs(config.get("input_layers"), name))
    outputs = tuple(_as_called(ref, layers) for ref in _flat_refs(config.get("output_layers"), name))
    model = ModelConfig(name, "Functional", tuple(layers), inputs, outputs)
    _refuse_loose_ends(model)
    return model


def _as_called(ref: TensorRef, layers: Sequence[LayerConfig]) -> TensorRef:
    """Undo that Keras counts calls of a functional layer from 1 in output_layers, but from 0 in inbound_nodes."""
    is_functional = any(layer.name == ref.layer and layer.class_name == "Functional" for layer in layers)
    return replace(ref, call=ref.call - 1) if is_functional else ref


def _parse_layer(entry: Mapping[str, object], depth: int) -> LayerConfig:
    config = _mapping(entry.get("config"), "the config of a layer")
    name = _text(entry.get("name", config.get("name")), "the name of a layer")
    class_name = _own_class(entry, name)
    if class_name in ("Sequential", "Functional"):
        return LayerConfig(name, class_name, inner=parse_model(entry, depth + 1))
    return LayerConfig(name, class_name, check_arguments(name, class_name, config))


def _own_class(entry: Mapping[str, object], layer: str) -> str:
    """The class name of an entry, if it is one of Keras' own and not a custom class of the same name."""
    class_name = _text(entry.get("class_name"), f"the class of {layer}")
    module = entry.get("module") or "keras"
    registered = entry.get("registered_name")
    is_own = isinstance(module, str) and module.partition(".")[0] == "keras"
    if not is_own or registered not in (None, class_name):
        shown = registered if isinstance(registered, str) else class_name
        raise UnsupportedLayer(layer, shown, "is a custom class, which cannot be converted", SUPPORTED)
    return class_name


def _parse_call(layer: LayerConfig, node: object) -> tuple[TensorRef, ...]:
    """One entry of inbound_nodes: the tensors the call takes; refuses options that change the answer."""
    call = _mapping(node, f"a call of layer {layer.name}")
    for option, value in _mapping(call.get("kwargs", {}), "the options of a call").items():
        if not _is_nothing(value) and not (option == "training" and value is False):
            reason = f"is called with {quoted(option)}={quoted(value)}, which cannot be converted"
            raise UnsupportedLayer(layer.name, layer.class_name, reason, SUPPORTED)
    tensors = tuple(_tensors(call.get("args"), layer.name))
    if layer.inner is None and len(tensors) != 1:
        raise InvalidConfiguration.of_argument(layer.name, "args", "one tensor", call.get("args"))
    return tensors


def _is_nothing(value: object) -> bool:
    """None, or a list of nothing: a model with several inputs is called with a mask of as many None."""
    return value is None or (isinstance(value, (list, tuple)) and all(map(_is_nothing, value)))


def _tensors(value: object, layer: str) -> Iterator[TensorRef]:
    """Tensors inside the arguments of a call, in Keras' order: lists as they are, dictionaries by sorted key."""
    if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        history = _mapping(value.get("config"), layer).get("keras_history")
        yield _parse_ref(history, layer)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from _tensors(value[key], layer)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item, layer)
    else:
        raise InvalidConfiguration.of_argument(layer, "args", "tensors only", value)


def _flat_refs(value: object, model: str) -> Iterator[TensorRef]:
    """References in input_layers or output_layers: one, a list, or a dictionary (by sorted key)."""
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _flat_refs(value[key], model)
    elif isinstance(value, (list, tuple)) and value and not isinstance(value[0], str):
        for item in value:
            yield from _flat_refs(item, model)
    else:
        yield _parse_ref(value, model)


def _parse_ref(value: object, where: str) -> TensorRef:
    if isinstance(value, (list, tuple)) and len(value) == 3:
        layer, call, index = value
        if isinstance(layer, str) and type(call) is int and type(index) is int and min(call, index) >= 0:
            return TensorRef(layer, call, index)
    expected = "[layer name, call number, tensor number]"
    raise InvalidConfiguration.of_argument(where, "tensor", expected, value)


def _refuse_repeated_names(layers: Sequence[LayerConfig]) -> None:
    seen: set[str] = set()
    for layer in layers:
        if layer.name in seen:
            raise InvalidConfiguration(f"Two layers are called {quoted(layer.name)}; give each its own name.")
        seen.add(layer.name)


def _refuse_loose_ends(model: ModelConfig) -> None:
    """Every input has to be an input layer, every output a tensor that some call makes."""
    layers = {layer.name: layer for layer in model.layers}
    for ref in model.inputs:
        layer = layers.get(ref.layer)
        if layer is None or layer.class_name != "InputLayer" or (ref.call, ref.index) != (0, 0):
            raise InvalidConfiguration.of_argument(model.name, "input_layers", "input layers", ref.layer)
    for ref in model.outputs:
        layer = layers.get(ref.layer)
        made = 0 if layer is None else max(len(layer.calls), layer.class_name == "InputLayer")
        if not 0 <= ref.call < made:
            raise InvalidConfiguration.of_argument(model.name, "output_layers", "calls of layers", ref.layer)


def _layer_entries(config: Mapping[str, object]) -> list[Mapping[str, object]]:
    entries = _sequence(config.get("layers"), "the model")
    if len(entries) > MAX_LAYERS:
        raise InvalidConfiguration(f"The model has {len(entries)} layers, but at most {MAX_LAYERS} can be converted.")
    return [_mapping(entry, "a layer") for entry in entries]


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise InvalidConfiguration(f"Expected an object for {quoted(what)}, received {quoted(value)}; {_REPAIR}.")
    return value


def _sequence(value: object, what: str) -> Sequence[object]:
    if not isinstance(value, (list, tuple)):
        raise InvalidConfiguration(f"Expected a list in {quoted(what)}, received {quoted(value)}; {_REPAIR}.")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidConfiguration(f"Expected a text for {quoted(what)}, received {quoted(value)}; {_REPAIR}.")
    return value
