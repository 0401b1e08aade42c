"""Rules of recurrent layers. Activations are always written out: TF.js' own default is Keras 2's hard sigmoid."""

from __future__ import annotations

from typing import Any

from converter.layer_rules.activations import refuse_inner_activation
from converter.layer_rules.rule import Answer, Emit, NotExpressible, Place, Source, Weights, layer_rule, no_rule
from converter.model_graph import Call, Operation, tensors_in

no_rule(
    "is recurrent over sequences or volumes, which TensorFlow.js layers know for pictures only",
    "ConvLSTM1D",
    "ConvLSTM3D",
)

_CELL = ("units", "activation", "recurrent_activation", "use_bias", "dropout", "recurrent_dropout")
_SEQUENCE = ("return_sequences", "return_state", "go_backwards", "stateful", "zero_output_for_mask")
_GRU_INSTEAD = "make it with reset_after=False and train it again"


# ---- Cells ----------------------------------------------------------------------------------------------------


def cell_config(operation: Operation) -> dict[str, object]:
    """What SimpleRNN, LSTM, GRU and their cells have in common."""
    config = operation.config
    if any(name in operation.inner for name in ("activation", "recurrent_activation")):
        raise NotExpressible("has a layer as its activation, inside a cell")
    written: dict[str, object] = {
        "units": config["units"],
        "activation": refuse_inner_activation(config["activation"], "activation"),
        "use_bias": config["use_bias"],
    }
    if "recurrent_activation" in config:
        name = refuse_inner_activation(config["recurrent_activation"], "recurrent_activation")
        written["recurrent_activation"] = name
    if config["activation"] in (None, "linear") and operation.class_name.startswith("SimpleRNN"):
        written["activation"] = "linear"
    if operation.class_name.startswith("LSTM"):
        written["unit_forget_bias"] = False  # it is in the stored bias already
    if operation.class_name.startswith("GRU"):
        _refuse_reset_after(operation)
        written["reset_after"] = False
    return written


def _refuse_reset_after(operation: Operation) -> None:
    if operation.config.get("reset_after", True):
        raise NotExpressible("has reset_after=True, which TensorFlow.js layers do not know", _GRU_INSTEAD)


def _sequence_config(operation: Operation) -> dict[str, object]:
    config = operation.config
    return {name: bool(config.get(name)) for name in ("return_sequences", "return_state", "go_backwards", "stateful")}


def recurrent_config(operation: Operation) -> dict[str, object]:
    """The configuration of a whole recurrent layer."""
    if operation.class_name == "RNN":
        return {**_sequence_config(operation), "cell": _cell_of(operation)}
    return {**_sequence_config(operation), **cell_config(operation)}


@layer_rule(
    "SimpleRNN", "LSTM", "GRU", reads=[*_CELL, *_SEQUENCE, "unit_forget_bias", "reset_after"], takes=["initial_state"]
)
def recurrent(call: Call, emit: Emit) -> Answer:
    """The same; states to begin with are further inputs."""
    sources = _sources(call)
    weights = recurrent_weights(call.operation)
    place = emit(call.operation.class_name, *sources, weights=weights, **recurrent_config(call.operation))
    return outputs_of(place, call)


def recurrent_weights(operation: Operation) -> Weights:
    """The weights of a recurrent layer or a cell by the names TF.js gives them, without the layer's own."""
    names = ("kernel", "recurrent_kernel", "bias")
    return {name: operation.weights[name] for name in names if name in operation.weights}


def _sources(call: Call) -> list[Source]:
    states = [*tensors_in(call.extras.get("initial_state"))]
    return [call.input, *states]


def outputs_of(place: Place, call: Call) -> Answer:
    """One source for each tensor that the call made."""
    return tuple(Place(place.layer, place.call, index) for index in range(len(call.outputs)))


# ---- Layers made of cells -------------------------------------------------------------------------------------

_CELL_CLASSES = ("GRUCell", "LSTMCell", "SimpleRNNCell")


@layer_rule("RNN", reads=["cell", *_SEQUENCE], takes=["initial_state"])
def rnn(call: Call, emit: Emit) -> Answer:
    """The same, for cells that TF.js has."""
    cells = _cells(call.operation)
    if len(cells) > 1 and (call.config.get("return_state") or call.extras.get("initial_state") is not None):
        raise NotExpressible("returns or takes the states of stacked cells, which TensorFlow.js orders otherwise")
    weights = _weights_of_cells(cells)
    place = emit("RNN", *_sources(call), weights=weights, **recurrent_config(call.operation))
    return outputs_of(place, call)


def _cells(operation: Operation) -> list[Operation]:
    cell = operation.inner.get("cell")
    if cell is not None and cell.class_name == "StackedRNNCells":
        return [inner for name, inner in cell.inner.items() if name.startswith("cells")]
    return [cell] if cell is not None else []


def _weights_of_cells(cells: list[Operation]) -> Weights:
    if len(cells) == 1:
        return recurrent_weights(cells[0])
    return {
        f"RNNCell_{number}/{name}": array
        for number, cell in enumerate(cells)
        for name, array in recurrent_weights(cell).items()
    }


def _cell_of(operation: Operation) -> dict[str, object]:
    cells = [_written_cell(cell) for cell in _cells(operation)]
    if not cells:
        raise NotExpressible("has a cell of its own")
    return cells[0] if len(cells) == 1 else {"class_name": "StackedRNNCells", "config": {"cells": cells}}


def _written_cell(cell: Operation) -> dict[str, object]:
    if cell.class_name not in _CELL_CLASSES:
        raise NotExpressible(f"has a cell of class {cell.class_name}, which TensorFlow.js layers do not know")
    return {"class_name": cell.class_name, "config": {"name": cell.name, **cell_config(cell)}}


# ---- Pictures over time ---------------------------------------------------------------------------------------


@layer_rule(
    "ConvLSTM2D",
    reads=[
        *("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "unit_forget_bias"),
        *(name for name in (*_CELL, *_SEQUENCE) if name != "units"),
    ],
)
def conv_lstm_2d(call: Call, emit: Emit) -> Answer:
    """The same, channels last."""
    config = call.config
    if config.get("data_format") == "channels_first":
        raise NotExpressible("has data_format=channels_first")
    if config.get("go_backwards"):
        raise NotExpressible("goes backwards, which TensorFlow.js layers do not do with pictures on a graphics card")
    written: dict[str, Any] = {
        **_sequence_config(call.operation),
        "filters": config["filters"],
        "kernel_size": list(config["kernel_size"]),
        "strides": list(config["strides"]),
        "padding": config["padding"],
        "data_format": "channels_last",
        "dilation_rate": list(config["dilation_rate"]),
        "activation": refuse_inner_activation(config["activation"], "activation"),
        "recurrent_activation": refuse_inner_activation(config["recurrent_activation"], "recurrent_activation"),
        "use_bias": config["use_bias"],
        "unit_forget_bias": False,
    }
    place = emit("ConvLSTM2D", *_sources(call), weights=recurrent_weights(call.operation), **written)
    return outputs_of(place, call)
