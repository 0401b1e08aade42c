"""In which order the calls of a functional model can be made, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from converter.errors import InvalidConfiguration, quoted
from converter.keras_files.checked_model import CheckedLayer, CheckedModel, TensorRef, refs_in

MAX_CALLS = 10_000

_Key = tuple[int, int]


def call_order(model: CheckedModel) -> tuple[_Key, ...]:
    """Order the calls of a model so that each comes after those whose tensors it takes, as listed where possible.

    Raises InvalidConfiguration for a tensor that nothing makes, for loops, and for calls that no output needs.
    """
    places = {layer.name: number for number, layer in enumerate(model.layers)}
    takes = {
        (number, call): [_key(ref, model, places) for ref in arguments.refs()]
        for number, layer in enumerate(model.layers)
        for call, arguments in enumerate(layer.calls)
    }
    _refuse_other_inputs(model, places)
    needed = _needed(model, places, takes)
    order = _sorted(takes, model)
    _refuse_loose_ends(model, needed, order)
    return order


def _key(ref: TensorRef, model: CheckedModel, places: Mapping[str, int]) -> _Key:
    number = places.get(ref.layer)
    if number is None or not 0 <= ref.call < len(model.layers[number].calls):
        raise InvalidConfiguration.of_argument(
            model.name, "tensor", "one that a layer makes", f"{ref.layer}, call {ref.call}"
        )
    return number, ref.call


def _refuse_other_inputs(model: CheckedModel, places: Mapping[str, int]) -> None:
    inputs = list(refs_in(model.inputs))
    listed = {layer.name for layer in model.layers if layer.class_name == "InputLayer"}
    for ref in inputs:
        if ref.layer not in places or ref.layer not in listed or (ref.call, ref.index) != (0, 0):
            raise InvalidConfiguration.of_argument(model.name, "input_layers", "input layers", ref.layer)
    loose = listed - {ref.layer for ref in inputs}
    if loose or len(inputs) != len(listed):
        raise InvalidConfiguration.of_argument(
            model.name, "input_layers", "all input layers, each once", sorted(loose) or "one of them twice"
        )


def _needed(model: CheckedModel, places: Mapping[str, int], takes: Mapping[_Key, list[_Key]]) -> set[_Key]:
    waiting = [_key(ref, model, places) for ref in refs_in(model.outputs)]
    if not waiting:
        raise InvalidConfiguration.of_argument(model.name, "output_layers", "at least one tensor", "none")
    needed: set[_Key] = set()
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed.add(key)
            waiting.extend(takes[key])
    return needed


def _sorted(takes: Mapping[_Key, list[_Key]], model: CheckedModel) -> tuple[_Key, ...]:
    missing = {key: set(sources) for key, sources in takes.items()}
    takers: dict[_Key, list[_Key]] = {key: [] for key in takes}
    for key, sources in missing.items():
        for source in sources:
            takers[source].append(key)
    ready = [key for key in takes if not missing[key]]
    order: list[_Key] = []
    for key in ready:  # grows while it is walked
        order.append(key)
        for taker in takers[key]:
            missing[taker].discard(key)
            if not missing[taker]:
                ready.append(taker)
    if len(order) < len(takes):
        stuck = next(key for key in takes if missing[key])
        name = model.layers[stuck[0]].name
        raise InvalidConfiguration(f"The calls of layer {quoted(name)} go in a circle; no such model can answer.")
    return tuple(order)


def _refuse_loose_ends(model: CheckedModel, needed: set[_Key], order: tuple[_Key, ...]) -> None:
    for number, call in order:
        layer = model.layers[number]
        if (number, call) not in needed and layer.class_name != "InputLayer":
            raise InvalidConfiguration(
                f"Layer {quoted(layer.name)} is not connected to the model: no output needs it; leave it out."
            )


# ---- Counting -------------------------------------------------------------------------------------------------


def refuse_too_many_calls(model: CheckedModel) -> None:
    """Raise InvalidConfiguration if an answer takes more calls than MAX_CALLS; models call models call models."""
    if _count(model) > MAX_CALLS:
        raise InvalidConfiguration(f"The model makes more than {MAX_CALLS} calls of layers, too many to convert.")


def _count(model: CheckedModel) -> int:
    total = 0
    for layer in model.layers:
        once = 1 + sum(_count(inner) for inner in _models_in(layer))
        total += max(1, len(layer.calls)) * once
        if total > MAX_CALLS:
            break
    return total


def _models_in(layer: CheckedLayer) -> Iterator[CheckedModel]:
    if layer.inner is not None:
        yield layer.inner
    for value in layer.arguments.values():
        for item in value if isinstance(value, tuple) else [value]:
            if isinstance(item, CheckedLayer):
                yield from _models_in(item)
