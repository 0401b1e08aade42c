"""A live Keras model written down as TensorFlow operations, as it answers and not as it learns.

Some layers have to behave differently while they are watched: loops are written out, random numbers marked, and names
chosen so that every operation says which layer it belongs to. All of that is put on the layers of this one model, never
on Keras itself, and taken away again.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from converter.errors import ConversionError, UnsupportedLayer
from converter.graph_fallback.interface import Interface, output_names
from converter.graph_fallback.lookup_tables import constant_table
from converter.graph_fallback.memory import refuse_changed_variables, refuse_stateful_layers
from converter.graph_fallback.origins import Origins, without_marks
from converter.graph_fallback.recurrence import loop_for_tfjs
from converter.graph_fallback.time_distribution import folded_into_batch


@dataclass(frozen=True)
class Trace:
    """One call of a model: the concrete function, the names of its outputs, whose the operations are, and facts."""

    function: Any
    output_names: list[str]
    origins: Origins
    recurrent_layers: int
    other_precisions: tuple[str, ...]


def trace(model: Any, interface: Interface) -> Trace:
    """Call a model once on symbolic inputs. Raises UnsupportedLayer for what cannot be watched."""
    layers = list(model._flatten_layers())  # noqa: SLF001 - Keras has no public way to reach the inner layers
    refuse_stateful_layers(layers)
    origins = Origins.of_layers(layers, model)
    returned: list[Any] = []

    def call(*tensors: Any) -> list[Any]:
        outputs = interface.ask(tensors)
        returned[:] = [outputs]
        return [tf.convert_to_tensor(output) for output in keras.tree.flatten(outputs)]

    with _watched(layers, origins):
        function = _concrete(call, interface, origins)
    refuse_changed_variables(function, origins)
    recurrent_layers = sum(isinstance(layer, keras.layers.RNN) for layer in layers)
    precisions = {str(layer.compute_dtype) for layer in layers} & {"float16", "bfloat16", "float64"}
    names = output_names(model, returned[0])  # by the layers' own names, which they have again
    return Trace(function, names, origins, recurrent_layers, tuple(sorted(precisions)))


def _concrete(call: Callable[..., Any], interface: Interface, origins: Origins) -> Any:
    specs = [
        tf.TensorSpec(given.shape, given.dtype, name=f"input_{number}") for number, given in enumerate(interface.inputs)
    ]
    try:
        with warnings.catch_warnings():  # Keras has said them before, with better names
            warnings.simplefilter("ignore")
            return tf.function(call, autograph=False).get_concrete_function(*specs)
    except ConversionError:
        raise
    except Exception as error:  # whatever a layer raises is about the model, not about us
        name, class_name = origins.names[0]
        raise UnsupportedLayer(
            name,
            class_name,
            f"cannot be called on its inputs ({_in_short(error)})",
            instead="try model(inputs) in Keras, and wrap a model with code of its own: "
            "keras.Model(inputs, model(inputs)) with inputs = keras.Input(...)",
        ) from error


def _in_short(error: Exception) -> str:
    """Say an exception in one line, without the frame that Keras puts around it."""
    text = re.sub(r"\x1b\[\d+m", "", without_marks(str(error))).partition("Arguments received by")[0]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Exception encountered when calling")]
    return f"{type(error).__name__}: {(telling or [''])[0]}"[:200].rstrip(": .")


# ---- Watched layers -------------------------------------------------------------------------------------------


@contextmanager
def _watched(layers: Sequence[Any], origins: Origins) -> Iterator[None]:
    with ExitStack() as restored:
        for layer in layers:
            for name, value in _replacements(layer, origins).items():
                restored.enter_context(_attribute(layer, name, value))
            for generator in getattr(layer, "_seed_generators", ()):
                restored.enter_context(_attribute(generator, "next", _marked_seed))
        yield


def _replacements(layer: Any, origins: Origins) -> Mapping[str, Any]:
    replaced: dict[str, Any] = {"name": origins.scope_of(layer)}
    if isinstance(layer, keras.layers.RNN):
        replaced["inner_loop"] = loop_for_tfjs(layer)
    if type(layer) is keras.layers.TimeDistributed:
        replaced["call"] = folded_into_batch(layer)
    table = constant_table(layer)
    if table is not None:
        replaced["lookup_table"] = table
    return replaced


def _marked_seed(ordered: bool = True) -> Any:
    """Stand for the next seed: not a constant, so that random numbers made from it are not taken for one either."""
    return tf.raw_ops.PlaceholderWithDefault(input=tf.constant([0, 0]), shape=[2])


_MISSING = object()


@contextmanager
def _attribute(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Set an attribute of one object past Keras' own bookkeeping of attributes, and set it back."""
    before = vars(owner).get(name, _MISSING)
    vars(owner)[name] = value
    try:
        yield
    finally:
        if before is _MISSING:
            del vars(owner)[name]
        else:
            vars(owner)[name] = before
