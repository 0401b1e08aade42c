"""A checked configuration to a live float32 Keras model: plain constructors and functions, called with checked values.

Importing this file imports Keras, which takes seconds: import it where it is needed. No configuration is handed to
Keras; where Keras itself copies a layer by its configuration (Bidirectional), that is one it wrote a moment ago.
"""

from __future__ import annotations

import functools
import inspect
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from converter.errors import ConversionError, InvalidConfiguration, UnsupportedLayer, quoted
from converter.keras_files.budget import MAX_WEIGHTS_COUNT, Budget, BudgetedZeros, budgeted, numbers_of, own_weights
from converter.keras_files.checked_model import CheckedCall, CheckedLayer, CheckedModel, TensorRef
from converter.keras_files.cost import Cost, cost_of
from converter.keras_files.older_activations import FUNCTIONS
from converter.keras_files.operations import OPERATIONS
from converter.keras_files.sharing import find_twins

_Tensors = Mapping[TensorRef, Any]
_TOLD_LENGTH = 200


def rebuild(model: CheckedModel, stored_count: int) -> Any:
    """Build the live model, its weights zero. `stored_count` is how many weights the file can hold at most.

    Raises InvalidConfiguration if parts do not fit together, if the weights are more than MAX_WEIGHTS_COUNT or
    `stored_count`, or if one answer would take more than the limits of `cost`; UnsupportedLayer for what the
    installed Keras does not know.
    """
    budget = Budget(min(MAX_WEIGHTS_COUNT, stored_count))
    with _nothing_remembered(), budgeted(budget):
        rebuilder = _Rebuilder(budget, find_twins(model))
        live = rebuilder.model(model)
        with _refusals("model", type(live).__name__):
            cost_of(live)
        rebuilder.freeze()
    return live


@contextmanager
def _nothing_remembered() -> Iterator[None]:
    """Keras draws seeds from Python's own generator, which belongs to the program around us."""
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)


@contextmanager
def _refusals(name: str, class_name: str) -> Iterator[None]:
    """Whatever Keras raises of values that do not fit together is a fault of the file, not of this program."""
    try:
        yield
    except ConversionError:
        raise
    except Exception as error:
        raise InvalidConfiguration(
            f"Layer {quoted(name)} (class {quoted(class_name)}) does not fit its inputs or arguments; {_told(error)} "
            "Change the model and save it again."
        ) from error


def _told(error: Exception) -> str:
    """The first sentence Keras says that says something, on one line, without colors."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in str(error).splitlines()]
    told = [line for line in lines if line and not line.startswith("Exception encountered")]
    reason = told[0] if told else type(error).__name__
    shown = reason if reason.isprintable() else ascii(reason)
    return f"Keras says: {shown[:_TOLD_LENGTH].rstrip('.')}."


class _Rebuilder:
    """Makes each layer once; layers that a file says are one and the same are."""

    def __init__(self, budget: Budget, twins: Mapping[int, CheckedLayer]) -> None:
        self._budget = budget
        self._twins = twins
        self._made: dict[int, Any] = {}
        self._frozen: list[Any] = []

    def model(self, model: CheckedModel) -> Any:
        """Build a Sequential or functional model."""
        self._budget.layer = model.name
        return self._sequential(model) if model.class_name == "Sequential" else self._functional(model)

    def freeze(self) -> None:
        """Set `trainable` where the file does; only now, because layers inside follow those around them."""
        for layer in self._frozen:
            layer.trainable = False

    # ---- Models ------------------------------------------------------------------------------------------------

    def _sequential(self, model: CheckedModel) -> Any:
        """Call layer by layer first, so that what does not fit is found at its layer; then chain them."""
        made, tensor = [], None
        for layer in model.layers:
            self._budget.layer = layer.name
            if layer.class_name == "InputLayer":
                with _refusals(layer.name, layer.class_name):
                    made.append(self._input_layer(layer))
                    tensor = made[0].output
            else:
                made.append(self._layer(layer))
                tensor = None if tensor is None else self._apply(layer, [tensor], {})[0]
        self._budget.layer = model.name
        with _refusals(model.name, model.class_name):
            return keras.Sequential(made, name=model.name)

    def _functional(self, model: CheckedModel) -> Any:
        made: dict[TensorRef, Any] = {}
        for number, call in model.order:
            layer = model.layers[number]
            outputs = self._call(layer, layer.calls[call], made)
            made.update({TensorRef(layer.name, call, index): tensor for index, tensor in enumerate(outputs)})
        inputs, outputs = _resolved(model.inputs, made), _resolved(model.outputs, made)
        with _refusals(model.name, model.class_name):
            return keras.Model(inputs=inputs, outputs=outputs, name=model.name)

    def _call(self, layer: CheckedLayer, call: CheckedCall, made: _Tensors) -> list[Any]:
        self._budget.layer = layer.name
        if layer.class_name == "InputLayer":
            with _refusals(layer.name, layer.class_name):
                return [self._input_layer(layer).output]
        arguments = [_resolved(value, made) for value in call.arguments]
        options = {name: _resolved(value, made) for name, value in call.options.items()}
        if layer.is_operation:
            return _outputs_of(layer, _call_operation(layer, arguments, options))
        return self._apply(layer, arguments, options)

    def _apply(self, layer: CheckedLayer, arguments: list[Any], options: dict[str, Any]) -> list[Any]:
        """Call a layer or model on symbolic tensors."""
        live = self._layer(layer)
        self._budget.layer = layer.name
        tensors = [one for one in keras.tree.flatten([arguments, options]) if hasattr(one, "shape")]
        self._reserve(layer, [tuple(tensor.shape) for tensor in tensors])
        with _refusals(layer.name, layer.class_name):
            answer = live(*arguments, **options)
            _build_activations(live, answer)
        return _outputs_of(layer, answer)

    def _reserve(self, layer: CheckedLayer, shapes: Sequence[Any]) -> None:
        if not layer.is_operation and layer.inner is None:
            wrapped = layer.arguments.get("layer")
            if isinstance(wrapped, CheckedLayer):
                is_step = layer.class_name == "TimeDistributed"
                self._reserve(wrapped, [(*shape[:1], *shape[2:]) if is_step else shape for shape in shapes])
            self._budget.reserve(own_weights(layer.class_name, layer.arguments, shapes))

    # ---- Layers ------------------------------------------------------------------------------------------------

    def _input_layer(self, layer: CheckedLayer) -> Any:
        arguments = dict(layer.arguments)
        if not arguments.get("optional"):  # unknown to the first versions of Keras 3
            arguments.pop("optional", None)
        return keras.layers.InputLayer(name=layer.name, **arguments)

    def _layer(self, layer: CheckedLayer) -> Any:
        """Make a layer, or return it if it was made already."""
        layer = self._twins.get(id(layer), layer)
        if id(layer) in self._made:
            return self._made[id(layer)]
        live = self.model(layer.inner) if layer.inner is not None else self._construct(layer)
        self._made[id(layer)] = live
        if not layer.is_trainable:
            self._frozen.append(live)
        return live

    def _construct(self, layer: CheckedLayer) -> Any:
        kind = getattr(keras.layers, layer.class_name, None)
        if kind is None:
            reason = f"is not known to Keras {keras.__version__}, which is installed"
            raise UnsupportedLayer(layer.name, layer.class_name, reason, instead="install a newer Keras")
        parameters = _parameters(kind)
        arguments = {name: self._argument(value) for name, value in layer.arguments.items()}
        arguments = {name: value for name, value in arguments.items() if _is_to_be_said(name, value, parameters)}
        if isinstance(arguments.get("output_shape"), (int, list)):  # the first versions of Keras 3 take nothing else
            arguments["output_shape"] = tuple(keras.tree.flatten(arguments["output_shape"]))
        initializers: dict[str, Any] = {name: BudgetedZeros() for name in parameters if name.endswith("_initializer")}
        if "seed" in parameters:
            initializers["seed"] = 0
        if layer.class_name != "Pipeline":
            arguments["dtype"] = arguments.get("dtype") or "float32"
        with _refusals(layer.name, layer.class_name):
            return kind(name=layer.name, **initializers, **arguments)

    def _argument(self, value: Any) -> Any:
        if isinstance(value, CheckedLayer):
            return self._layer(value)
        if isinstance(value, tuple):  # a list, as Keras gets it from JSON; not every layer takes a tuple for one
            return [self._argument(item) for item in value]
        return FUNCTIONS.get(value, value) if isinstance(value, str) else value


@functools.lru_cache
def _parameters(kind: type) -> frozenset[str]:
    """The arguments of a layer's constructor by name."""
    return frozenset(inspect.signature(kind.__init__).parameters)  # type: ignore[misc]


def _is_to_be_said(name: str, value: object, parameters: frozenset[str]) -> bool:
    """Leave out what an older Keras does not know and a newer one writes although it says nothing."""
    return name in parameters or name == "dtype" or not (value is None or value is False or value == "channels_last")


def _build_activations(layer: Any, answer: Any) -> None:
    """Give an activation that is a layer its weights: Keras would make them with the first answer only."""
    activation = getattr(layer, "activation", None)
    if isinstance(activation, keras.Layer) and not activation.built:
        activation.build(tuple(keras.tree.flatten(answer)[0].shape))


def _outputs_of(layer: CheckedLayer, answer: Any) -> list[Any]:
    """The tensors a call made; raises InvalidConfiguration if they are too large to go on with."""
    outputs = [one for one in keras.tree.flatten(answer) if one is not None]
    Cost().bear(layer.name, sum(numbers_of(one.shape) for one in outputs), 0)
    return outputs


# ---- Calls ----------------------------------------------------------------------------------------------------


def _resolved(value: Any, made: _Tensors) -> Any:
    """Put the tensors that were made in the places where the file names them."""
    if isinstance(value, TensorRef):
        if value not in made:
            raise InvalidConfiguration.of_argument(
                value.layer, "tensor", "one that it makes", f"number {value.index} of call {value.call}"
            )
        return made[value]
    if isinstance(value, Mapping):
        return {key: _resolved(item, made) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, made) for item in value]
    return value


def _call_operation(layer: CheckedLayer, arguments: list[Any], options: dict[str, Any]) -> Any:
    kind = OPERATIONS[layer.class_name]
    known = dict(layer.arguments)
    function = functools.reduce(getattr, kind.function.split("."), keras.ops)
    with _refusals(layer.name, layer.class_name):
        # Any number of tensors stands behind the text that says what to do with them.
        first = [known.pop("subscripts"), *arguments] if arguments else []
        answer = function(*first, **{**known, **options})
        if not any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(answer)):
            raise ValueError("it answers no tensor")
        _rename(answer, layer)
    return answer


def _rename(answer: Any, layer: CheckedLayer) -> None:
    """Give the function the name it has in the file: outputs are called after what makes them."""
    operation = keras.tree.flatten(answer)[0]._keras_history.operation  # noqa: SLF001 - what made the tensor
    if type(operation).__name__ == layer.class_name:
        operation.name = layer.name
