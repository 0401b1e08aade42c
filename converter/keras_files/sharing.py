"""Which entries of a configuration are one and the same layer.

Keras marks an object that it writes a second time with a number, and wants to mark the first time too, but of layers
inside models that first mark is lost (`record_object_after_serialization` marks what was copied already). So an entry
whose number is new belongs to the one earlier entry that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from converter.keras_files.checked_model import CheckedLayer, CheckedModel


def find_twins(model: CheckedModel) -> Mapping[int, CheckedLayer]:
    """The entry to use instead, by the identity of each entry that repeats an earlier one."""
    seen: list[CheckedLayer] = []
    first: dict[int, CheckedLayer] = {}
    twins: dict[int, CheckedLayer] = {}
    for layer in _all_layers(model):
        if layer.shared is not None:
            original = first.get(layer.shared) or _only_one_alike(layer, seen)
            first[layer.shared] = original or layer
            if original is not None and _is_alike(original, layer):
                twins[id(layer)] = original
        seen.append(layer)
    return twins


def _all_layers(model: CheckedModel) -> Iterator[CheckedLayer]:
    """Every layer in the order in which it is written."""
    for layer in model.layers:
        yield from _with_inner(layer)


def _with_inner(layer: CheckedLayer) -> Iterator[CheckedLayer]:
    for inner in _inner_layers(layer):
        yield from _with_inner(inner)
    if layer.inner is not None:
        yield from _all_layers(layer.inner)
    yield layer


def _inner_layers(layer: CheckedLayer) -> Iterator[CheckedLayer]:
    for value in layer.arguments.values():
        for item in value if isinstance(value, tuple) else [value]:
            if isinstance(item, CheckedLayer):
                yield item


def _only_one_alike(layer: CheckedLayer, seen: list[CheckedLayer]) -> CheckedLayer | None:
    alike = [one for one in seen if one.shared is None and _is_alike(one, layer)]
    return alike[0] if len(alike) == 1 else None


def _is_alike(one: CheckedLayer, other: CheckedLayer) -> bool:
    """Say whether two entries say the same about a layer: class, name, plain arguments, layers inside."""
    if (one.class_name, one.name) != (other.class_name, other.name) or one.arguments.keys() != other.arguments.keys():
        return False
    ours, theirs = list(_inner_layers(one)), list(_inner_layers(other))
    if one.inner is not None and other.inner is not None:
        ours, theirs = [*ours, *one.inner.layers], [*theirs, *other.inner.layers]
    is_plain_same = all(
        isinstance(value, (CheckedLayer, tuple)) or value == other.arguments[name]
        for name, value in one.arguments.items()
    )
    return is_plain_same and len(ours) == len(theirs) and all(map(_is_alike, ours, theirs))
