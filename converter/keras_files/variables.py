"""Which array of a file belongs to which variable of the rebuilt model, and putting it there.

In a .keras file arrays have no names of their own: where they lie follows from a walk through the model's attributes
(`_save_state` in keras/src/saving/saving_lib.py). That walk is made by Keras itself, over the rebuilt model, into a
store that only notes what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import h5py
import keras
import numpy as np
from keras.src.saving import saving_lib

from converter.errors import WeightMismatch, quoted
from converter.keras_files.archive import REPAIR
from converter.keras_files.hdf5 import find, read_array, read_names

_SEEDS = "seed_generator_state"


class _Notes(saving_lib.H5IOStore):  # type: ignore[misc]  # untyped; Keras takes its own stores only
    """A store that notes which variable is written where."""

    def __init__(self) -> None:
        self.places: dict[str, Any] = {}
        self._folder = ""

    def __bool__(self) -> bool:
        return True

    def make(self, path: str, metadata: object = None) -> _Notes:
        """Note where the next variables go."""
        self._folder = f"{path}/vars" if path else "vars"
        return self

    def __setitem__(self, key: str, value: Any) -> None:
        self.places[f"{self._folder}/{key}"] = value


def assign_stored(model: Any, store: h5py.File) -> None:
    """Give every variable of `model` its array from the model.weights.h5 of a .keras file.

    Raises WeightMismatch for an array that is missing or has another shape, UnreadableArchive for anything odd.
    """
    notes = _Notes()
    saving_lib._save_state(model, notes, None, inner_path="", visited_saveables=set())  # noqa: SLF001 - see above
    waiting = {id(weight): weight for weight in model.weights}
    for path, variable in notes.places.items():  # seeds are noted too, but are no weights
        if waiting.pop(id(variable), None) is not None:
            _assign(variable, store, path)
    _refuse_forgotten(waiting.values())
    _finish(model)


def _refuse_forgotten(weights: Iterable[Any]) -> None:
    """A weight that got no array would answer as if it were zero."""
    for weight in weights:
        raise WeightMismatch(
            f"The installed Keras {keras.__version__} does not say where weight {quoted(weight.path)} is stored; "
            "install another version of Keras."
        )


def _assign(variable: Any, store: h5py.Group, path: str) -> None:
    what = f"weight {quoted(variable.path)}"
    array = read_array(store, path, tuple(variable.shape), what)
    if not np.issubdtype(np.dtype(variable.dtype), np.floating) and array.dtype.kind not in "iub":
        raise WeightMismatch(f"The {what} should hold whole numbers, but the file has {array.dtype}; {REPAIR}.")
    with np.errstate(over="ignore"):
        cast = array.astype(variable.dtype)
    if not np.all(np.isfinite(cast)):
        raise WeightMismatch(f"The {what} holds numbers that are infinite or not numbers; train the model again.")
    variable.assign(cast)


def _finish(model: Any) -> None:
    """Let layers that prepare something from their weights do so."""
    for layer in model._flatten_layers(include_self=False, recursive=True):  # noqa: SLF001 - all layers, however deep
        if isinstance(layer, keras.layers.Normalization) and layer.built:
            layer.finalize_state()


# ---- Older .h5 files ------------------------------------------------------------------------------------------


def assign_legacy(model: Any, weights: h5py.Group) -> None:
    """Give every variable its array from `model_weights` of an .h5 file.

    Each layer has a group of its name; its variables follow in the order trainable, then not trainable, those of
    models inside flattened (`_legacy_weights` in keras/src/legacy/saving/legacy_h5_format.py).
    """
    waiting = {id(weight): weight for weight in model.weights}
    for layer in model.layers:
        variables = [one for one in [*layer.trainable_weights, *layer.non_trainable_weights] if one.name != _SEEDS]
        if variables:
            _assign_layer(layer, variables, weights)
        for variable in [*layer.trainable_weights, *layer.non_trainable_weights]:
            waiting.pop(id(variable), None)
    _refuse_forgotten(waiting.values())
    _finish(model)


def _assign_layer(layer: Any, variables: Sequence[Any], weights: h5py.Group) -> None:
    group = find(weights, layer.name, f"group of weights of layer {quoted(layer.name)}")
    names = read_names(group, "weight_names")
    if len(names) != len(variables):
        raise WeightMismatch(
            f"Layer {quoted(layer.name)} should have {len(variables)} weights by the configuration, but the file has "
            f"{len(names)}; {REPAIR}."
        )
    for variable, name in _paired(variables, names):
        _assign(variable, group, name)


def _paired(variables: Sequence[Any], names: Sequence[str]) -> Iterator[tuple[Any, str]]:
    """Pair variables with stored names, in their order, or by their names where these are the same in another order."""
    for length in (1, 2, 3):
        ours = [_tail(variable.path, length) for variable in variables]
        theirs = [_tail(name, length) for name in names]
        if ours == theirs or sorted(ours) != sorted(theirs):
            break
        if len(set(ours)) == len(ours):
            places = dict(zip(theirs, names, strict=True))
            names = [places[one] for one in ours]
            break
    yield from zip(variables, names, strict=True)


def _tail(path: str, length: int) -> str:
    return "/".join(path.partition(":")[0].split("/")[-length:])
